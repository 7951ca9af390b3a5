"""The reports of the web API: manual "5. Att API".

The time card is the manual's. Of the other reports only the paths are known and what existing clients read of them
(`first_punch`, `last_punch`, `total_time`, `punch_time`, `check_in`, `check_out`); their other members are inferred
from it. Dates `DD-MM-YYYY`, times `HH:MM`, durations `HH:MM` or empty: `times.read_report_date`, `read_report_span`.
"""

from bot.biotime.wire.envelope import Wire


class ReportRow(Wire):
    """Whose row and of which day: how every report begins."""

    uuid: str
    emp_code: str
    first_name: str | None
    last_name: str | None
    nick_name: str | None
    gender: str | None
    dept_code: str | None
    dept_name: str | None
    position_code: str | None
    position_name: str | None
    att_date: str
    weekday: str


class TimeCardRow(ReportRow):
    """One row of totalTimeCardReport: employee, date and timetable. check_in and check_out are the scheduled times,
    clock_in and clock_out the effective punches (wire notes, "The time card, field by field").
    """

    att_exception: str
    timetable: str
    check_in: str
    check_out: str
    clock_in: str
    clock_out: str
    total_time: str
    duty_wt: str
    actual_wt: str
    unscheduled: str
    total_worked: str
    duration: str
    duty_duration: str
    break_out: str
    break_in: str
    break_duration: str
    actual_break: str
    taken_break: str
    break_late: str
    break_early: str
    break_absent: str
    late: str
    early_leave: str
    absent: str
    work_day: str
    remaining: str
    leave: str
    normal_wt: str
    normal_ot: str | None
    weekend_ot: str | None
    holiday_ot: str | None
    ot_lv1: str
    ot_lv2: str
    ot_lv3: str
    attendance_status: str


class FirstLastRow(ReportRow):
    """One row of firstLastReport: the first and the last punch of a calendar day, whatever they say of themselves."""

    first_punch: str
    last_punch: str
    total_time: str


class FirstInLastOutRow(ReportRow):
    """One row of firstInLastOutReport: the first check in and the last check out of a calendar day."""

    check_in: str
    check_out: str
    total_time: str


class PunchRow(ReportRow):
    """One row of transactionReport. `punch_time` is `HH:MM:SS`, `punch_state` text as in the transactions."""

    punch_time: str
    punch_state: str
    work_code: str
    source: int
    terminal_sn: str | None
    terminal_alias: str | None
    area_alias: str | None
    gps_location: str | None


class AbsenceRow(ReportRow):
    """One row of dailyAbsentReport: a time card that was missed in whole or in part."""

    timetable: str
    check_in: str
    check_out: str
    duty_duration: str
    absent: str
    leave: str
    attendance_status: str
