"""Leave: kind, first day, last day or half a day, reason, and off it goes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.biotime.errors import BioTimeError
from bot.chat import keyboards
from bot.chat.calendar import Month
from bot.chat.conversations import Conversations
from bot.chat.draft_dialog import DraftDialog, Shown, build_source, refuse_note
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
    say_rest,
)
from bot.chat.periods import read_period
from bot.chat.phrases import simplify
from bot.chat.reading import Days, read_day
from bot.chat.visit import Reception, Visit
from bot.i18n import translator_for
from bot.services.leave_offers import LeaveKind, NotTaken
from bot.services.leaves import Asked, Leaves
from bot.services.tenants import Tenants

LEAVE = "leave"
AHEAD = timedelta(days=365)
# In the conversation: the kinds as they were offered, so that the dialog goes on while BioTime is away; or that this
# company takes no leaves.
KINDS, NONE = "kinds", "none"
# Of which days it is known, and their weekdays where all are days of rest.
REST = "rest"


class LeavesChat(DraftDialog[LeaveDraft]):
    word, form = LEAVE, FORM

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
        super().__init__(LeaveDraft(), reception, tenants, conversations, now)
        self._leaves = leaves
        self._days_back = days_back

    # -- typed ---------------------------------------------------------------------------------------------------------

    async def _take(self, visit: Visit, draft: LeaveDraft, data: dict[str, Any]) -> None:
        t, step = visit.t, step_of(draft, data)
        changed, problem = draft, ""
        if step in ("first", "last"):
            changed, problem = self._take_day(visit, draft, step)
        elif step == "kind":
            named = read_kind(visit.text, _kinds(data) or ())
            changed = replace(draft, kind=named.id) if named else draft
            problem = "" if named else t("Please tap one of the buttons.")
        elif step == "reason":
            note = clean_note(visit.text)
            if note and len(note) <= LONGEST_NOTE:
                changed, data = replace(draft, reason=TYPED), data | {"note": note}
            else:
                problem = refuse_note(t, note)
        elif keyboards.means(visit.text, SEND):
            await self._send(visit, draft, data)
            return
        else:
            problem = t("Please tap one of the buttons.")
        await self._show(visit, changed, data, problem)

    def _take_day(self, visit: Visit, draft: LeaveDraft, step: str) -> tuple[LeaveDraft, str]:
        days = self._days(visit) if step == "first" else self._last_days(visit, draft)
        day = read_day(visit.text, self._today(visit), days)
        period = read_period(visit.text, self._today(visit), days) if day is None and step == "first" else None
        if period is not None and period.first in days:
            return replace(draft, first=period.first, last=period.last, half=""), ""
        day = period.first if period is not None else day
        if day is None:
            return draft, visit.t("I cannot read that as a day.")
        if day not in days:
            return draft, self._refuse_day(visit, days)
        return (replace(draft, first=day) if step == "first" else replace(draft, last=day, half="")), ""

    # -- the card ------------------------------------------------------------------------------------------------------

    async def _know(self, visit: Visit, draft: LeaveDraft, data: dict[str, Any]) -> dict[str, Any]:
        """With the kinds of leave, as they are now or, without BioTime, as they were, and with the days of rest where
        there are no others."""
        return await self._know_kinds(visit, data) | await self._know_rest(visit, draft, data)

    async def _know_rest(self, visit: Visit, draft: LeaveDraft, data: dict[str, Any]) -> dict[str, Any]:
        first, last = draft.first, draft.last or draft.first
        if visit.link is None or first is None or last is None or step_of(draft, data) != "sure":
            return {}
        if _rest_of(draft, data) is not None:
            return {}
        found = await self._leaves.rest.find(visit.link, first, last)
        return {} if found is None else {REST: [_days_of(draft), [day.weekday() for day in found]]}

    async def _know_kinds(self, visit: Visit, data: dict[str, Any]) -> dict[str, Any]:
        assert visit.link is not None
        try:
            found = await self._leaves.offers.fetch_kinds(visit.link.company)
        except NotTaken:
            return data | {KINDS: NONE}
        except BioTimeError:
            return data
        return data | {KINDS: [[kind.id, kind.name] for kind in found]}

    async def _build(
        self, visit: Visit, draft: LeaveDraft, data: dict[str, Any], problem: str, month: Month | None
    ) -> Shown | None:
        t, kinds = visit.t, _kinds(data)
        if data.get(KINDS) == NONE:
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
        if step_of(draft, data) == "sure":
            problem = problem or say_rest(t, _rest_of(draft, data) or ())
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
        checked, problem = self._check(visit, draft)
        if visit.link is None or problem or step_of(checked, data) != "sure":
            await self._show(visit, draft, data)
            return
        data = await self._know(visit, checked, data)
        kind = next((one for one in _kinds(data) or () if one.id == checked.kind), None)
        period = checked.period(visit.zone)
        if kind is None or period is None:
            await self._show(visit, draft, data)
            return
        office = translator_for(self._tenants[visit.link.company].language)
        asked = Asked(
            source=build_source(visit, checked),
            chat_id=visit.chat_id,
            message_id=visit.pressed_id,
            language=visit.t.language,
            kind=kind,
            start_at=period[0],
            end_at=period[1],
            # A reason from a button is read by the office: in its language.
            note=note_of(office, checked, data),
        )
        before = await self._leaves.ask(visit.link, asked)
        if before is None:
            await self._cards.leave(visit, self.dialogs)
        else:
            await self._say_asked(visit, before)

    async def _is_kept(self, source: str) -> bool:
        return await self._leaves.is_kept(source)

    def _days(self, visit: Visit) -> Days:
        today = self._today(visit)
        return Days(today - self._days_back, today + AHEAD)

    def _last_days(self, visit: Visit, draft: LeaveDraft) -> Days:
        first = draft.first or self._today(visit)
        return Days(first, first + AHEAD)


def _days_of(draft: LeaveDraft) -> str:
    return f"{draft.first}/{draft.last or draft.first}"


def _rest_of(draft: LeaveDraft, data: dict[str, Any]) -> Sequence[int] | None:
    """None where it is not known of these days."""
    days, found = data.get(REST, ("", ()))
    return found if days == _days_of(draft) else None


def _kinds(data: dict[str, Any]) -> tuple[LeaveKind, ...] | None:
    """None where they are not known."""
    known = data.get(KINDS)
    return tuple(LeaveKind(*pair) for pair in known) if isinstance(known, list) else None


def read_kind(typed: str, kinds: Sequence[LeaveKind]) -> LeaveKind | None:
    """By its name, by what only its name begins with, or by a word that only its name has."""
    said, names = simplify(typed), [(simplify(kind.name), kind) for kind in kinds]
    fits: tuple[Callable[[str], bool], ...] = (
        lambda name: name == said,
        lambda name: name.startswith(said),
        lambda name: said in name.split(),
    )
    for fit in fits if said else ():
        found = [kind for name, kind in names if fit(name)]
        if found and (len(found) == 1 or fit is fits[0]):
            return found[0]
    return None
