"""Leave: kind, first day, last day or half a day, reason, and off it goes.

As in `manual_logs`, every button carries what was chosen, and typed answers are taken wherever there are buttons.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot.biotime.errors import BioTimeError
from bot.chat import keyboards
from bot.chat.calendar import Month
from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import Cards, remembered
from bot.chat.forgotten_draft import LONGEST_NOTE, clean_note
from bot.chat.keyboards import Row
from bot.chat.leave_draft import FORM, TYPED, LeaveDraft, step_of
from bot.chat.leave_texts import (
    SEND,
    ask_first,
    ask_kind,
    ask_last,
    ask_reason,
    ask_sure,
    build_card,
    describe,
    note_of,
    to,
)
from bot.chat.reading import Days, read_day
from bot.chat.request_texts import describe_news
from bot.chat.visit import Reception, Visit
from bot.i18n import Translator, translator_for
from bot.services.leaves import AskedLeave, LeaveKind, LeaveRefused, Leaves, NotTaken, Outcome
from bot.services.tenants import Tenants
from bot.store.conversations import Conversation

LEAVE = "leave"
AHEAD = timedelta(days=365)


class LeavesChat:
    dialog = LEAVE
    dialogs = frozenset({LEAVE})

    def __init__(
        self,
        reception: Reception,
        leaves: Leaves,
        tenants: Tenants,
        conversations: Conversations,
        now: Callable[[], datetime],
        *,
        days_back: timedelta,
    ) -> None:
        self._reception = reception
        self._leaves = leaves
        self._tenants = tenants
        self._conversations = conversations
        self._cards = Cards(conversations)
        self._now = now
        self._days_back = days_back

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        receives, new = self._reception.receives, filters.UpdateType.MESSAGE
        return [
            CommandHandler("leave", receives(self.on_begin), new),
            CallbackQueryHandler(receives(self.on_begin), "^leave$"),
            CallbackQueryHandler(receives(self.on_step), f"^leave:{FORM}$"),
            CallbackQueryHandler(receives(self.on_month), rf"^leave-month:\d{{6}}:{FORM}$"),
            CallbackQueryHandler(receives(self.on_send), f"^leave-send:{FORM}$"),
            CallbackQueryHandler(receives(self.on_cancel), "^leave-cancel$"),
        ]

    # -- buttons -------------------------------------------------------------------------------------------------------

    async def on_begin(self, visit: Visit) -> None:
        await self._show(visit, LeaveDraft(), {})

    async def on_step(self, visit: Visit) -> None:
        await self._show(visit, _read(visit.argument), await self._memory(visit))

    async def on_month(self, visit: Visit) -> None:
        turned, _, draft = visit.argument.partition(":")
        try:
            month = Month.read(turned)
        except ValueError:
            month = None
        await self._show(visit, _read(draft), await self._memory(visit), month=month)

    async def on_send(self, visit: Visit) -> None:
        await self._send(visit, _read(visit.argument), await self._memory(visit))

    async def on_cancel(self, visit: Visit) -> None:
        await self._cards.finish(visit, self.dialogs, visit.t("Cancelled. Nothing was sent."))

    # -- typed ---------------------------------------------------------------------------------------------------------

    async def on_answer(self, visit: Visit, conversation: Conversation) -> bool:
        data = remembered(conversation, LEAVE)
        if data is None or visit.text.startswith("/"):
            return False
        if data.get("by") != visit.typed_id:
            await self._take(visit, _read(data["draft"]), data)
        return True

    async def _take(self, visit: Visit, draft: LeaveDraft, data: dict[str, Any]) -> None:
        t, step = visit.t, step_of(draft, data)
        changed, problem = draft, ""
        if step in ("first", "last"):
            changed, problem = self._take_day(visit, draft, step)
        elif step == "kind":
            wanted = visit.text.casefold().split()
            named = [kind for kind in await self._kinds(visit) or () if kind.name.casefold().split() == wanted]
            changed = replace(draft, kind=named[0].id) if named else draft
            problem = "" if named else t("Please tap one of the buttons.")
        elif step == "reason":
            note = clean_note(visit.text)
            if note and len(note) <= LONGEST_NOTE:
                changed, data = replace(draft, reason=TYPED), data | {"note": note}
            else:
                problem = _too_long(t)
        elif keyboards.says(visit.text, SEND):
            await self._send(visit, draft, data)
            return
        else:
            problem = t("Please tap one of the buttons.")
        await self._show(visit, changed, data, problem)

    def _take_day(self, visit: Visit, draft: LeaveDraft, step: str) -> tuple[LeaveDraft, str]:
        days = self._days(visit) if step == "first" else self._last_days(visit, draft)
        day = read_day(visit.text, self._today(visit), days)
        if day is None:
            return draft, visit.t("I cannot read that as a day.")
        if day not in days:
            return draft, self._refuse_day(visit, days)
        return (replace(draft, first=day) if step == "first" else replace(draft, last=day, half="")), ""

    # -- the card ------------------------------------------------------------------------------------------------------

    async def resume(self, visit: Visit, data: dict[str, Any]) -> None:
        built = await self._build(visit, _read(data["draft"]), data, "", None)
        if built is not None:
            await visit.say(*built)

    async def _show(
        self, visit: Visit, draft: LeaveDraft, data: dict[str, Any], problem: str = "", *, month: Month | None = None
    ) -> None:
        if visit.link is None:
            await visit.say(visit.t("Please log in first."), keyboards.build_start(visit.t))
            return
        draft, wrong = self._check(visit, draft)
        data = data | {"draft": str(draft)}
        built = await self._build(visit, draft, data, problem or wrong, month)
        if built is not None:
            await self._cards.show(visit, LEAVE, data, *built)

    async def _build(
        self, visit: Visit, draft: LeaveDraft, data: dict[str, Any], problem: str, month: Month | None
    ) -> tuple[str, Any] | None:
        """None where the card is finished: this company takes no leaves."""
        t = visit.t
        try:
            kinds = await self._kinds(visit)
        except NotTaken:
            said = t("Your company takes no leave requests through me. Please ask your manager.")
            await self._cards.finish(visit, self.dialogs, said)
            return None
        if kinds is None:
            again: list[Row] = [[(t("🔁 Try again"), f"leave:{draft}")]]
            head = describe(t, draft, data, "", visit.zone)
            return build_card(t, head, t("BioTime is not answering right now."), ("", again))
        kind = next((one for one in kinds if one.id == draft.kind), None)
        draft = draft if kind else replace(draft, kind=None)
        head = describe(t, draft, data, kind.name if kind else "", visit.zone)
        return build_card(t, head, problem, self._ask(visit, draft, data, kinds, month))

    def _ask(
        self, visit: Visit, draft: LeaveDraft, data: dict[str, Any], kinds: tuple[LeaveKind, ...], month: Month | None
    ) -> tuple[str, list[Row]]:
        t, step = visit.t, step_of(draft, data)
        if step == "kind":
            return ask_kind(t, draft, kinds)
        if step == "first":
            return ask_first(t, draft, month or Month.of(self._today(visit)), self._days(visit))
        if step == "last":
            return ask_last(t, draft, month, self._last_days(visit, draft))
        return ask_reason(t, draft) if step == "reason" else ask_sure(t, draft)

    def _check(self, visit: Visit, draft: LeaveDraft) -> tuple[LeaveDraft, str]:
        days = self._days(visit)
        if draft.first is not None and draft.first not in days:
            return replace(draft, first=None, last=None, half=""), self._refuse_day(visit, days)
        if draft.last is not None and draft.last not in self._last_days(visit, draft):
            return replace(draft, last=None), visit.t("A leave ends after it begins.")
        return draft, ""

    def _refuse_day(self, visit: Visit, days: Days) -> str:
        t = visit.t
        return t("Please choose a day between {first} and {last}.", first=t.date(days.first), last=t.date(days.last))

    # -- sending -------------------------------------------------------------------------------------------------------

    async def _send(self, visit: Visit, draft: LeaveDraft, data: dict[str, Any]) -> None:
        t = visit.t
        if visit.link is None:
            await self._show(visit, draft, data)
            return
        draft, problem = self._check(visit, draft)
        try:
            kinds = await self._kinds(visit) or ()
        except NotTaken:
            kinds = ()
        kind = next((one for one in kinds if one.id == draft.kind), None)
        period = draft.period(visit.zone)
        if problem or kind is None or period is None or step_of(draft, data) != "sure":
            await self._show(visit, draft, data)
            return
        # Of the first try: the mark by which it is looked for is made from it.
        source = data.get("source") or f"telegram:{visit.chat_id}:{visit.pressed_id or visit.typed_id}"
        data, tried = data | {"source": source}, data.get("tried")
        asked = AskedLeave(
            source=source,
            kind=kind,
            start_at=period[0],
            end_at=period[1],
            note=note_of(translator_for(self._tenants[visit.link.company].language), draft, data),
            tried_at=datetime.fromisoformat(tried) if tried else None,
        )
        try:
            outcome = await self._leaves.ask(visit.link, asked)
        except NotTaken:
            said = t("Your company takes no leave requests through me. Please ask your manager.")
            await self._cards.finish(visit, self.dialogs, said)
            return
        await self._tell(visit, draft, data, kind, outcome)

    async def _tell(
        self, visit: Visit, draft: LeaveDraft, data: dict[str, Any], kind: LeaveKind, outcome: Outcome | LeaveRefused
    ) -> None:
        t = visit.t
        head = describe(t, draft, data, kind.name, visit.zone)
        if outcome is Outcome.FILED:
            lines = [describe_news(t, "pending", None), *head[1:]]
            listed = keyboards.build_inline(t, [[(t("📝 My requests"), "requests")]])
            await self._cards.finish(visit, self.dialogs, "\n".join(lines), listed)
            return
        again: list[Row] = [[(t("🔁 Try again"), f"leave-send:{draft}")]]
        if isinstance(outcome, LeaveRefused):
            problem = t("BioTime does not take your request: {reason}.", reason=outcome.reason)
            again = [[(t("📅 Other days"), to(replace(draft, first=None, last=None, half="")))]]
        elif outcome is Outcome.UNCLEAR:
            data = data | {"tried": data.get("tried") or self._now().isoformat()}
            problem = t("BioTime did not answer clearly. Try again in two minutes: I look first whether it is there.")
        else:
            problem = t("BioTime is not answering right now. Nothing was sent; all you chose is kept here.")
        shown = build_card(t, head, problem, ("", again))
        await self._cards.show(visit, LEAVE, data | {"draft": str(draft)}, *shown)

    async def _kinds(self, visit: Visit) -> tuple[LeaveKind, ...] | None:
        """None: BioTime does not answer. Raises NotTaken."""
        assert visit.link is not None
        try:
            return await self._leaves.fetch_kinds(visit.link.company)
        except BioTimeError:
            return None

    async def _memory(self, visit: Visit) -> dict[str, Any]:
        return remembered(await self._conversations.find(visit.chat_id), LEAVE) or {}

    def _today(self, visit: Visit) -> date:
        return self._now().astimezone(visit.zone).date()

    def _days(self, visit: Visit) -> Days:
        today = self._today(visit)
        return Days(today - self._days_back, today + AHEAD)

    def _last_days(self, visit: Visit, draft: LeaveDraft) -> Days:
        first = draft.first or self._today(visit)
        return Days(first, first + AHEAD)


def _read(text: str) -> LeaveDraft:
    try:
        return LeaveDraft.read(text)
    except ValueError:
        return LeaveDraft()


def _too_long(t: Translator) -> str:
    return t.plural("Please say it in {n} letter at most.", "Please say it in {n} letters at most.", LONGEST_NOTE)
