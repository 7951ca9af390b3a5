"""The time card (manual 5, totalTimeCardReport; wire notes, "The time card, field by field")."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum

from bot.attendance.reasons import Because


class Status(Enum):
    """`attendance_status`: a text and a code. Only the absence's is the manual's; the others are ours, in its form."""

    NONE = ("", "")
    PRESENT = ("Present", "P")
    LATE = ("Late", "L")
    EARLY_LEAVE = ("Early Leave", "E")
    LATE_AND_EARLY_LEAVE = ("Late and Early Leave", "LE")
    SHORT_HOURS = ("Short Hours", "SH")
    ABSENCE = ("Absence", "A")
    LEAVE = ("Leave", "LV")
    HOLIDAY = ("Holiday", "H")
    REST_DAY = ("Rest Day", "R")

    @property
    def text(self) -> str:
        return self.value[0]

    @property
    def code(self) -> str:
        return self.value[1]

    def __str__(self) -> str:
        return f"{self.text}({self.code})" if self.code else ""


class AttException(StrEnum):
    """`att_exception`: what is wrong with the punches, empty on the manual's whole absence."""

    NONE = ""
    MISSING_IN = "Missing Check In"
    MISSING_OUT = "Missing Check Out"


@dataclass(frozen=True, slots=True)
class TimeCard:
    """One employee's day and timetable; an empty `timetable` is time outside any.

    Moments are UTC, durations real elapsed time in whole minutes, None is the report's empty cell. check_in and
    check_out are the scheduled times, clock_in and clock_out the effective punches with their seconds. The names are
    the manual's.
    """

    workdate: date
    timetable: str = ""
    check_in: datetime | None = None
    check_out: datetime | None = None
    clock_in: datetime | None = None
    clock_out: datetime | None = None
    total_time: timedelta | None = None
    duty_wt: timedelta | None = None
    actual_wt: timedelta | None = None
    unscheduled: timedelta | None = None
    total_worked: timedelta | None = None
    duration: timedelta | None = None
    duty_duration: timedelta | None = None
    break_out: datetime | None = None
    break_in: datetime | None = None
    break_duration: timedelta | None = None
    actual_break: timedelta | None = None
    taken_break: timedelta | None = None
    break_late: timedelta | None = None
    break_early: timedelta | None = None
    break_absent: timedelta | None = None
    late: timedelta | None = None
    early_leave: timedelta | None = None
    absent: timedelta | None = None
    work_day: float = 0.0
    remaining: timedelta | None = None
    leave: timedelta | None = None
    normal_wt: timedelta | None = None
    normal_ot: timedelta | None = None
    weekend_ot: timedelta | None = None
    holiday_ot: timedelta | None = None
    ot_lv1: timedelta | None = None
    ot_lv2: timedelta | None = None
    ot_lv3: timedelta | None = None
    att_exception: AttException = AttException.NONE
    status: Status = Status.NONE
    reasons: tuple[Because, ...] = ()

    @property
    def overtime(self) -> timedelta:
        """All kinds together."""
        return sum((o for o in (self.normal_ot, self.weekend_ot, self.holiday_ot) if o is not None), timedelta(0))
