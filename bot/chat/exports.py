"""Time cards as a file: which days, which kind of file, and then it comes.

Buttons: `export`, `export:20260301-20260331`, `export-xlsx:…` and `export-pdf:…` with the same. Days may be typed, too.
"""

from datetime import date
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.chat import export_keyboards, keyboards, summary_texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards
from bot.chat.errands import Doing, Errands
from bot.chat.export_keyboards import MINE, TEAMS
from bot.chat.periods import FORM, Period, describe_too_old, is_slip, read_named, read_period
from bot.chat.phrases import read_wish
from bot.chat.visit import Reception, Visit
from bot.chat.waiting import showing
from bot.chat.wanted import ask_to_log_in, note_wanted
from bot.papers.ledger import Ledger, build_entries
from bot.papers.press import NoPaper, Press
from bot.services.sessions import SessionOver
from bot.services.summaries import Summaries
from bot.services.timecards import Reach
from bot.services.workdays import count_months
from bot.store.conversations import Conversation
from bot.store.links import Link

log = structlog.get_logger(__name__)

_BUILDERS = {"xlsx": "bot.papers.sheet:write_sheet", "pdf": "bot.papers.pdf:write_pdf"}


class ExportsChat:
    def __init__(
        self,
        reception: Reception,
        summaries: Summaries,
        press: Press,
        conversations: Conversations,
        errands: Errands,
    ) -> None:
        self._reception = reception
        self._summaries = summaries
        self._press = press
        self._conversations = conversations
        self._cards = Cards(conversations)
        self._errands = errands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("export", receives(self.on_begin), new),
            CallbackQueryHandler(receives(self.on_begin), "^export$"),
            CallbackQueryHandler(receives(self.on_period), f"^export:{FORM}$"),
            CallbackQueryHandler(receives(self.on_file), f"^export-(?:xlsx|pdf):{FORM}$"),
            CallbackQueryHandler(receives(self.on_cancel), "^export-cancel$"),
        ]

    async def on_begin(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        today = self._summaries.today(visit.link)
        buttons = export_keyboards.build_periods(visit.t, today)
        await self._cards.show(visit, MINE, {}, _ask_days(visit, today), buttons)

    async def on_period(self, visit: Visit) -> None:
        if visit.link is None:
            await ask_to_log_in(visit)
            return
        try:
            period = Period.read(visit.argument)
        except ValueError:
            await self.on_begin(visit)
            return
        await self._ask_kind(visit, visit.link, period)

    async def on_cancel(self, visit: Visit) -> None:
        """Of a team's export, too: nothing is asked for any more."""
        asked = await self._conversations.find(visit.chat_id)
        if asked is not None and asked.dialog in (MINE, TEAMS):
            await self._conversations.end(visit.chat_id)
        await visit.show(visit.t("Cancelled. Nothing was sent."))

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Days, or the kind of file; other figures are a slip. A wish is not meant for us, nor are other words before
        the days are known."""
        link, typed = visit.link, visit.text
        if conversation.dialog != MINE or link is None or read_wish(typed, visit.t.language) is not None:
            return False
        today, chosen = self._summaries.today(link), conversation.data.get("period", "")
        kind = export_keyboards.read_kind(typed) if chosen else None
        period = read_named(typed, today) or read_period(typed, today)
        if kind is not None:
            await self._begin(visit, link, Period.read(chosen), kind)
        elif period is not None:
            await self._ask_kind(visit, link, period)
        elif is_slip(typed):
            said = "\n".join([visit.t("I cannot read that as a day."), _ask_days(visit, today)])
            await self._cards.show(visit, MINE, {}, said, export_keyboards.build_periods(visit.t, today))
        elif chosen:
            said = visit.t("As which file? Please type “pdf” or “excel”, other days, or tap a button.")
            await visit.say(said, export_keyboards.build_kinds(visit.t, Period.read(chosen)))
        else:
            return False
        return True

    async def on_file(self, visit: Visit) -> None:
        link, query = visit.link, visit.update.callback_query
        if link is None:
            await ask_to_log_in(visit)
            return
        assert query is not None
        try:
            period = Period.read(visit.argument).until(self._summaries.today(link))
        except ValueError:
            await self.on_begin(visit)
            return
        if period.is_too_old or period.is_too_long or period.last < period.first:
            return
        await self._begin(visit, link, period, "pdf" if str(query.data).startswith("export-pdf") else "xlsx")

    async def _ask_kind(self, visit: Visit, link: Link, period: Period) -> None:
        t, wanted = visit.t, period.until(self._summaries.today(link))
        again = export_keyboards.build_periods(t, self._summaries.today(link))
        if wanted.last < wanted.first:
            await visit.show(t("These days are still to come. Which days?"), again)
        elif wanted.is_too_old:
            await visit.show(describe_too_old(t), again)
        elif wanted.is_too_long:
            await visit.show(t("That is more than a year: please choose fewer days."), again)
        else:
            # The kind of file may be typed, and so may other days.
            await self._cards.show(visit, MINE, {"period": str(wanted)}, *_ask_file(visit, wanted))

    async def _end_asking(self, visit: Visit, period: Period) -> None:
        """Unless other days are being asked for by now."""
        asked = await self._conversations.find(visit.chat_id)
        if asked is not None and asked.dialog == MINE and asked.data.get("period") == str(period):
            await self._conversations.end(visit.chat_id)

    async def _begin(self, visit: Visit, link: Link, period: Period, kind: str) -> None:
        if await self._errands.is_busy(visit):
            return

        async def send(doing: Doing) -> bool:
            return await self._send(visit, link, period, kind, doing)

        said = visit.t("⏳ Fetching your time cards…")
        await self._errands.begin(visit, f"export-{kind}:{period}", send, said)

    async def _send(self, visit: Visit, link: Link, period: Period, kind: str, doing: Doing) -> bool:
        """Whether there is a file, below the message that says how far it is; else it is said why not."""
        t, shown = visit.t, doing.shown
        again = export_keyboards.build_kinds(t, period)
        try:
            async with showing(visit, ChatAction.UPLOAD_DOCUMENT):
                cards = await self._collect(visit, link, period, doing)
                if not cards:
                    await visit.rewrite(shown, t("BioTime has no time cards of those days."), again)
                    return False
                made = await self._press.make(_BUILDERS[kind], self._build_ledger(visit, link, period, cards))
        except SessionOver:
            said = summary_texts.describe_no_answer(t, Reach.SESSION_OVER)
            await visit.rewrite(shown, said, keyboards.build_start(t))
            await self._end_asking(visit, period)
            await note_wanted(visit, f"export-{kind}:{period}")
        except BioTimeError:
            await visit.rewrite(shown, summary_texts.describe_no_answer(t, Reach.NO_ANSWER), again)
        except NoPaper as problem:
            log.warning("no paper", reason=str(problem))
            await visit.rewrite(shown, t("I could not make the file just now. Please try again in a minute."), again)
        else:
            await doing.end()
            await visit.bot.send_document(
                visit.chat_id, made, filename=f"time-cards-{period.first}-{period.last}.{kind}"
            )
            said = t("✅ Time cards from {first} to {last}: the file is below.", **_dates(visit, period))
            await visit.rewrite(shown, said, export_keyboards.build_kinds(t, period, done=True))
            await self._end_asking(visit, period)
            return True
        return False

    async def _collect(self, visit: Visit, link: Link, period: Period, doing: Doing) -> list[TimeCard]:
        """Month by month, and the message says how far it is. Raises as `Summaries.fetch_months`."""
        t, months = visit.t, count_months(period.first, period.last)
        cards: list[TimeCard] = []
        done = 0
        async for found in self._summaries.fetch_months(link, period.first, period.last):
            cards += found
            done += 1
            if done < months:
                await doing.say(t("⏳ {done} of {months} months…", done=done, months=months))
        return cards

    def _build_ledger(self, visit: Visit, link: Link, period: Period, cards: list[TimeCard]) -> Ledger:
        return Ledger(
            language=visit.t.language,
            name=link.name,
            emp_code=link.emp_code,
            department=link.department,
            position=link.position,
            company=link.company,
            first=period.first,
            last=period.last,
            made_on=self._summaries.today(link),
            entries=build_entries(cards),
        )


def _ask_days(visit: Visit, today: date) -> str:
    return visit.t(
        "Your time cards as a file. Which days? Tap a button, or type the first and the last day, for example "
        "{first} {last}.",
        first=today.replace(day=1).isoformat(),
        last=today.isoformat(),
    )


def _ask_file(visit: Visit, period: Period) -> tuple[str, InlineKeyboardMarkup]:
    said = visit.t("Time cards from {first} to {last}. As which file?", **_dates(visit, period))
    return said, export_keyboards.build_kinds(visit.t, period)


def _dates(visit: Visit, period: Period) -> dict[str, str]:
    return {"first": visit.t.date(period.first), "last": visit.t.date(period.last)}
