"""A leave while it is being asked for, short enough to travel in a button."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.i18n import N_

MORNING, AFTERNOON = "am", "pm"
TYPED, NONE = "t", "0"
# Where a day is halved.
NOON = time(13)
REASONS = {"1": N_("Family"), "2": N_("Travel"), "3": N_("Health"), NONE: N_("No reason")}
FORM = rf"\d{{0,9}}\.(?:\d{{8}})?\.(?:\d{{8}}|{MORNING}|{AFTERNOON})?\.[0-3{TYPED}]?"


@dataclass(frozen=True, slots=True)
class LeaveDraft:
    """`half` instead of a last day: half of the first."""

    kind: int | None = None
    first: date | None = None
    last: date | None = None
    half: str = ""
    reason: str = ""

    @classmethod
    def read(cls, text: str) -> "LeaveDraft":
        """What `str` gave. ValueError for a day that is none."""
        kind, first, last, reason = text.split(".")
        half = last if last in (MORNING, AFTERNOON) else ""
        return cls(int(kind) if kind else None, _day(first), None if half else _day(last), half, reason)

    def __str__(self) -> str:
        kind = "" if self.kind is None else self.kind
        first = f"{self.first:%Y%m%d}" if self.first else ""
        last = self.half or (f"{self.last:%Y%m%d}" if self.last else "")
        return f"{kind}.{first}.{last}.{self.reason}"

    def period(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Whole days from midnight to midnight."""
        if self.first is None or (self.last is None and not self.half):
            return None
        start = datetime.combine(self.first, NOON if self.half == AFTERNOON else time(), zone)
        if self.half == MORNING:
            return start, datetime.combine(self.first, NOON, zone)
        return start, datetime.combine((self.last or self.first) + timedelta(days=1), time(), zone)


def half_of(start: datetime, end: datetime) -> str:
    """MORNING or AFTERNOON where a leave, both ends in its own zone, is that half of a day; else ""."""
    if start.date() == end.date() and (start.time(), end.time()) == (time(), NOON):
        return MORNING
    midnight = end.time() == time() and end.date() == start.date() + timedelta(days=1)
    return AFTERNOON if midnight and start.time() == NOON else ""


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%Y%m%d").date() if text else None  # noqa: DTZ007 - a day is in no zone


def step_of(draft: LeaveDraft, data: Mapping[str, object]) -> str:
    """What is to be asked next."""
    if draft.kind is None:
        return "kind"
    if draft.first is None:
        return "first"
    if draft.last is None and not draft.half:
        return "last"
    typed_and_lost = draft.reason == TYPED and not data.get("note")
    return "reason" if typed_and_lost or draft.reason not in (*REASONS, TYPED) else "sure"
