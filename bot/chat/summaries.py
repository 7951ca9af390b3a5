"""My week, my month, a day of it, and why it is marked: one message, turned page by page.

Buttons: `week:2026-03-02`, `month:2026-03-01`, `day:2026-03-03:m` and `why:2026-03-03:m`, where the last letter says
whether the day was opened from a week or a month.
"""

from datetime import date
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import keyboards, summary_keyboards, summary_texts
from bot.chat.album import Album
from bot.chat.visit import Reception, Visit
from bot.services.summaries import OLDEST, Summaries
from bot.services.timecards import Reach
from bot.services.workdays import month_of

_DATE = r"\d{4}-\d\d-\d\d"


class SummariesChat:
    def __init__(self, reception: Reception, summaries: Summaries) -> None:
        self._reception = reception
        self._summaries = summaries
        self._album = Album()

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("week", receives(self.on_week), new),
            CommandHandler("month", receives(self.on_month), new),
            CallbackQueryHandler(receives(self.on_week), rf"^week(:{_DATE})?$"),
            CallbackQueryHandler(receives(self.on_month), rf"^month(:{_DATE})?$"),
            CallbackQueryHandler(receives(self.on_day), rf"^day:{_DATE}:[wm]$"),
            CallbackQueryHandler(receives(self.on_why), rf"^why:{_DATE}:[wm]$"),
            CallbackQueryHandler(receives(self.on_blank), "^blank$"),
        ]

    async def on_week(self, visit: Visit) -> None:
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        overview = await self._summaries.load_week(visit.link, self._wanted(visit, visit.argument))
        if isinstance(overview, Reach):
            await self._say_why_not(visit, overview)
            return
        text = summary_texts.describe_week(visit.t, overview)
        await self._album.turn(visit, text, summary_keyboards.build_week(visit.t, overview))

    async def on_month(self, visit: Visit) -> None:
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        overview = await self._summaries.load_month(visit.link, self._wanted(visit, visit.argument))
        if isinstance(overview, Reach):
            await self._say_why_not(visit, overview)
            return
        text = summary_texts.describe_month(visit.t, overview)
        await self._album.turn(visit, text, summary_keyboards.build_month(visit.t, overview))

    async def on_day(self, visit: Visit) -> None:
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        said, _, within = visit.argument.rpartition(":")
        day = self._wanted(visit, said)
        detail = await self._summaries.load_day(visit.link, day)
        if isinstance(detail, Reach):
            await self._say_why_not(visit, detail)
            return
        buttons = summary_keyboards.build_day(visit.t, detail.day, self._summaries.today(visit.link), within)
        await self._album.turn(visit, summary_texts.describe_day(visit.t, detail, visit.zone), buttons)

    async def on_why(self, visit: Visit) -> None:
        if visit.link is None:
            await _ask_to_log_in(visit)
            return
        said, _, within = visit.argument.rpartition(":")
        why = await self._summaries.explain(visit.link, self._wanted(visit, said))
        if isinstance(why, Reach):
            await self._say_why_not(visit, why)
            return
        buttons = summary_keyboards.build_why(visit.t, why.detail.day, within)
        await self._album.turn(visit, summary_texts.explain(visit.t, why), buttons)

    async def on_blank(self, visit: Visit) -> None:
        """A square of the calendar without a day to show."""

    def _wanted(self, visit: Visit, said: str) -> date:
        """The day a button names, today without one; what lies ahead or too far back becomes the nearest there is."""
        assert visit.link is not None
        today = self._summaries.today(visit.link)
        try:
            wanted = date.fromisoformat(said)
        except ValueError:
            return today
        return max(month_of(today - OLDEST)[0], min(wanted, today))

    async def _say_why_not(self, visit: Visit, reach: Reach) -> None:
        over = reach is Reach.SESSION_OVER
        await visit.say(
            summary_texts.describe_no_answer(visit.t, reach), keyboards.build_start(visit.t) if over else None
        )


async def _ask_to_log_in(visit: Visit) -> None:
    await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
