"""Lists of timetables, shifts, schedules, holidays and pay codes, and their rows as JSON."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, Table

from bot.biotime.wire import working_time as wire
from bot.gateway.api.att_filters import about, shown_id
from bot.gateway.api.web_lists import WebListing
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import (
    holidays,
    pay_codes,
    schedules,
    shifts,
    temporary_schedules,
    timetables,
)
from bot.gateway.records.schedules import load_breaks, load_days
from bot.gateway.records.tables import employees
from bot.gateway.rest.filters import Filter, number, texts

AnyRow = Row[*tuple[Any, ...]]


def _listing(query: Select[*tuple[Any, ...]], table: Table, filters: dict[str, Filter], *orders: str) -> WebListing:
    return WebListing(
        query=query,
        key=table.c.id,
        company_id=table.c.company_id,
        filters={"id": number(table.c.id), **filters},
        orders={name: table.c[name] for name in ("id", *orders)},
        default=(table.c.id.asc(),),
    )


def _with_employee(table: Table) -> Select[*tuple[Any, ...]]:
    return sa.select(*table.c, employees.c.number, employees.c.emp_code).outerjoin(
        employees, employees.c.id == table.c.employee_id
    )


HOLIDAYS = _listing(
    _with_employee(holidays),
    holidays,
    {**about(holidays.c.employee_id), **texts(alias=holidays.c.alias), "area": number(holidays.c.area_id)},
    "alias",
    "start_date",
)
PAY_CODES = _listing(sa.select(pay_codes), pay_codes, texts(symbol=pay_codes.c.code, name=pay_codes.c.name), "name")
TIMETABLES = _listing(sa.select(timetables), timetables, texts(alias=timetables.c.alias), "alias", "check_in")
SHIFTS = _listing(sa.select(shifts), shifts, texts(alias=shifts.c.alias), "alias")
SCHEDULES = _listing(
    _with_employee(schedules)
    .add_columns(shifts.c.alias.label("shift_alias"))
    .outerjoin(shifts, shifts.c.id == schedules.c.shift_id),
    schedules,
    {**about(schedules.c.employee_id), "shift": number(schedules.c.shift_id)},
    "start_date",
    "end_date",
)
TEMPORARY_SCHEDULES = _listing(
    _with_employee(temporary_schedules),
    temporary_schedules,
    {**about(temporary_schedules.c.employee_id), "timetable": number(temporary_schedules.c.timetable_id)},
    "att_date",
)


def build_holidays(_conn: Connection, rows: Sequence[AnyRow], office: Office) -> list[wire.Holiday]:
    return [
        wire.Holiday(
            id=row.id,
            alias=row.alias,
            start_date=row.start_date.isoformat(),
            duration_day=row.duration_day,
            area=row.area_id,
            employee=shown_id(office, row.employee_id, row.number) if row.employee_id else None,
        )
        for row in rows
    ]


def build_pay_codes(_conn: Connection, rows: Sequence[AnyRow], _office: Office) -> list[wire.PayCode]:
    return [wire.PayCode(id=row.id, symbol=row.code, name=row.name) for row in rows]


def build_timetables(conn: Connection, rows: Sequence[AnyRow], _office: Office) -> list[wire.TimetableRow]:
    breaks = load_breaks(conn, [row.id for row in rows])
    return [
        wire.TimetableRow(
            **{name: getattr(row, name) for name in _PLAIN},
            check_in=row.check_in.isoformat(),
            check_out=row.check_out.isoformat(),
            day_change=row.day_change.isoformat(),
            breaks=[_build_break(kept) for kept in breaks[row.id]],
        )
        for row in rows
    ]


_PLAIN = wire.TimetableRow.model_fields.keys() - {"check_in", "check_out", "day_change", "breaks"}


def build_shifts(conn: Connection, rows: Sequence[AnyRow], _office: Office) -> list[wire.ShiftRow]:
    days = load_days(conn, [row.id for row in rows])
    return [
        wire.ShiftRow(
            id=row.id,
            alias=row.alias,
            cycle_days=row.cycle_days,
            days=[wire.ShiftDay(day=kept.day, timetable=kept.timetable_id) for kept in days[row.id]],
        )
        for row in rows
    ]


def build_schedules(_conn: Connection, rows: Sequence[AnyRow], office: Office) -> list[wire.ScheduleRow]:
    return [
        wire.ScheduleRow(
            id=row.id,
            employee=shown_id(office, row.employee_id, row.number),
            emp_code=row.emp_code,
            shift=row.shift_id,
            shift_alias=row.shift_alias,
            start_date=row.start_date.isoformat(),
            end_date=row.end_date.isoformat() if row.end_date else None,
        )
        for row in rows
    ]


def build_temporary(_conn: Connection, rows: Sequence[AnyRow], office: Office) -> list[wire.TemporaryScheduleRow]:
    return [
        wire.TemporaryScheduleRow(
            id=row.id,
            employee=shown_id(office, row.employee_id, row.number),
            emp_code=row.emp_code,
            att_date=row.att_date.isoformat(),
            timetable=row.timetable_id,
        )
        for row in rows
    ]


def _build_break(kept: AnyRow) -> wire.BreakRow:
    return wire.BreakRow(
        alias=kept.alias,
        starts=kept.starts.isoformat(),
        minutes=kept.minutes,
        paid=kept.paid,
        automatic=kept.automatic,
    )
