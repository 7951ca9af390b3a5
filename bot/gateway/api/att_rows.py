"""Rows of the reports as JSON (manual "5. Att API", 6.7): members and formats are the manual's."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from bot.attendance.schedule import Leave
from bot.attendance.timecard import TimeCard
from bot.biotime.wire.att import AbsenceRow, FirstInLastOutRow, FirstLastRow, PunchRow, TimeCardRow
from bot.biotime.wire.mobile_time import DayException, MobileTimeCard
from bot.biotime.wire.report_times import write_clock, write_report_date, write_span, write_weekday
from bot.gateway.api.att_cards import Card
from bot.gateway.records.reports import ReportPerson

_SPANS = (
    "total_time",
    "duty_wt",
    "actual_wt",
    "unscheduled",
    "total_worked",
    "duration",
    "duty_duration",
    "break_duration",
    "actual_break",
    "taken_break",
    "break_late",
    "break_early",
    "break_absent",
    "late",
    "early_leave",
    "absent",
    "remaining",
    "leave",
    "normal_wt",
    "ot_lv1",
    "ot_lv2",
    "ot_lv3",
)
_CLOCKS = ("check_in", "check_out", "clock_in", "clock_out", "break_out", "break_in")
# Null where there is none, not empty: so the manual has it.
_OVERTIME = ("normal_ot", "weekend_ot", "holiday_ot")
MIDNIGHT = "00:00"


def build_time_card(found: Card, zone: ZoneInfo) -> TimeCardRow:
    card = found.card
    return TimeCardRow(
        uuid=_name(found.person, card.workdate, card.timetable),
        **_person(found.person),
        **_day(card.workdate, write_report_date),
        timetable=card.timetable,
        **_clocks(card, zone),
        **_measures(card),
    )


def build_mobile_time_card(found: Card, zone: ZoneInfo, pay_codes: Sequence[int]) -> MobileTimeCard:
    """`paycode_<id>` in hours of leave. Time outside any timetable is scheduled from 00:00 to 00:00 (6.7)."""
    card, clocks = found.card, _clocks(found.card, zone)
    if card.check_in is None:
        clocks = {**clocks, "check_in": MIDNIGHT, "check_out": MIDNIGHT}
    hours = _hours_by_pay_code(card, found.attendant.leaves)
    return MobileTimeCard.model_validate(
        {
            "id": _name(found.person, card.workdate, card.timetable),
            **_person(found.person),
            **_day(card.workdate, date.isoformat),
            "time_table_alias": card.timetable,
            **clocks,
            **_measures(card),
            **{f"paycode_{pay_code}": f"{hours.get(str(pay_code), 0.0):.1f}" for pay_code in pay_codes},
        }
    )


def build_absence(found: Card, zone: ZoneInfo) -> AbsenceRow:
    card = found.card
    return AbsenceRow(
        uuid=_name(found.person, card.workdate, card.timetable),
        **_person(found.person),
        **_day(card.workdate, write_report_date),
        timetable=card.timetable,
        check_in=write_clock(card.check_in, zone),
        check_out=write_clock(card.check_out, zone),
        duty_duration=write_span(card.duty_duration),
        absent=write_span(card.absent),
        leave=write_span(card.leave),
        attendance_status=str(card.status),
    )


def build_first_last(person: ReportPerson, row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> FirstLastRow:
    """One punch is a first and no last."""
    last_at = row.last_at if row.last_at != row.first_at else None
    return FirstLastRow(
        **_day_of(person, row),
        first_punch=write_clock(row.first_at, zone),
        last_punch=write_clock(last_at, zone),
        total_time=write_span(last_at - row.first_at if last_at else None),
    )


def build_first_in_last_out(person: ReportPerson, row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> FirstInLastOutRow:
    """A check out that is not after the check in is yesterday's, or the same punch."""
    first_at, last_at = row.first_at, row.last_at
    last_at = None if first_at and last_at and last_at <= first_at else last_at
    return FirstInLastOutRow(
        **_day_of(person, row),
        check_in=write_clock(first_at, zone),
        check_out=write_clock(last_at, zone),
        total_time=write_span(last_at - first_at if first_at and last_at else None),
    )


def build_punch(person: ReportPerson, row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> PunchRow:
    at = row.punched_at.astimezone(zone)
    return PunchRow(
        uuid=_name(person, at.date(), str(row.id)),
        **_person(person),
        **_day(at.date(), write_report_date),
        punch_time=f"{at:%H:%M:%S}",
        punch_state=str(row.punch_state),
        work_code=row.work_code or "",
        source=row.source,
        terminal_sn=row.terminal_sn,
        terminal_alias=row.terminal_alias,
        area_alias=row.area_alias,
        gps_location=row.gps_location,
    )


def build_exceptions(cards: Sequence[TimeCard]) -> list[DayException]:
    """A row for each thing that is not as scheduled; a missing punch has no minutes of its own."""
    minute = timedelta(minutes=1)
    return [
        DayException(
            **_day(card.workdate, date.isoformat),
            time_table_alias=card.timetable,
            exception=name,
            minutes=(span or timedelta(0)) // minute,
        )
        for card in cards
        for name, span in _exceptions(card)
    ]


def _exceptions(card: TimeCard) -> list[tuple[str, timedelta | None]]:
    found = [("late", card.late), ("early_leave", card.early_leave), ("absent", card.absent)]
    missing: list[tuple[str, timedelta | None]] = [(str(card.att_exception), None)] if card.att_exception else []
    return [(name, span) for name, span in found if span] + missing


def _day_of(person: ReportPerson, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    day = date.fromisoformat(str(row.day))
    return {"uuid": _name(person, day, ""), **_person(person), **_day(day, write_report_date)}


def _name(person: ReportPerson, day: date, what: str) -> str:
    """The same for the same row however often it is asked for."""
    return str(uuid5(NAMESPACE_URL, f"{person.id}/{day}/{what}"))


def _person(person: ReportPerson) -> dict[str, Any]:
    return {
        "emp_code": person.emp_code,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "nick_name": person.nickname,
        "gender": person.gender,
        "dept_code": person.dept_code,
        "dept_name": person.dept_name,
        "position_code": person.position_code,
        "position_name": person.position_name,
    }


def _day(day: date, write: Callable[[date], str]) -> dict[str, str]:
    return {"att_date": write(day), "weekday": write_weekday(day)}


def _clocks(card: TimeCard, zone: ZoneInfo) -> dict[str, str]:
    return {name: write_clock(getattr(card, name), zone) for name in _CLOCKS}


def _measures(card: TimeCard) -> dict[str, Any]:
    return {
        "att_exception": str(card.att_exception),
        **{name: write_span(getattr(card, name)) for name in _SPANS},
        **{name: write_span(getattr(card, name)) or None for name in _OVERTIME},
        "work_day": f"{card.work_day:.1f}",
        "attendance_status": str(card.status),
    }


def _hours_by_pay_code(card: TimeCard, leaves: Sequence[Leave]) -> dict[str, float]:
    """The card's leave goes to the pay code of the leave that covers most of it."""
    if not card.leave or card.check_in is None or card.check_out is None:
        return {}
    start, end = card.check_in, card.check_out
    most = max(leaves, key=lambda leave: min(leave.end_at, end) - max(leave.start_at, start), default=None)
    return {most.pay_code: card.leave / timedelta(hours=1)} if most else {}
