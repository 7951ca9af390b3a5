"""Time cards as the client gives them, from the web report (manual 5) and from the mobile page_data (6.7)."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from bot.biotime.wire.att import TimeCardRow
from bot.biotime.wire.mobile_time import MobileTimeCard
from bot.biotime.wire.report_times import read_report_date, read_span


@dataclass(frozen=True, slots=True)
class TimeCard:
    """One employee, date and timetable; an empty `timetable` is time outside any. Times of day are the company's wall
    clock; None is an empty cell. check_in and check_out are scheduled, clock_in and clock_out punched.
    """

    emp_code: str
    first_name: str
    last_name: str
    department_name: str
    workdate: date
    timetable: str
    check_in: time | None
    check_out: time | None
    clock_in: time | None
    clock_out: time | None
    total_time: timedelta | None
    duty_duration: timedelta | None
    total_worked: timedelta | None
    unscheduled: timedelta | None
    late: timedelta | None
    early_leave: timedelta | None
    absent: timedelta | None
    leave: timedelta | None
    remaining: timedelta | None
    overtime: timedelta
    work_day: float
    att_exception: str
    status: str
    leave_hours: dict[str, float] = field(default_factory=dict)
    """By the number of the pay code; the mobile API alone tells them."""


def read_time_card(row: TimeCardRow | MobileTimeCard) -> TimeCard:
    """Raises ValueError."""
    overtime = [read_span(span) for span in (row.normal_ot, row.weekend_ot, row.holiday_ot)]
    mobile = row if isinstance(row, MobileTimeCard) else None
    return TimeCard(
        emp_code=row.emp_code,
        first_name=row.first_name or "",
        last_name=row.last_name or "",
        department_name=row.dept_name or "",
        workdate=read_report_date(row.att_date),
        timetable=row.time_table_alias if isinstance(row, MobileTimeCard) else row.timetable,
        check_in=read_time(row.check_in),
        check_out=read_time(row.check_out),
        clock_in=read_time(row.clock_in),
        clock_out=read_time(row.clock_out),
        total_time=read_span(row.total_time),
        duty_duration=read_span(row.duty_duration),
        total_worked=read_span(row.total_worked),
        unscheduled=read_span(row.unscheduled),
        late=read_span(row.late),
        early_leave=read_span(row.early_leave),
        absent=read_span(row.absent),
        leave=read_span(row.leave),
        remaining=read_span(row.remaining),
        overtime=sum((span for span in overtime if span), timedelta(0)),
        work_day=float(row.work_day or 0),
        att_exception=row.att_exception,
        status=row.attendance_status,
        leave_hours={code: float(hours) for code, hours in mobile.pay_codes.items()} if mobile else {},
    )


def read_time(text: str) -> time | None:
    """`09:00`, with seconds too. Raises ValueError."""
    return time.fromisoformat(text) if text else None
