"""My week, my month, a day of it, and why it is marked: one message, turned page by page.

Buttons: `week:2026-03-02`, `month:2026-03-01`, `day:2026-03-03:m` and `why:2026-03-03:m`, where the last letter says
whether the day was opened from a week or a month; `dark:week:2026-03-02` and `light:…` choose the picture's colours.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import structlog
from telegram.constants import ChatAction
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.chat import summary_keyboards, summary_texts
from bot.chat.album import Album
from bot.chat.visit import Reception, Visit
from bot.chat.waiting import showing
from bot.chat.wanted import ask_to_log_in
from bot.papers.figures import build_figures
from bot.papers.press import NoPaper, Press
from bot.services.linking import Linking
from bot.services.summaries import OLDEST, Summaries
from bot.services.timecards import Reach
from bot.services.workdays import Overview, month_of
from bot.store.links import Link

log = structlog.get_logger(__name__)

_DATE = r"\d{4}-\d\d-\d\d"
_WEEK, _MONTH = "bot.papers.week:draw_week", "bot.papers.month:draw_month"


class SummariesChat:
    def __init__(self, reception: Reception, summaries: Summaries, linking: Linking, press: Press) -> None:
        self._reception = reception
        self._summaries = summaries
        self._linking = linking
        self._press = press
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
            CallbackQueryHandler(receives(self.on_colours), rf"^(dark|light):(week|month):{_DATE}$"),
            CallbackQueryHandler(receives(self.on_blank), "^blank$"),
        ]

    async def on_week(self, visit: Visit) -> None:
        await self._show_week(visit, visit.argument)

    async def on_month(self, visit: Visit) -> None:
        await self._show_month(visit, visit.argument)

    async def on_colours(self, visit: Visit) -> None:
        query = visit.update.callback_query
        dark = query is not None and (query.data or "").startswith("dark:")
        await self._linking.choose_pictures(visit.person.telegram_id, dark=dark)
        page, _, said = visit.argument.partition(":")
        show = self._show_week if page == "week" else self._show_month
        await show(replace(visit, person=replace(visit.person, dark=dark)), said)

    async def on_day(self, visit: Visit) -> None:
        link = await _find_link(visit)
        if link is None:
            return
        said, _, within = visit.argument.rpartition(":")
        detail = await self._summaries.load_day(link, self._wanted(link, said))
        if isinstance(detail, Reach):
            await _say_why_not(visit, detail)
            return
        today = self._summaries.today(link)
        buttons = summary_keyboards.build_day(visit.t, detail.day, today, within)
        await self._album.write(visit, summary_texts.describe_day(visit.t, detail, visit.zone, today), buttons)

    async def on_why(self, visit: Visit) -> None:
        link = await _find_link(visit)
        if link is None:
            return
        said, _, within = visit.argument.rpartition(":")
        why = await self._summaries.explain(link, self._wanted(link, said))
        if isinstance(why, Reach):
            await _say_why_not(visit, why)
            return
        buttons = summary_keyboards.build_why(visit.t, why.detail.day, within)
        await self._album.write(visit, summary_texts.explain(visit.t, why, self._summaries.today(link)), buttons)

    async def on_blank(self, visit: Visit) -> None:
        """A square of the calendar without a day to show."""

    async def _show_week(self, visit: Visit, said: str) -> None:
        link = await _find_link(visit)
        if link is None:
            return
        week = await self._summaries.load_week(link, self._wanted(link, said), visit.t.first_weekday)
        if isinstance(week, Reach):
            await _say_why_not(visit, week)
            return
        buttons = summary_keyboards.build_week(visit.t, week, dark=visit.person.dark)
        picture = await self._draw(visit, _WEEK, week)
        await self._album.turn(visit, summary_texts.describe_week(visit.t, week), buttons, picture)

    async def _show_month(self, visit: Visit, said: str) -> None:
        link = await _find_link(visit)
        if link is None:
            return
        month = await self._summaries.load_month(link, self._wanted(link, said))
        if isinstance(month, Reach):
            await _say_why_not(visit, month)
            return
        buttons = summary_keyboards.build_month(visit.t, month, dark=visit.person.dark)
        picture = await self._draw(visit, _MONTH, month)
        await self._album.turn(visit, summary_texts.describe_month(visit.t, month), buttons, picture)

    async def _draw(self, visit: Visit, builder: str, overview: Overview) -> bytes | None:
        """None: the numbers go without."""
        figures = build_figures(overview, visit.t.language, dark=visit.person.dark)
        try:
            async with showing(visit, ChatAction.UPLOAD_PHOTO):
                return await self._press.make(builder, figures)
        except NoPaper as problem:
            log.warning("no picture", reason=str(problem))
            return None

    def _wanted(self, link: Link, said: str) -> date:
        """The day a button names, today without one; what lies ahead or too far back becomes the nearest there is."""
        today = self._summaries.today(link)
        try:
            wanted = date.fromisoformat(said)
        except ValueError:
            return today
        return max(month_of(today - OLDEST)[0], min(wanted, today))


async def _find_link(visit: Visit) -> Link | None:
    if visit.link is None:
        await ask_to_log_in(visit)
    return visit.link


async def _say_why_not(visit: Visit, reach: Reach) -> None:
    said = summary_texts.describe_no_answer(visit.t, reach)
    if reach is Reach.SESSION_OVER:
        await ask_to_log_in(visit, said)
    else:
        await visit.say(said)
