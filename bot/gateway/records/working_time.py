"""People as `bot.attendance` reckons with them: schedules, holidays and leaves, read from the tables.

However many people are asked for, the number of queries stays the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select

from bot.attendance.schedule import Attendant, Holiday, Leave, Schedule, TemporarySchedule
from bot.gateway.records.kinds import AuditStatus
from bot.gateway.records.schedule_tables import holidays, leaves, schedules, temporary_schedules
from bot.gateway.records.tables import employee_areas, employees
from bot.gateway.records.working_hours import WorkingHours

# A punch may belong to a shift that began two days before (`bot.attendance.timecards`).
MARGIN = timedelta(days=2)
LONGEST_HOLIDAY = timedelta(days=366)
AnyRow = Row[*tuple[Any, ...]]


def load_attendants(
    conn: Connection, hours: WorkingHours, employee_ids: Sequence[str], first: date, last: date
) -> dict[str, Attendant]:
    """By employee, with all that bears on `first` to `last`. Whoever is not the company's is not in it."""
    since, until = first - MARGIN, last + MARGIN
    asked = {
        "company": hours.company_id,
        "people": employee_ids,
        "since": since,
        "until": until,
        "since_at": midnight(since, hours.zone),
        "until_at": midnight(until + timedelta(days=1), hours.zone),
    }
    people = conn.execute(_PEOPLE, asked).all()
    scheduled = _by_employee(conn, _SCHEDULES, asked)
    temporary = _by_employee(conn, _TEMPORARY, asked)
    away = _by_employee(conn, _LEAVES, asked)
    free = _load_holidays(conn, hours.company_id, employee_ids, since, until)
    return {
        row.id: Attendant(
            zone=hours.zone,
            hire_date=row.hire_date,
            leave_date=row.leave_date,
            enable_att=row.enable_att,
            enable_overtime=row.enable_overtime,
            enable_holiday=row.enable_holiday,
            schedules=tuple(Schedule(hours.shifts[s.shift_id], s.start_date, s.end_date) for s in scheduled[row.id]),
            temporary=tuple(
                TemporarySchedule(t.att_date, hours.timetables.get(t.timetable_id)) for t in temporary[row.id]
            ),
            holidays=free[row.id],
            leaves=tuple(Leave(a.start_at, a.end_at, str(a.pay_code_id)) for a in away[row.id]),
            rules=hours.rules,
        )
        for row in people
    }


def _by_employee(
    conn: Connection, query: Select[*tuple[Any, ...]], asked: Mapping[str, object]
) -> dict[str, list[AnyRow]]:
    found: dict[str, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(query, asked):
        found[row.employee_id].append(row)
    return found


# Built once: for a report of a big company they are asked again and again, for some of the people each time.
_person, _schedule, _temporary, _leave = employees.c, schedules.c, temporary_schedules.c, leaves.c
_THESE: sa.BindParameter[Sequence[str]] = sa.bindparam("people", expanding=True)
_SINCE, _UNTIL = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_PEOPLE = sa.select(
    _person.id,
    _person.hire_date,
    _person.leave_date,
    _person.enable_att,
    _person.enable_overtime,
    _person.enable_holiday,
).where(_person.id.in_(_THESE), _person.company_id == sa.bindparam("company"))
_SCHEDULES = (
    sa.select(_schedule.employee_id, _schedule.shift_id, _schedule.start_date, _schedule.end_date)
    .where(
        _schedule.employee_id.in_(_THESE),
        _schedule.start_date <= _UNTIL,
        sa.or_(_schedule.end_date.is_(None), _schedule.end_date >= _SINCE),
    )
    # Of two that begin on one day the one that was made last holds: it stands first among equals.
    .order_by(_schedule.start_date, _schedule.id.desc())
)
_TEMPORARY = (
    sa.select(_temporary.employee_id, _temporary.att_date, _temporary.timetable_id)
    .where(_temporary.employee_id.in_(_THESE), _temporary.att_date.between(_SINCE, _UNTIL))
    .order_by(_temporary.att_date, _temporary.id)
)
_LEAVES = (
    sa.select(_leave.employee_id, _leave.start_at, _leave.end_at, _leave.pay_code_id)
    .where(
        _leave.employee_id.in_(_THESE),
        _leave.audit_status == AuditStatus.APPROVED.value,
        _leave.start_at < sa.bindparam("until_at"),
        _leave.end_at > sa.bindparam("since_at"),
    )
    .order_by(_leave.start_at, _leave.id)
)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _load_holidays(
    conn: Connection, company_id: str, employee_ids: Sequence[str], since: date, until: date
) -> dict[str, tuple[Holiday, ...]]:
    """Of each employee: the company's, those of their areas, their own."""
    holiday = holidays.c
    rows = conn.execute(
        sa.select(holidays)
        .where(holiday.company_id == company_id, holiday.start_date.between(since - LONGEST_HOLIDAY, until))
        .order_by(holiday.start_date, holiday.id)
    ).all()
    near = [row for row in rows if row.start_date + timedelta(days=row.duration_day) > since]
    areas = _load_areas(conn, employee_ids) if any(row.area_id for row in near) else {}
    return {
        employee_id: tuple(
            Holiday(row.start_date, row.duration_day, row.alias)
            for row in near
            if row.employee_id == employee_id
            or (row.employee_id is None and (row.area_id is None or row.area_id in areas.get(employee_id, ())))
        )
        for employee_id in employee_ids
    }


def _load_areas(conn: Connection, employee_ids: Sequence[str]) -> dict[str, set[int]]:
    area = employee_areas.c
    found: dict[str, set[int]] = defaultdict(set)
    for row in conn.execute(sa.select(area.employee_id, area.area_id).where(area.employee_id.in_(employee_ids))):
        found[row.employee_id].add(row.area_id)
    return found
