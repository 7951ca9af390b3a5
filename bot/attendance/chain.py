"""What the gates saw on the way to an alert, kept so that "why?" has an answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Gate(StrEnum):
    """In this order; an alert has passed them all."""

    EMPLOYED = "employed"
    TIMETABLE = "timetable"
    FIXED_HOURS = "fixed_hours"
    NO_HOLIDAY = "no_holiday"
    NO_LEAVE = "no_leave"
    NO_PERMISSION = "no_permission"
    OVERDUE = "overdue"
    NO_PUNCH = "no_punch"
    FRESH = "fresh"
    NEW = "new"


class Stop(StrEnum):
    """Why a gate did not let somebody pass."""

    LEFT = "left"
    NOT_HIRED_YET = "not_hired_yet"
    ATTENDANCE_OFF = "attendance_off"
    EXCLUDED = "excluded"
    NO_TIMETABLE = "no_timetable"
    REST_DAY = "rest_day"
    FLEXIBLE = "flexible"
    HOLIDAY = "holiday"
    LEAVE = "leave"
    EXCUSED = "excused"
    NOT_YET = "not_yet"
    OVER = "over"
    PUNCHED = "punched"
    DOUBTED = "doubted"
    """Punched, at a terminal whose clock is wrong."""
    INSIDE = "inside"
    LOG_PENDING = "log_pending"
    SYNC_LATE = "sync_late"
    TERMINAL_SILENT = "terminal_silent"
    TOLD = "told"


class Step(NamedTuple):
    """What one gate saw. `at` and `name` are what the sentence about it needs.

    A tuple: a scan makes ten of each person, and a frozen dataclass takes five times as long to make.
    """

    gate: Gate
    stop: Stop | None
    at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The gates up to the one that did not let pass."""

    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def passed(self) -> bool:
        return self.last.stop is None

    def has_passed(self, gate: Gate) -> bool:
        return any(step.gate is gate and step.stop is None for step in self.steps)
