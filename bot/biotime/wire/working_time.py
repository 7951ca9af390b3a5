"""What says who works when: holidays, pay codes, timetables, shifts, schedules.

The wire notes name holidays; the others are an extension of ours, so members and paths are our own. Minutes are whole
numbers, times of day `HH:MM:SS`, dates `YYYY-MM-DD`.
"""

from bot.biotime.wire.envelope import Identifier, Wire


class Holiday(Wire):
    """Of an area, of one employee, or with neither of the whole company."""

    id: int
    alias: str
    start_date: str
    duration_day: int
    area: int | None = None
    employee: Identifier | None = None


class PayCode(Wire):
    """What a leave is: annual, sick, … Not `code`: at the top of an answer that is BioTime's word for a failure."""

    id: int
    symbol: str
    name: str


class BreakRow(Wire):
    alias: str
    starts: str
    minutes: int
    paid: bool
    automatic: bool


class TimetableRow(Wire):
    """A working period; check_out at or before check_in is on the next day."""

    id: int
    alias: str
    check_in: str
    check_out: str
    in_ahead: int
    in_behind: int
    out_ahead: int
    out_behind: int
    allow_late: int
    allow_early_leave: int
    must_check_in: bool
    must_check_out: bool
    work_day: float
    duty_minutes: int | None
    flexible: bool
    day_change: str
    breaks: list[BreakRow]


class ShiftDay(Wire):
    """`day` from 0; in a cycle of seven, 0 is Monday."""

    day: int
    timetable: int


class ShiftRow(Wire):
    id: int
    alias: str
    cycle_days: int
    days: list[ShiftDay]


class ScheduleRow(Wire):
    """Without an `end_date` for ever."""

    id: int
    employee: Identifier
    emp_code: str
    shift: int
    shift_alias: str
    start_date: str
    end_date: str | None


class TemporaryScheduleRow(Wire):
    """Another timetable on one day, or with none a day off."""

    id: int
    employee: Identifier
    emp_code: str
    att_date: str
    timetable: int | None


class BreakBody(Wire):
    alias: str = ""
    starts: str
    minutes: int
    paid: bool = False
    automatic: bool = True


class TimetableBody(Wire):
    """Body of POST, PUT and PATCH timetables: what is not set keeps its default, or its value."""

    alias: str | None = None
    check_in: str | None = None
    check_out: str | None = None
    in_ahead: int | None = None
    in_behind: int | None = None
    out_ahead: int | None = None
    out_behind: int | None = None
    allow_late: int | None = None
    allow_early_leave: int | None = None
    must_check_in: bool | None = None
    must_check_out: bool | None = None
    work_day: float | None = None
    duty_minutes: int | None = None
    flexible: bool | None = None
    day_change: str | None = None
    breaks: list[BreakBody] | None = None


class ShiftBody(Wire):
    alias: str | None = None
    cycle_days: int | None = None
    days: list[ShiftDay] | None = None


class ScheduleBody(Wire):
    employee: Identifier | None = None
    shift: int | None = None
    start_date: str | None = None
    end_date: str | None = None


class TemporaryScheduleBody(Wire):
    employee: Identifier | None = None
    att_date: str | None = None
    timetable: int | None = None


class HolidayBody(Wire):
    alias: str | None = None
    start_date: str | None = None
    duration_day: int | None = None
    area: int | None = None
    employee: Identifier | None = None


class PayCodeBody(Wire):
    symbol: str | None = None
    name: str | None = None
