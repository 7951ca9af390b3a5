"""Why a time card says what it says: named reasons with their values, for "why am I marked late?"."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    # Of the day.
    HOLIDAY = "holiday"
    REST_DAY = "rest_day"
    NO_SCHEDULE = "no_schedule"
    NOT_EMPLOYED = "not_employed"
    ON_LEAVE = "on_leave"
    TEMPORARY_SCHEDULE = "temporary_schedule"
    UNSCHEDULED = "unscheduled"
    # Of the punches.
    STILL_RUNNING = "still_running"
    NO_PUNCH = "no_punch"
    NO_PUNCH_NEEDED = "no_punch_needed"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    # Of the time.
    LATE = "late"
    WITHIN_GRACE = "within_grace"
    LATE_IS_ABSENT = "late_is_absent"
    EARLY_LEAVE = "early_leave"
    EARLY_IS_ABSENT = "early_is_absent"
    BREAK_OVERRUN = "break_overrun"
    SHORT_HOURS = "short_hours"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason. `at` is the punch (UTC), `due` when it was due, `by` how much it is about, `allowed` what is free."""

    reason: Reason
    at: datetime | None = None
    due: datetime | None = None
    by: timedelta | None = None
    allowed: timedelta | None = None
