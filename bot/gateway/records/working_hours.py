"""A company's timetables, shifts and rules, read from the tables as the values that `bot.attendance` reckons with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.attendance.schedule import Missing, Rules, Shift
from bot.attendance.timetable import Break, Timetable
from bot.gateway.records.attendance_rules import find_rules
from bot.gateway.records.schedule_tables import breaks, shift_days, shifts, timetables

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """What holds for the whole company. Shifts and timetables by their ids."""

    company_id: str
    zone: ZoneInfo
    rules: Rules
    timetables: dict[int, Timetable]
    shifts: dict[int, Shift]


def load_working_hours(conn: Connection, company_id: str, zone: ZoneInfo) -> WorkingHours:
    found = _load_timetables(conn, company_id)
    return WorkingHours(company_id, zone, _load_rules(conn, company_id), found, _load_shifts(conn, company_id, found))


def _load_timetables(conn: Connection, company_id: str) -> dict[int, Timetable]:
    rows = conn.execute(sa.select(timetables).where(timetables.c.company_id == company_id)).all()
    planned: dict[int, list[Break]] = defaultdict(list)
    mine = sa.select(timetables.c.id).where(timetables.c.company_id == company_id)
    for row in conn.execute(sa.select(breaks).where(breaks.c.timetable_id.in_(mine)).order_by(breaks.c.starts)):
        planned[row.timetable_id].append(Break(row.starts, _minutes(row.minutes), row.paid, row.automatic))
    return {row.id: _read_timetable(row, planned[row.id]) for row in rows}


def _read_timetable(row: AnyRow, planned: Iterable[Break]) -> Timetable:
    return Timetable(
        id=row.id,
        alias=row.alias,
        check_in=row.check_in,
        check_out=row.check_out,
        in_ahead=_minutes(row.in_ahead),
        in_behind=_minutes(row.in_behind),
        out_ahead=_minutes(row.out_ahead),
        out_behind=_minutes(row.out_behind),
        allow_late=_minutes(row.allow_late),
        allow_early_leave=_minutes(row.allow_early_leave),
        must_check_in=row.must_check_in,
        must_check_out=row.must_check_out,
        work_day=row.work_day,
        duty=None if row.duty_minutes is None else _minutes(row.duty_minutes),
        flexible=row.flexible,
        day_change=row.day_change,
        breaks=tuple(planned),
    )


def _load_shifts(conn: Connection, company_id: str, known: dict[int, Timetable]) -> dict[int, Shift]:
    rows = conn.execute(sa.select(shifts).where(shifts.c.company_id == company_id)).all()
    days: dict[int, dict[int, list[Timetable]]] = defaultdict(lambda: defaultdict(list))
    mine = sa.select(shifts.c.id).where(shifts.c.company_id == company_id)
    for row in conn.execute(sa.select(shift_days).where(shift_days.c.shift_id.in_(mine)).order_by(shift_days.c.id)):
        days[row.shift_id][row.day].append(known[row.timetable_id])
    return {
        row.id: Shift(row.id, row.cycle_days, {day: tuple(found) for day, found in days[row.id].items()})
        for row in rows
    }


def _load_rules(conn: Connection, company_id: str) -> Rules:
    """The defaults where the company has set none."""
    row = find_rules(conn, company_id)
    if row is None:
        return Rules()
    return Rules(
        rounding=_minutes(row.rounding),
        late_is_absent=None if row.late_is_absent is None else _minutes(row.late_is_absent),
        early_is_absent=None if row.early_is_absent is None else _minutes(row.early_is_absent),
        missing_in=Missing(row.missing_in),
        missing_out=Missing(row.missing_out),
        missing_cost=_minutes(row.missing_minutes),
        overtime_from=_minutes(row.overtime_from),
        overtime_1=_minutes(row.overtime_1),
        overtime_2=_minutes(row.overtime_2),
        overtime_3=_minutes(row.overtime_3),
        duplicate_within=timedelta(seconds=row.duplicate_seconds),
    )


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)
