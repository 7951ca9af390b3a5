"""When a person wants to be reminded, and of what: pure, of the same facts as the managers' alerts.

Only on days on which they are expected: never on leave, a holiday or a rest day, and never of what they have done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.attendance.chain import Gate
from bot.attendance.facts import Facts, Rules, SeenPunch
from bot.attendance.gates import judge
from bot.attendance.model import PunchState
from bot.attendance.window import work_of

ONE_MOMENT = timedelta(minutes=2)
_INSIDE = (PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN)


class ReminderKind(StrEnum):
    IN = "in"
    OUT = "out"
    BREAK = "break"


# Later than this a reminder helps nobody: after an outage nobody wants those of the morning.
WORTH = {
    ReminderKind.IN: timedelta(hours=1),
    ReminderKind.OUT: timedelta(hours=2),
    ReminderKind.BREAK: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class ReminderWishes:
    """After the start (before it: negative), after the end, after a break began; None is off."""

    clock_in: timedelta | None = None
    clock_out: timedelta | None = None
    break_over: timedelta | None = None

    @property
    def any(self) -> bool:
        return (self.clock_in, self.clock_out, self.break_over) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`about_at`: the start, the end, or when the break began. `key` names it: told once, unless it is put off."""

    kind: ReminderKind
    key: str
    about_at: datetime
    timetable: str


def find_reminders(facts: Facts, wishes: ReminderWishes, now: datetime) -> Iterator[Reminder]:
    """What this person is to be reminded of now, about this shift."""
    if not judge(facts, Rules(), now).has_passed(Gate.NO_PERMISSION):
        return
    work = work_of(facts)
    if work is None:
        return
    (start, end), came = work, _came(facts, now)
    on_break = came[-1] if came and came[-1].punch_state is PunchState.BREAK_OUT else None
    if not came and not _is_filed(facts):
        yield from _remind(ReminderKind.IN, facts, start, wishes.clock_in, now)
    if _is_inside(came):
        yield from _remind(ReminderKind.OUT, facts, end, wishes.clock_out, now)
    if on_break is not None:
        yield from _remind(ReminderKind.BREAK, facts, on_break.at, wishes.break_over, now)


def _came(facts: Facts, now: datetime) -> list[SeenPunch]:
    """The punches of this shift so far; of two in one moment, which terminals and our own list make, the first."""
    opens_at, kept = facts.shift.opens_at, list[SeenPunch]()
    for punch in sorted(facts.punches, key=lambda punch: punch.at):
        if opens_at is None or not opens_at <= punch.at <= now:
            continue
        if not kept or punch.at - kept[-1].at >= ONE_MOMENT or punch.punch_state is not kept[-1].punch_state:
            kept.append(punch)
    return kept


def _is_filed(facts: Facts) -> bool:
    """A punch that was reported as forgotten waits for a manager: the person was there."""
    opens_at, ends_at = facts.shift.opens_at, facts.shift.ends_at
    return opens_at is not None and ends_at is not None and any(opens_at <= at <= ends_at for at in facts.logs)


def _is_inside(came: list[SeenPunch]) -> bool:
    """A terminal may not say in which direction somebody went: then it was the other one than before."""
    inside = False
    for punch in came:
        inside = not inside if punch.punch_state is PunchState.UNKNOWN else punch.punch_state in _INSIDE
    return inside


def _remind(
    kind: ReminderKind, facts: Facts, about_at: datetime, wish: timedelta | None, now: datetime
) -> Iterator[Reminder]:
    if wish is not None and about_at + wish <= now < about_at + wish + WORTH[kind]:
        yield Reminder(kind, f"{kind} {about_at:%Y-%m-%d %H:%M}", about_at, facts.shift.timetable)
