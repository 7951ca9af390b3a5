"""Writes what was seen at BioTime. Only what differs is written, so that a look at nothing new costs no disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select, update

from bot.attendance.facts import Shift
from bot.store.roster import Place, RosterPerson
from bot.store.roster_tables import (
    roster_areas,
    roster_departments,
    roster_holidays,
    roster_leaves,
    roster_logs,
    roster_people,
    roster_person_areas,
    roster_punches,
    roster_terminals,
    shift_instances,
    syncs,
)
from bot.store.statements import upsert_row

Row = dict[str, Any]
_PENDING = 1


class Part(StrEnum):
    PEOPLE = "people"
    TIMETABLES = "timetables"
    PUNCHES = "punches"
    TERMINALS = "terminals"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Sync:
    """How far one part is. `cursor` is the part's own word for where it goes on."""

    part: Part
    next_at: datetime
    synced_until: datetime | None = None
    cursor: str | None = None
    failed_since: datetime | None = None
    failure: str | None = None
    told_at: datetime | None = None


def load_syncs(connection: Connection, company: str) -> dict[Part, Sync]:
    rows = connection.execute(select(syncs).where(syncs.c.company == company))
    return {
        Part(row.part): Sync(
            Part(row.part), row.next_at, row.synced_until, row.cursor, row.failed_since, row.failure, row.told_at
        )
        for row in rows
    }


def settle_sync(connection: Connection, company: str, sync: Sync) -> None:
    values = {name: getattr(sync, name) for name in ("next_at", "synced_until", "cursor", "failed_since", "failure")}
    upsert_row(connection, syncs, {"company": company, "part": sync.part}, {**values, "told_at": sync.told_at})


def settle_cursor(connection: Connection, company: str, part: Part, cursor: str, next_at: datetime) -> None:
    """A look that is under way goes on from here, should it be stopped."""
    key = {"company": company, "part": part}
    changed = update(syncs).where(syncs.c.company == company, syncs.c.part == part).values(cursor=cursor)
    if connection.execute(changed).rowcount == 0:
        upsert_row(connection, syncs, key, {"cursor": cursor, "next_at": next_at})


def settle_told(connection: Connection, company: str, part: Part, at: datetime | None) -> None:
    """Whether HR knows that nothing comes of this part."""
    c = syncs.c
    connection.execute(update(syncs).where(c.company == company, c.part == part).values(told_at=at))


# -- people ------------------------------------------------------------------------------------------------------------


def settle_people(connection: Connection, company: str, people: Sequence[RosterPerson], now: datetime) -> None:
    """All of a company's; who is no longer among them has left."""
    wanted = {one.emp_code: _person_row(company, one) for one in people}
    known = {row.emp_code: row for row in connection.execute(_of(roster_people, company))}
    fields = [name for name in next(iter(wanted.values()), {}) if name not in ("company", "emp_code")]
    new = [row for code, row in wanted.items() if code not in known]
    changed = [
        row
        for code, row in wanted.items()
        if code in known and any(getattr(known[code], name) != row[name] for name in fields)
    ]
    gone = [code for code, row in known.items() if code not in wanted and row.left_at is None]
    _insert(connection, roster_people, new)
    if changed:
        _update_all(connection, roster_people, ("company", "emp_code"), changed)
    if gone:
        c = roster_people.c
        left = update(roster_people).where(c.company == company, c.emp_code == bindparam("code")).values(left_at=now)
        connection.execute(left, [{"code": code} for code in gone])
    filed = {(one.emp_code, area_id) for one in people for area_id in one.area_ids}
    _settle_areas(connection, company, filed, set(wanted))


def settle_places(connection: Connection, company: str, departments: Iterable[Place], areas: Iterable[Place]) -> None:
    for table, places in ((roster_departments, departments), (roster_areas, areas)):
        rows = [{"company": company, "id": p.id, "name": p.name, "parent_id": p.parent_id} for p in places]
        _replace(connection, table, company, rows)


def settle_holidays(connection: Connection, company: str, rows: Sequence[Row]) -> None:
    _replace(connection, roster_holidays, company, [{"company": company, **row} for row in rows])


def settle_terminals(connection: Connection, company: str, rows: Sequence[Row]) -> None:
    _replace(connection, roster_terminals, company, [{"company": company, **row} for row in rows])


# -- days --------------------------------------------------------------------------------------------------------------


def settle_shifts(connection: Connection, company: str, days: Iterable[date], shifts: Iterable[Shift]) -> int:
    """All of those days; returns how many rows were written or taken out."""
    c = shift_instances.c
    wanted = {_shift_key(shift): _shift_row(company, shift) for shift in shifts}
    query = select(shift_instances).where(c.company == company, c.workdate.in_(list(days)))
    known = {(r.emp_code, r.workdate, r.timetable, r.starts_at): r for r in connection.execute(query)}
    compared = ("kind", "area_id", "ends_at", "opens_at")
    new, changed = [], []
    for key, row in wanted.items():
        if key not in known:
            new.append(row)
        elif any(getattr(known[key], name) != row[name] for name in compared):
            changed.append({"id": known[key].id, **{name: row[name] for name in compared}})
    gone = [{"held_id": row.id} for key, row in known.items() if key not in wanted]
    if gone:
        connection.execute(delete(shift_instances).where(c.id == bindparam("held_id")), gone)
    _insert(connection, shift_instances, new)
    if changed:
        _update_all(connection, shift_instances, ("id",), changed)
    return len(new) + len(changed) + len(gone)


def load_last_ends(connection: Connection, company: str, day: date) -> dict[str, datetime]:
    """When each person's last timetable of a day ends."""
    c = shift_instances.c
    query = select(c.emp_code, c.ends_at).where(c.company == company, c.workdate == day, c.ends_at.is_not(None))
    return {row.emp_code: row.ends_at for row in connection.execute(query.order_by(c.ends_at))}


# -- punches, requests -------------------------------------------------------------------------------------------------


def add_punches(connection: Connection, company: str, rows: Sequence[Row]) -> None:
    """Those that are there already stay as they are: a punch is a fact."""
    wanted = {row["id"]: {"company": company, **row} for row in rows}
    c = roster_punches.c
    known = set(connection.execute(select(c.id).where(c.company == company, c.id.in_(list(wanted)))).scalars())
    _insert(connection, roster_punches, [row for number, row in wanted.items() if number not in known])


def settle_leaves(connection: Connection, company: str, rows: Sequence[Row], *, whole: bool) -> None:
    """`whole`: there are no others."""
    _settle_filed(connection, roster_leaves, company, rows, whole=whole)


def settle_logs(connection: Connection, company: str, rows: Sequence[Row], *, whole: bool) -> None:
    _settle_filed(connection, roster_logs, company, rows, whole=whole)


def settle_waiting(connection: Connection, company: str, leaves: Iterable[int]) -> None:
    """Of leaves nothing else waits for a decision: what did and is not among them was withdrawn."""
    c, waiting = roster_leaves.c, set(leaves)
    query = select(c.id).where(c.company == company, c.audit_status == _PENDING)
    gone = [{"gone": number} for number in connection.execute(query).scalars() if number not in waiting]
    if gone:
        connection.execute(delete(roster_leaves).where(c.company == company, c.id == bindparam("gone")), gone)


def forget_old(connection: Connection, company: str, before: datetime) -> None:
    """But for what still waits for a decision."""
    for table, column in (
        (roster_punches, roster_punches.c.punched_at),
        (shift_instances, shift_instances.c.workdate),
        (roster_logs, roster_logs.c.punched_at),
        (roster_leaves, roster_leaves.c.ends_at),
    ):
        limit = before.date() if column.name == "workdate" else before
        old = and_(table.c.company == company, column < limit)
        decided = [table.c.audit_status != _PENDING] if "audit_status" in table.c else []
        connection.execute(delete(table).where(old, *decided))


def _settle_filed(connection: Connection, table: Table, company: str, rows: Sequence[Row], *, whole: bool) -> None:
    rows = [{"company": company, **row} for row in rows]
    if whole:
        _replace(connection, table, company, rows)
        return
    known = {row.id: row for row in connection.execute(_of(table, company))}
    _insert(connection, table, [row for row in rows if row["id"] not in known])
    changed = [row for row in rows if row["id"] in known and _differs(known[row["id"]], row)]
    if changed:
        _update_all(connection, table, ("company", "id"), changed)


def _settle_areas(connection: Connection, company: str, filed: set[tuple[str, int]], there: set[str]) -> None:
    """Who has left keeps where they were: whoever managed them there reads of the days before."""
    c = roster_person_areas.c
    query = select(c.emp_code, c.area_id).where(c.company == company)
    known = {(code, area_id) for code, area_id in connection.execute(query)}
    gone = [{"code": code, "area": area} for code, area in known - filed if code in there]
    if gone:
        which = and_(c.company == company, c.emp_code == bindparam("code"), c.area_id == bindparam("area"))
        connection.execute(delete(roster_person_areas).where(which), gone)
    new = [{"company": company, "emp_code": code, "area_id": area} for code, area in sorted(filed - known)]
    _insert(connection, roster_person_areas, new)


def _replace(connection: Connection, table: Table, company: str, rows: Sequence[Row]) -> None:
    names = [column.name for column in table.primary_key if column.name != "company"]
    known = {tuple(getattr(row, n) for n in names): row for row in connection.execute(_of(table, company))}
    wanted = {tuple(row[n] for n in names): row for row in rows}
    gone = [{f"held_{n}": value for n, value in zip(names, key, strict=True)} for key in known if key not in wanted]
    if gone:
        which = [table.c[n] == bindparam(f"held_{n}") for n in names]
        connection.execute(delete(table).where(table.c.company == company, *which), gone)
    _insert(connection, table, [row for key, row in wanted.items() if key not in known])
    changed = [row for key, row in wanted.items() if key in known and _differs(known[key], row)]
    if changed:
        _update_all(connection, table, ("company", *names), changed)


def _differs(known: Any, row: Row) -> bool:
    return any(getattr(known, name) != value for name, value in row.items())


def _of(table: Table, company: str) -> Any:
    return select(table).where(table.c.company == company)


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update_all(connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Row]) -> None:
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in rows[0] if name not in key}
    which = [table.c[name] == bindparam(f"held_{name}") for name in key]
    bound = [{(f"held_{name}" if name in key else f"new_{name}"): value for name, value in row.items()} for row in rows]
    connection.execute(update(table).where(*which).values(**values), bound)


def _person_row(company: str, one: RosterPerson) -> Row:
    names = ("emp_code", "emp_id", "name", "department_id", "position", "hire_date", "phone", "enable_att")
    return {"company": company, **{name: getattr(one, name) for name in names}, "left_at": None}


def _shift_key(shift: Shift) -> tuple[Any, ...]:
    return shift.emp_code, shift.workdate, shift.timetable, shift.starts_at


def _shift_row(company: str, shift: Shift) -> Row:
    names = ("emp_code", "workdate", "timetable", "kind", "area_id", "starts_at", "ends_at", "opens_at")
    return {"company": company, **{name: getattr(shift, name) for name in names}}
