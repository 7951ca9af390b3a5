"""When *Demo Trading* works: an office week, early and late in the warehouse, guards by day and by night; and holidays.

A guard's cycle is two days, two nights and two days off, and the guards begin it one after the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.gateway.records.places import find_or_add_area
from bot.gateway.records.schedule_tables import (
    attendance_rules,
    breaks,
    holidays,
    schedules,
    shift_days,
    shifts,
    timetables,
)
from bot.gateway.sample_staff import WAREHOUSE

OFFICE_WEEK, EARLY_WEEK, LATE_WEEK, GUARDS = "Office week", "Early week", "Late week", "Guards"
GUARD_CYCLE = 6


@dataclass(frozen=True, slots=True)
class _Hours:
    check_in: time
    check_out: time
    break_at: time | None
    break_minutes: int = 0


_HOURS = {
    "Office": _Hours(time(9), time(18), time(13), 60),
    "Early": _Hours(time(6), time(14, 30), time(10), 30),
    "Late": _Hours(time(14), time(22, 30), time(18), 30),
    "Day guard": _Hours(time(7), time(19), None),
    "Night guard": _Hours(time(19), time(7), None),
}
# By the day of the cycle; the days left out are days of rest. A week begins on Monday.
_SHIFTS: Mapping[str, tuple[int, Mapping[int, str]]] = {
    OFFICE_WEEK: (7, dict.fromkeys(range(5), "Office")),
    EARLY_WEEK: (7, dict.fromkeys(range(6), "Early")),
    LATE_WEEK: (7, dict.fromkeys(range(6), "Late")),
    GUARDS: (GUARD_CYCLE, {0: "Day guard", 1: "Day guard", 2: "Night guard", 3: "Night guard"}),
}
_ALLOWED_LATE = 10


def shift_of(role: str, number: int) -> tuple[str, timedelta]:
    """The shift of somebody in the crowd, and how much earlier than the others their cycle begins."""
    if role == "Guard":
        return GUARDS, timedelta(days=number % GUARD_CYCLE)
    if role == "Store":
        return (EARLY_WEEK, LATE_WEEK)[number % 2], timedelta(0)
    return OFFICE_WEEK, timedelta(0)


def add_shifts(conn: Connection, company_id: str) -> Mapping[str, int]:
    """Their ids by name. Half an hour after the end is no overtime yet."""
    conn.execute(attendance_rules.insert().values(company_id=company_id, overtime_from=30))
    ids = {name: _add_timetable(conn, company_id, name, hours) for name, hours in _HOURS.items()}
    return {name: _add_shift(conn, company_id, name, ids) for name in _SHIFTS}


def _add_timetable(conn: Connection, company_id: str, name: str, hours: _Hours) -> int:
    added = timetables.insert().values(
        company_id=company_id,
        alias=name,
        check_in=hours.check_in,
        check_out=hours.check_out,
        allow_late=_ALLOWED_LATE,
        in_behind=240,
        out_ahead=240,
        out_behind=240,
    )
    timetable_id = _id(conn, added.returning(timetables.c.id))
    if hours.break_at:
        planned = {"alias": "Break", "starts": hours.break_at, "minutes": hours.break_minutes}
        conn.execute(breaks.insert().values(timetable_id=timetable_id, **planned))
    return timetable_id


def _add_shift(conn: Connection, company_id: str, name: str, ids: Mapping[str, int]) -> int:
    cycle_days, days = _SHIFTS[name]
    added = shifts.insert().values(company_id=company_id, alias=name, cycle_days=cycle_days)
    shift_id = _id(conn, added.returning(shifts.c.id))
    rows = [{"shift_id": shift_id, "day": day, "timetable_id": ids[timetable]} for day, timetable in days.items()]
    conn.execute(shift_days.insert(), rows)
    return shift_id


def _id(conn: Connection, insert: sa.sql.dml.ReturningInsert[int]) -> int:
    return int(conn.execute(insert).scalar_one())


def add_schedules(conn: Connection, company_id: str, planned: Sequence[tuple[str, int, date]]) -> None:
    """Employee, shift and the day from which on."""
    conn.execute(
        schedules.insert(),
        [
            {"company_id": company_id, "employee_id": employee_id, "shift_id": shift_id, "start_date": start}
            for employee_id, shift_id, start in planned
        ],
    )


def add_holidays(conn: Connection, company_id: str, today: date) -> None:
    """One past and one to come for everybody, and one of the warehouse alone."""
    warehouse = find_or_add_area(conn, company_id, WAREHOUSE)
    conn.execute(holidays.insert(), [{"company_id": company_id, **row} for row in _holidays(today, warehouse)])


def _holidays(today: date, warehouse: int) -> Iterator[dict[str, object]]:
    yield {"alias": "Public holiday", "start_date": today - timedelta(days=23), "duration_day": 1, "area_id": None}
    yield {"alias": "Stocktaking", "start_date": today - timedelta(days=37), "duration_day": 1, "area_id": warehouse}
    yield {"alias": "Public holiday", "start_date": today + timedelta(days=12), "duration_day": 2, "area_id": None}
