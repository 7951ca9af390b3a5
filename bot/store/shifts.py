"""The shifts that somebody may be missing from, and what belongs to them. Who has come is left out by the database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, and_, exists, func, literal, null, select

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.facts import Shift, ShiftKind, Site
from bot.store.alert_tables import alerts as alert_table
from bot.store.punches import MADE
from bot.store.roster_tables import roster_logs, roster_people, roster_punches, shift_instances
from bot.store.statements import among
from bot.store.tables import punches

# As far back as a shift may have begun that is still going on.
BACK = LONGEST_SHIFT + timedelta(hours=8)

_APPROVED = 2
_S, _P = shift_instances.c, roster_people.c
_DAY: list[Column[Any]] = [
    _S.emp_code, _S.workdate, _S.timetable, _S.kind, _S.area_id, _S.starts_at, _S.ends_at, _S.opens_at,
]  # fmt: skip
_PERSON: list[Column[Any]] = [_P.hire_date, _P.left_at, _P.enable_att, _P.emp_id]
_KINDS = {str(kind): kind for kind in ShiftKind}


def read_shift(row: Sequence[Any]) -> Shift:
    """A row of those that are loaded here, which begin with what a Shift has, in its order."""
    emp_code, workdate, timetable, kind, area_id, starts_at, ends_at, opens_at, *_ = row
    return Shift(emp_code, workdate, timetable, _KINDS[kind], area_id, starts_at, ends_at, opens_at)


def load_silent(connection: Connection, company: str, now: datetime) -> list[Row[Any]]:
    """Of everybody whose shift is going on and who has not punched for it."""
    began = and_(_S.starts_at <= now, _S.starts_at > now - BACK, _S.ends_at >= now)
    since = _find_first_opening(connection, company, began) if connection.dialect.name == "postgresql" else None
    return load_shifts(connection, company, and_(began, ~_has_punched(since), ~_has_punched_here(since)))


def _find_first_opening(connection: Connection, company: str, began: ColumnElement[bool]) -> datetime | None:
    """It follows from the shifts, but PostgreSQL would look at the punches of all the days before; SQLite looks for
    those of one person after the other.
    """
    first = select(func.min(_S.opens_at)).where(_S.company == company, began)
    found: datetime | None = connection.execute(first).scalar_one()
    return found


def load_shifts(connection: Connection, company: str, which: ColumnElement[bool]) -> list[Row[Any]]:
    query = (
        select(*_DAY, *_PERSON)
        .join(roster_people, and_(_P.company == _S.company, _P.emp_code == _S.emp_code))
        .where(_S.company == company, which)
    )
    return list(connection.execute(query).all())


def load_ends(connection: Connection, company: str, emp_code: str, days: Sequence[date]) -> dict[date, datetime]:
    """When the work of each of these days ends for this person; without those of which nothing is known."""
    one = and_(_S.company == company, _S.emp_code == emp_code, _S.workdate.in_(days), _S.kind == ShiftKind.WORK)
    query = select(_S.workdate, func.max(_S.ends_at)).where(one, _S.ends_at.is_not(None)).group_by(_S.workdate)
    return {row[0]: row[1] for row in connection.execute(query)}


def load_running(
    connection: Connection, company: str, since: datetime, before: date
) -> dict[tuple[str, date, str], datetime]:
    """(employee, workdate, timetable) → end of the shifts of days `before` that one which end after `since`."""
    running = and_(
        _S.company == company, _S.workdate < before, _S.ends_at > since, _S.workdate >= before - timedelta(days=3)
    )
    query = select(_S.emp_code, _S.workdate, _S.timetable, func.max(_S.ends_at).label("ends_at")).where(running)
    rows = connection.execute(query.group_by(_S.emp_code, _S.workdate, _S.timetable))
    return {(row.emp_code, row.workdate, row.timetable): row.ends_at for row in rows}


def load_days(
    connection: Connection, company: str, emp_codes: Iterable[str], first: date, last: date
) -> dict[str, list[tuple[date, datetime, datetime]]]:
    """By employee, of the days from `first` to `last`: workdate, from when punches count for the shift, its end."""
    theirs = and_(_S.company == company, among(connection, _S.emp_code, emp_codes), _S.workdate.between(first, last))
    query = select(_S.emp_code, _S.workdate, _S.opens_at, _S.ends_at).where(theirs, _S.opens_at.is_not(None))
    found: dict[str, list[tuple[date, datetime, datetime]]] = defaultdict(list)
    for row in connection.execute(query.where(_S.ends_at.is_not(None))):
        found[row.emp_code].append((row.workdate, row.opens_at, row.ends_at))
    return found


def load_known_times(
    connection: Connection, company: str, emp_codes: Iterable[str], since: datetime
) -> dict[str, list[datetime]]:
    """By employee: when BioTime says that they punched, approved manual logs included."""
    codes, found = list(emp_codes), defaultdict[str, list[datetime]](list)
    p, logs = roster_punches.c, roster_logs.c
    made = select(p.emp_code, p.punched_at).where(
        p.company == company, among(connection, p.emp_code, codes), p.punched_at >= since
    )
    approved = select(logs.emp_code, logs.punched_at).where(
        logs.company == company, among(connection, logs.emp_code, codes), logs.punched_at >= since,
        logs.audit_status == _APPROVED,
    )  # fmt: skip
    for query in (made, approved):
        for row in connection.execute(query):
            found[row.emp_code].append(row.punched_at)
    return found


Name = tuple[str, date, str, datetime]
"""Employee, workdate, timetable and start: no two shifts have it."""


def name_shift(row: Row[Any]) -> Name:
    return row.emp_code, row.workdate, row.timetable, row.starts_at


def load_shifts_of(connection: Connection, company: str, wanted: set[Name]) -> list[Row[Any]]:
    if not wanted:
        return []
    codes, since = {code for code, *_ in wanted}, min(at for *_, at in wanted)
    rows = load_shifts(connection, company, and_(among(connection, _S.emp_code, codes), _S.starts_at >= since))
    return [row for row in rows if name_shift(row) in wanted]


def load_gone(connection: Connection, company: str, which: ColumnElement[bool]) -> list[Row[Any]]:
    """Shifts that these alerts are about and that there are no more: of those people nothing is expected."""
    a = alert_table.c
    when = and_(_S.workdate == a.workdate, _S.timetable == a.timetable, _S.starts_at == a.starts_at)
    there = exists().where(_S.company == a.company, _S.emp_code == a.emp_code, when)
    nothing, times = literal(str(ShiftKind.NONE)).label("kind"), (null().label("ends_at"), null().label("opens_at"))
    query = (
        select(a.emp_code, a.workdate, a.timetable, nothing, a.area_id, a.starts_at, *times, *_PERSON)
        .join(roster_people, and_(_P.company == a.company, _P.emp_code == a.emp_code))
        .where(a.company == company, which, ~there)
        .distinct()
    )
    return list(connection.execute(query).all())


def _has_punched(since: datetime | None) -> ColumnElement[bool]:
    return exists().where(*_for_this_shift(roster_punches, since))


def _has_punched_here(since: datetime | None) -> ColumnElement[bool]:
    """With the bot, whether BioTime has it already or not."""
    return exists().where(*_for_this_shift(punches, since), MADE)


def _for_this_shift(table: Table, since: datetime | None) -> list[ColumnElement[bool]]:
    p = table.c
    found = [
        p.company == _S.company,
        p.emp_code == _S.emp_code,
        p.punched_at >= _S.opens_at,
        p.punched_at <= _S.ends_at,
    ]
    return found if since is None else [*found, p.punched_at >= since]


def load_earlier(
    connection: Connection, company: str, rows: Sequence[Row[Any]]
) -> dict[tuple[str, date, datetime], datetime]:
    """(employee, day, start) → from when punches count for that day's first timetable, where there is one before."""
    days = sorted({row.workdate for row in rows})
    first = func.min(_S.opens_at).label("first")
    theirs = among(connection, _S.emp_code, {row.emp_code for row in rows})
    several = (
        select(_S.emp_code, _S.workdate, first)
        .where(_S.company == company, theirs, _S.workdate.in_(days), _S.opens_at.is_not(None))
        .group_by(_S.emp_code, _S.workdate)
        .having(func.count() > 1)
    )
    begun = {(code, day): opens for code, day, opens in connection.execute(several)}
    return {
        (row.emp_code, row.workdate, row.starts_at): begun[row.emp_code, row.workdate]
        for row in rows
        if (row.emp_code, row.workdate) in begun and row.opens_at and row.opens_at > begun[row.emp_code, row.workdate]
    }


def count_expected(connection: Connection, company: str, sites: set[Site]) -> dict[Site, int]:
    if not sites:
        return {}
    query = (
        select(_S.area_id, _S.timetable, _S.workdate, _S.starts_at, func.count().label("number"))
        .where(
            _S.company == company,
            _S.workdate.in_({site.workdate for site in sites}),
            _S.area_id.in_({site.area_id for site in sites}),
            _S.kind == ShiftKind.WORK,
        )
        .group_by(_S.area_id, _S.timetable, _S.workdate, _S.starts_at)
    )
    counted = {Site(r.area_id, r.timetable, r.workdate, r.starts_at): r.number for r in connection.execute(query)}
    return {site: counted.get(site, 0) for site in sites}
