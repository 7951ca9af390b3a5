"""Who works when: shifts in cycles, schedules, temporary ones over them, holidays, leaves, dates of a contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.attendance.timetable import MINUTE, NOTHING, Timetable

WEEK = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """Timetables over a cycle of days, from 0; a day without one is a rest day. A week begins on Monday."""

    id: int
    cycle_days: int
    days: Mapping[int, tuple[Timetable, ...]]

    def __post_init__(self) -> None:
        if self.cycle_days < 1:
            raise ValueError("a cycle has at least one day")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A shift from one date to another, both included; None is for ever."""

    shift: Shift
    start_date: date
    end_date: date | None = None


@dataclass(frozen=True, slots=True)
class TemporarySchedule:
    """What one day is instead; several for one day are several timetables, None alone is a day off."""

    workdate: date
    timetable: Timetable | None


@dataclass(frozen=True, slots=True)
class Holiday:
    start_date: date
    days: int = 1
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """An approved leave, aware. From midnight to midnight (or 23:59) in the person's zone it is of whole workdates."""

    start_at: datetime
    end_at: datetime
    pay_code: str = ""


class Missing(StrEnum):
    """What a missing punch counts as: late (or an early leave) by a fixed time, absent, or neither."""

    NEITHER = ""
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Rules:
    """A company's rules. Worked time goes down to whole `rounding` steps, late and early leave up to them.

    More late than `late_is_absent` is an absence (None: never), the same for leaving early. `missing_cost` is how late
    a missing punch counts as, under Missing.LATE. Overtime of less than `overtime_from` is none. overtime_1 to _3 are
    the thresholds of the daily hours, rising. Punches less than `duplicate_within` apart are one.
    """

    rounding: timedelta = MINUTE
    late_is_absent: timedelta | None = None
    early_is_absent: timedelta | None = None
    missing_in: Missing = Missing.ABSENT
    missing_out: Missing = Missing.ABSENT
    missing_cost: timedelta = timedelta(hours=1)
    overtime_from: timedelta = NOTHING
    overtime_1: timedelta = timedelta(hours=8)
    overtime_2: timedelta = timedelta(hours=11)
    overtime_3: timedelta = timedelta(hours=14)
    duplicate_within: timedelta = MINUTE


@dataclass(frozen=True, slots=True)
class Attendant:
    """One employee, as far as attendance goes. Both dates of the contract are days of work; None is open.

    Where schedules overlap, the one that began last holds. `holidays` and `leaves` are the person's own: those of the
    company and the area included, those not approved left out.
    """

    zone: ZoneInfo
    hire_date: date | None = None
    leave_date: date | None = None
    enable_att: bool = True
    enable_overtime: bool = True
    enable_holiday: bool = True
    schedules: tuple[Schedule, ...] = ()
    temporary: tuple[TemporarySchedule, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    leaves: tuple[Leave, ...] = ()
    rules: Rules = field(default_factory=Rules)
