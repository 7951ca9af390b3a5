"""Time and attendance in the mobile API: manual chapters 6.6, 6.7 and exception_summary."""

from pydantic import ConfigDict, JsonValue

from bot.biotime.wire.envelope import Wire


class Summary(Wire):
    """How often in a week or a month (manual 6.6). Neither `status_code` nor `message` goes with it."""

    late: int
    early_out: int
    absent: int
    leave: int
    overtime: int


class MobileTimeCard(Wire):
    """One row of page_data (manual 6.7), in the web envelope. Times `HH:MM`, durations `HH:MM` or empty.

    The manual's example stops after `duration` and goes on with the pay codes (`paycode_15`: "0.0"), which are kept
    as further members; what stands between them is inferred from the web report.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    id: str
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
    """`YYYY-MM-DD`, other than in the web report."""
    weekday: str
    time_table_alias: str
    check_in: str
    check_out: str
    work_day: str
    clock_in: str
    clock_out: str
    break_out: str
    break_in: str
    duration: str
    att_exception: str = ""
    total_time: str = ""
    duty_wt: str = ""
    actual_wt: str = ""
    unscheduled: str = ""
    total_worked: str = ""
    duty_duration: str = ""
    break_duration: str = ""
    actual_break: str = ""
    taken_break: str = ""
    break_late: str = ""
    break_early: str = ""
    break_absent: str = ""
    late: str = ""
    early_leave: str = ""
    absent: str = ""
    remaining: str = ""
    leave: str = ""
    normal_wt: str = ""
    normal_ot: str | None = None
    weekend_ot: str | None = None
    holiday_ot: str | None = None
    ot_lv1: str = ""
    ot_lv2: str = ""
    ot_lv3: str = ""
    attendance_status: str = ""

    @property
    def pay_codes(self) -> dict[str, str]:
        """Hours of leave (inferred) by the number of the pay code: `{"15": "0.0"}`."""
        prefix = "paycode_"
        return {
            name.removeprefix(prefix): str(value)
            for name, value in (self.__pydantic_extra__ or {}).items()
            if name.startswith(prefix)
        }


class DayException(Wire):
    """One row of exception_summary (the URL after manual 6.9; its members are inferred)."""

    att_date: str
    weekday: str
    time_table_alias: str
    exception: str
    """`late`, `early_leave`, `absent` or a missing punch."""
    minutes: int
