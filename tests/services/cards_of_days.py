"""A day on which all was well, as BioTime's time card has it."""

from datetime import date, time, timedelta

from bot.biotime.time_cards import TimeCard

NINE_HOURS = timedelta(hours=9)
CARD = TimeCard(
    emp_code="1001",
    first_name="Mona",
    last_name="",
    department_name="Sales",
    workdate=date(2026, 3, 2),
    timetable="Office",
    check_in=time(9),
    check_out=time(18),
    clock_in=time(9),
    clock_out=time(18),
    total_time=NINE_HOURS,
    duty_duration=NINE_HOURS,
    total_worked=NINE_HOURS,
    unscheduled=None,
    late=None,
    early_leave=None,
    absent=None,
    leave=None,
    remaining=None,
    overtime=timedelta(0),
    work_day=1.0,
    att_exception="",
    status="",
)
