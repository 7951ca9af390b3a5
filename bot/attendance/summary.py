"""Summaries and exceptions of time cards, and of nothing else (manual 6.6, and exception_summary after 6.9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.attendance.reasons import Because
from bot.attendance.timecard import AttException, Status, TimeCard

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many cards were late, left early, absent, on leave or had overtime, as 6.6 counts; then how long in all."""

    late: int
    early_out: int
    absent: int
    leave: int
    overtime: int
    late_time: timedelta
    early_out_time: timedelta
    absent_time: timedelta
    leave_time: timedelta
    overtime_time: timedelta
    duty_time: timedelta
    worked_time: timedelta


@dataclass(frozen=True, slots=True)
class DayException:
    """One card on which something is not as scheduled."""

    workdate: date
    timetable: str
    late: timedelta
    early_out: timedelta
    absent: timedelta
    att_exception: AttException
    status: Status
    reasons: tuple[Because, ...]


def summarise(cards: Iterable[TimeCard]) -> Summary:
    found = list(cards)
    late, early_out, absent, leave, overtime, duty, worked = (
        [time for time in times if time]
        for times in (
            [card.late for card in found],
            [card.early_leave for card in found],
            [card.absent for card in found],
            [card.leave for card in found],
            [card.overtime for card in found],
            [card.duty_duration for card in found],
            [card.total_worked for card in found],
        )
    )
    return Summary(
        late=len(late),
        early_out=len(early_out),
        absent=len(absent),
        leave=len(leave),
        overtime=len(overtime),
        late_time=sum(late, _NOTHING),
        early_out_time=sum(early_out, _NOTHING),
        absent_time=sum(absent, _NOTHING),
        leave_time=sum(leave, _NOTHING),
        overtime_time=sum(overtime, _NOTHING),
        duty_time=sum(duty, _NOTHING),
        worked_time=sum(worked, _NOTHING),
    )


def exceptions(cards: Iterable[TimeCard]) -> list[DayException]:
    """The cards that are late, short, absent or lack a punch, in their order."""
    return [_as_exception(card) for card in cards if _is_exception(card)]


def _is_exception(card: TimeCard) -> bool:
    return bool(card.late or card.early_leave or card.absent or card.att_exception)


def _as_exception(card: TimeCard) -> DayException:
    return DayException(
        card.workdate,
        card.timetable,
        card.late or _NOTHING,
        card.early_leave or _NOTHING,
        card.absent or _NOTHING,
        card.att_exception,
        card.status,
        card.reasons,
    )
