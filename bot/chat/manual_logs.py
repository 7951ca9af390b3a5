"""A forgotten punch: day, time, kind, reason, and off it goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.attendance.model import PunchState
from bot.chat import forgotten_texts as texts
from bot.chat import keyboards
from bot.chat.calendar import Month
from bot.chat.conversations import Conversations
from bot.chat.draft_dialog import DraftDialog, Shown, build_source, refuse_note
from bot.chat.forgotten_draft import FORM, LONGEST_NOTE, REASONS, TYPED, Draft, clean_note
from bot.chat.phrases import Wish, read_wish
from bot.chat.reading import Days, read_day, read_time
from bot.chat.texts import KINDS
from bot.chat.visit import Reception, Visit
from bot.i18n import translator_for
from bot.services.manual_logs import Asked, KnownDay, ManualLogs, Twin
from bot.services.tenants import Tenants

FORGOT = "forgot"
_MEANT = {
    Wish.IN: PunchState.CHECK_IN,
    Wish.OUT: PunchState.CHECK_OUT,
    Wish.BREAK: PunchState.BREAK_OUT,
    Wish.BACK: PunchState.BREAK_IN,
}


class ManualLogsChat(DraftDialog[Draft]):
    word, form = FORGOT, FORM

    def __init__(
        self,
        reception: Reception,
        manual_logs: ManualLogs,
        tenants: Tenants,
        conversations: Conversations,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(Draft(), reception, tenants, conversations, now)
        self._manual_logs = manual_logs

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        on_day = CallbackQueryHandler(self._reception.receives(self.on_day), r"^forgot-day:\d{8}$")
        return [*super().handlers(), on_day]

    async def on_day(self, visit: Visit) -> None:
        """Begun from a day that something is missing of."""
        await self._show(visit, self._read(f"{visit.argument}..."), {})

    async def _take(self, visit: Visit, draft: Draft, data: dict[str, Any]) -> None:
        t, typed = visit.t, visit.text
        step = _step(draft, data)
        if step == "sure":
            if keyboards.means(typed, texts.SEND):
                await self._send(visit, draft, data)
                return
            changed = self._read_time(typed, draft) or self._read_day(visit, typed, draft)
            problem = t("Tap “{send}”, or type another time or day.", send=t.gettext(texts.SEND))
        elif step == "day":
            changed = self._read_day(visit, typed, draft)
            problem = t("I cannot read that as a day.")
        elif step == "time":
            changed = self._read_time(typed, draft)
            problem = t("I cannot read that as a time.")
        elif step == "kind":
            kind = _read_kind(typed, t.language)
            changed = replace(draft, kind=kind) if kind is not None else None
            problem = t("Please tap one of the buttons.")
        else:
            note = clean_note(typed)
            changed = replace(draft, reason=TYPED) if note and len(note) <= LONGEST_NOTE else None
            problem = refuse_note(t, note)
            data = data | {"note": note} if changed else data
        await self._show(visit, changed or draft, data, "" if changed else problem)

    def _read_time(self, typed: str, draft: Draft) -> Draft | None:
        at = read_time(typed)
        return None if at is None else replace(draft, hour=at.hour, minute=at.minute)

    def _read_day(self, visit: Visit, typed: str, draft: Draft) -> Draft | None:
        day = read_day(typed, self._today(visit), self._days(visit))
        return None if day is None else replace(draft, day=day)

    # -- the card ------------------------------------------------------------------------------------------------------

    async def _build(
        self, visit: Visit, draft: Draft, data: dict[str, Any], problem: str, month: Month | None
    ) -> Shown:
        t, step, known = visit.t, _step(draft, data), _read_known(data)
        head = texts.describe_draft(t, draft, data.get("note", ""))
        if draft.day is not None and step in ("time", "kind"):
            head += ["", texts.describe_known(t, known, draft.day, visit.zone)]
        at, days = draft.at(visit.zone), self._days(visit)
        if step == "day":
            asked = texts.ask_day(t, draft, month or Month.of(days.last), days)
        elif step == "time" or at is None:
            now = self._now().astimezone(visit.zone)
            latest = now.time() if draft.day == now.date() else None
            asked = texts.ask_time(t, draft, known, latest)
        elif step == "kind":
            asked = texts.ask_kind(t, draft, known, at)
        else:
            asked = texts.ask_reason(t, draft) if step == "reason" else texts.ask_sure(t, draft)
        return texts.build_card(t, head, problem, asked)

    def _check(self, visit: Visit, draft: Draft) -> tuple[Draft, str]:
        """What cannot be is asked anew: a card may be older than what it offers."""
        t, days = visit.t, self._days(visit)
        if draft.day is not None and draft.day not in days:
            if draft.day > days.last:
                return replace(draft, day=None), t("That day is still to come.")
            first = t.day(days.first)
            return replace(draft, day=None), t("That is too long ago: I can report days from {first} on.", first=first)
        if draft.day is not None and draft.time is not None:
            at = draft.at(visit.zone)
            if at is None:
                return replace(draft, hour=None, minute=None), t("The clocks left that time out on that day.")
            if at > self._now():
                return replace(draft, hour=None, minute=None), t("That time is still to come.")
        return draft, ""

    async def _know(self, visit: Visit, draft: Draft, data: dict[str, Any]) -> dict[str, Any]:
        """With what is known of the day, asked for once."""
        if draft.day is None or data.get("day") == draft.day.isoformat() or visit.link is None:
            return data
        return data | _write_known(draft.day, await self._manual_logs.load_day(visit.link, draft.day))

    async def _send(self, visit: Visit, draft: Draft, data: dict[str, Any]) -> None:
        checked, problem = self._check(visit, draft)
        at = checked.at(visit.zone)
        if visit.link is None or problem or at is None or checked.kind is None or _step(checked, data) != "sure":
            await self._show(visit, draft, data)
            return
        asked = self._build_asked(visit, checked, data, at)
        kept = await self._manual_logs.ask(visit.link, asked)
        if not isinstance(kept, Twin):
            await self._cards.leave(visit, self.dialogs)
        elif kept.is_request:
            await self._say_asked(visit, kept.punch)
        else:
            again = replace(checked, hour=None, minute=None)
            await self._show(visit, again, data, visit.t("There is a punch of that kind at that time already."))

    def _build_asked(self, visit: Visit, draft: Draft, data: dict[str, Any], at: datetime) -> Asked:
        assert visit.link is not None
        assert draft.kind is not None
        office = translator_for(self._tenants[visit.link.company].language)
        return Asked(
            source=build_source(visit, draft),
            chat_id=visit.chat_id,
            message_id=visit.pressed_id,
            language=visit.t.language,
            at=at,
            punch_state=draft.kind,
            # A reason from a button is read by the office: in its language.
            note=texts.reason_of(office, draft, data.get("note", "")),
        )

    async def _is_kept(self, source: str) -> bool:
        return await self._manual_logs.is_kept(source)

    def _days(self, visit: Visit) -> Days:
        today = self._today(visit)
        return Days(today - self._manual_logs.days_back, today)


def _step(draft: Draft, data: dict[str, Any]) -> str:
    """What is to be asked next."""
    if draft.day is None:
        return "day"
    if draft.time is None:
        return "time"
    if draft.kind is None:
        return "kind"
    typed_and_lost = draft.reason == TYPED and not data.get("note")
    return "reason" if typed_and_lost or draft.reason not in (*REASONS, TYPED) else "sure"


def _read_kind(typed: str, language: str) -> PunchState | None:
    named = next((kind for kind, label in KINDS.items() if keyboards.means(typed, label)), None)
    wished = read_wish(typed, language)
    return named if named not in (None, PunchState.UNKNOWN) else _MEANT.get(wished.wish) if wished else None


def _write_known(day: date, known: KnownDay) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "scheduled": [at.isoformat() for at in known.scheduled],
        "punched": [[at.isoformat(), int(kind)] for at, kind in known.punched],
        "reached": known.reached,
        "ends": known.ends and known.ends.isoformat(),
    }


def _read_known(data: dict[str, Any]) -> KnownDay:
    punched = tuple((datetime.fromisoformat(at), PunchState(kind)) for at, kind in data.get("punched", ()))
    scheduled, ends = tuple(map(_read_clock, data.get("scheduled", ()))), data.get("ends")
    return KnownDay(scheduled, punched, data.get("reached", True), _read_clock(ends) if ends else None)


def _read_clock(text: str) -> time:
    return datetime.fromisoformat(f"2000-01-01T{text}").time()
