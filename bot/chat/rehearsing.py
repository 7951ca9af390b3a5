"""`/rehearse`: whom the alerts would have called missing on days that are past, and who was in fact there; for HR.

Buttons: `rehearse`, `rehearse:20260201-20260228` runs it, `rehearse-page:20260201-20260228:2` turns its pages. Days may
be typed, too, also behind the command, and others after a run.
"""

from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.biotime.errors import BioTimeError
from bot.chat import rehearsal_texts, summary_texts, team_texts
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import begin
from bot.chat.errands import Doing, Errands
from bot.chat.keyboards import Row, build_inline
from bot.chat.periods import FORM, Period, is_slip, last_month, read_named, read_period, this_month
from bot.chat.phrases import read_wish
from bot.chat.visit import Reception, Visit
from bot.chat.waiting import showing
from bot.chat.wanted import ask_to_log_in
from bot.papers.press import NoPaper, Press
from bot.papers.rehearsal_figures import build_figures
from bot.services.managing import Refused
from bot.services.rehearsing import Rehearsal, Rehearsing, check_period
from bot.services.service_account import NoServiceAccount
from bot.services.timecards import Reach
from bot.store.conversations import Conversation
from bot.store.links import Link

log = structlog.get_logger(__name__)

TYPING = "rehearse"
_BUILDER = "bot.papers.rehearsal:draw_rehearsal"
_SHEET = "bot.papers.rehearsal_sheet:write_rehearsal_sheet"


class RehearsalChat:
    def __init__(
        self,
        reception: Reception,
        rehearsing: Rehearsing,
        press: Press,
        conversations: Conversations,
        errands: Errands,
    ) -> None:
        self._reception = reception
        self._rehearsing = rehearsing
        self._press = press
        self._conversations = conversations
        self._errands = errands

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("rehearse", receives(self.on_begin), new),
            CallbackQueryHandler(receives(self.on_begin), "^rehearse$"),
            CallbackQueryHandler(receives(self.on_period), f"^rehearse:{FORM}$"),
            CallbackQueryHandler(receives(self.on_page), rf"^rehearse-page:{FORM}:\d{{1,3}}$"),
        ]

    async def on_begin(self, visit: Visit) -> None:
        """`/rehearse 1.2.2026 15.2.2026` needs no question."""
        link = await self._find_hr(visit)
        if link is None:
            return
        typed = visit.text.partition(" ")[2].strip() if visit.update.callback_query is None else ""
        period = self._read_typed(link, typed) if typed else None
        if period is not None:
            await self._run(visit, period)
        else:
            await self._ask(visit, link, slip=bool(typed))

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        """Two dates; other figures are a slip. A wish is not meant for us, nor are any other words."""
        link, typed = visit.link, visit.text
        if conversation.dialog != TYPING or link is None or read_wish(typed, visit.t.language) is not None:
            return False
        period = self._read_typed(link, typed)
        if period is not None:
            await self._run(visit, period)
        elif is_slip(typed):
            await self._ask(visit, link, slip=True)
        else:
            return False
        return True

    def _read_typed(self, link: Link, typed: str) -> Period | None:
        today = self._rehearsing.today(link.company)
        return read_named(typed, today) or read_period(typed, today)

    async def _ask(self, visit: Visit, link: Link, *, slip: bool) -> None:
        await self._await_days(visit)
        said = [visit.t("I cannot read that as a day.")] if slip else []
        await visit.show("\n".join([*said, self._ask_days(visit, link)]), self._build_days(visit, link))

    async def _await_days(self, visit: Visit) -> None:
        """More of them may be typed; what asked for them before was answered, and its buttons do what they say."""
        before = await self._conversations.find(visit.chat_id)
        if before is not None and before.dialog == TYPING:
            await self._conversations.end(visit.chat_id)
        await begin(visit, self._conversations, Conversation(TYPING), visit.pressed_id)

    async def on_period(self, visit: Visit) -> None:
        period = _read(visit.argument)
        await (self.on_begin(visit) if period is None else self._run(visit, period))

    async def on_page(self, visit: Visit) -> None:
        """As it was made; made again where that is some time ago."""
        said, _, page = visit.argument.rpartition(":")
        link, period = await self._find_hr(visit), _read(said)
        if link is None:
            return
        if period is None or self._is_wrong(link, period):
            await self.on_begin(visit)
            return
        if await self._errands.is_busy(visit):
            return

        async def turn(doing: Doing) -> bool:
            made = await self._make(visit, link, period, doing)
            if made is not None:
                await self._show_page(visit, made, int(page), doing.shown)
            return False  # back and forth is no asking twice

        await self._errands.begin(visit, f"rehearse-page:{period}:{page}", turn)

    async def _run(self, visit: Visit, period: Period) -> None:
        link = await self._find_hr(visit)
        if link is None:
            return
        fault = check_period(period.first, period.last, self._rehearsing.today(link.company))
        if fault is not None:
            await self._await_days(visit)
            await visit.show(rehearsal_texts.describe_period(visit.t, fault), self._build_days(visit, link))
            return
        if await self._errands.is_busy(visit):
            return
        await self._await_days(visit)
        await self._conversations.begin(visit.chat_id, Conversation(TYPING))  # the question becomes the table

        async def rehearse(doing: Doing) -> bool:
            return await self._rehearse(visit, link, period, doing)

        await self._errands.begin(visit, f"rehearse:{period}", rehearse, visit.t("⏳ Reading BioTime…"))

    async def _rehearse(self, visit: Visit, link: Link, period: Period, doing: Doing) -> bool:
        """Whether there is a table, with its picture below; else it is said why not."""
        made = await self._make(visit, link, period, doing)
        if made is None:
            return False
        await self._show_page(visit, made, 0, doing.shown)
        await self._send_picture(visit, made)
        await self._send_sheet(visit, made)
        return True

    async def _make(self, visit: Visit, link: Link, period: Period, doing: Doing) -> Rehearsal | None:
        """The message says how far it is. None where it has been said why there is none."""

        async def say(done: int, of: int) -> None:
            if 0 < done < of:
                await doing.say(visit.t("⏳ {done} of {days} days…", done=done, days=of))

        try:
            async with showing(visit, ChatAction.TYPING):
                made = await self._rehearsing.rehearse(link, period.first, period.last, say)
            await doing.end()
        except (BioTimeError, NoServiceAccount):
            no_answer = summary_texts.describe_no_answer(visit.t, Reach.NO_ANSWER)
            await visit.rewrite(doing.shown, no_answer, self._build_days(visit, link))
            return None
        if isinstance(made, Refused):
            await visit.rewrite(doing.shown, team_texts.describe_refusal(visit.t, made.reason))
            return None
        return made

    async def _show_page(self, visit: Visit, made: Rehearsal, page: int, shown: int) -> None:
        t, pages = visit.t, rehearsal_texts.build_pages(visit.t, made, visit.zone)
        page = min(page, len(pages) - 1)
        number = t.lay_out(t("Page {number} of {count}", number=page + 1, count=len(pages)))
        text = "\n\n".join([pages[page], number]) if len(pages) > 1 else pages[page]
        period = Period(made.first, made.last)
        before = [(f"‹ {t.number(page)}", f"rehearse-page:{period}:{page - 1}")] if page else []
        after = [(f"{t.number(page + 2)} ›", f"rehearse-page:{period}:{page + 1}")] if page + 1 < len(pages) else []
        await visit.rewrite(
            shown, text, build_inline(t, [[*before, *after], [(t("↩ Other days"), "rehearse")], _back(visit)])
        )

    async def _send_picture(self, visit: Visit, made: Rehearsal) -> None:
        """Without one the table says it all."""
        figures = build_figures(made, visit.t.language, dark=visit.person.dark)
        try:
            async with showing(visit, ChatAction.UPLOAD_PHOTO):
                picture = await self._press.make(_BUILDER, figures)
        except NoPaper as problem:
            log.warning("no picture", reason=str(problem))
            return
        head = rehearsal_texts.describe_head(visit.t, made)
        await visit.bot.send_photo(visit.chat_id, picture, head, protect_content=True, filename="rehearsal.png")

    async def _send_sheet(self, visit: Visit, made: Rehearsal) -> None:
        """The whole table, to sort and to keep; without one the pages say it all."""
        if not made.entries:
            return
        table = rehearsal_texts.build_table(visit.t, made, visit.zone, self._rehearsing.today(made.company))
        try:
            async with showing(visit, ChatAction.UPLOAD_DOCUMENT):
                sheet = await self._press.make(_SHEET, table)
        except NoPaper as problem:
            log.warning("no sheet", reason=str(problem))
            return
        name = f"rehearsal-{made.first}-{made.last}.xlsx"
        await visit.bot.send_document(visit.chat_id, sheet, filename=name)

    async def _find_hr(self, visit: Visit) -> Link | None:
        """None where it has been said why not."""
        if visit.link is None:
            await ask_to_log_in(visit)
            return None
        refused = self._rehearsing.refuse(visit.link)
        if refused is not None:
            await visit.say(team_texts.describe_refusal(visit.t, refused.reason))
            return None
        return visit.link

    def _is_wrong(self, link: Link, period: Period) -> bool:
        return check_period(period.first, period.last, self._rehearsing.today(link.company)) is not None

    def _ask_days(self, visit: Visit, link: Link) -> str:
        wanted = last_month(self._rehearsing.today(link.company))
        return visit.t(
            "🎭 Whom would the alerts have called missing, and who was in fact there? Nobody is told. Which days? Tap "
            "a button, or type the first and the last day, for example {first} {last}.",
            first=wanted.first.isoformat(), last=wanted.last.isoformat(),
        )  # fmt: skip

    def _build_days(self, visit: Visit, link: Link) -> InlineKeyboardMarkup:
        t, today = visit.t, self._rehearsing.today(link.company)
        days: Row = [
            (t("This month"), f"rehearse:{this_month(today)}"),
            (t("Last month"), f"rehearse:{last_month(today)}"),
        ]
        return build_inline(t, [days, _back(visit)])


def _back(visit: Visit) -> Row:
    return [(visit.t("🏢 The company's rules"), "rules")]


def _read(text: str) -> Period | None:
    try:
        return Period.read(text)
    except ValueError:
        return None
