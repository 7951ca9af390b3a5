"""People, departments and areas as of the last look at BioTime."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, or_, select

from bot.store.roster_tables import roster_areas, roster_departments, roster_people, roster_person_areas
from bot.store.statements import among


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """`area_ids` in rising order; `phone` and `enable_att` are None where BioTime does not tell. `left_at`: when its
    list no longer had them.
    """

    emp_code: str
    emp_id: str
    name: str
    department_id: int
    position: str
    hire_date: date | None
    area_ids: tuple[int, ...] = ()
    phone: str | None = None
    enable_att: bool | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A department or an area."""

    id: int
    name: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Roster:
    """A company as it is filed; whoever has left is not in it, unless that was asked for."""

    people: Mapping[str, RosterPerson]
    departments: Mapping[int, Place]
    areas: Mapping[int, Place]


def load_roster(connection: Connection, company: str, left_since: datetime | None = None) -> Roster:
    """With who has left since then."""
    c = roster_people.c
    areas_of = load_person_areas(connection, company)
    there = c.left_at.is_(None) if left_since is None else or_(c.left_at.is_(None), c.left_at >= left_since)
    rows = connection.execute(select(*_PERSON).where(c.company == company, there))
    people = {row.emp_code: _read_person(row, areas_of.get(row.emp_code, ())) for row in rows}
    return Roster(people, load_departments(connection, company), load_areas(connection, company))


def load_people(connection: Connection, company: str, emp_codes: Iterable[str]) -> dict[str, RosterPerson]:
    """Those of them who are known, also who has left."""
    wanted, c, areas = list(emp_codes), roster_people.c, roster_person_areas.c
    filed: dict[str, list[int]] = defaultdict(list)
    theirs = select(areas.emp_code, areas.area_id).where(
        areas.company == company, among(connection, areas.emp_code, wanted)
    )
    for code, area in connection.execute(theirs).all():
        filed[code].append(area)
    query = select(*_PERSON).where(c.company == company, among(connection, c.emp_code, wanted))
    return {
        row.emp_code: _read_person(row, tuple(sorted(filed.get(row.emp_code, ()))))
        for row in connection.execute(query).all()
    }


def find_person(connection: Connection, company: str, emp_code: str) -> RosterPerson | None:
    return load_people(connection, company, [emp_code]).get(emp_code)


def load_departments(connection: Connection, company: str) -> dict[int, Place]:
    c = roster_departments.c
    return _read_places(connection.execute(select(c.id, c.name, c.parent_id).where(c.company == company)))


def load_areas(connection: Connection, company: str) -> dict[int, Place]:
    c = roster_areas.c
    return _read_places(connection.execute(select(c.id, c.name, c.parent_id).where(c.company == company)))


def find_codes(connection: Connection, company: str, departments: Iterable[int]) -> set[str]:
    """Who works in one of these, or below one."""
    places, tops, c = load_departments(connection, company), set(departments), roster_people.c
    inside = [place for place in places if tops.intersection(with_parents(places, place))]
    query = select(c.emp_code).where(c.company == company, c.department_id.in_(inside))
    return set(connection.execute(query).scalars()) if inside else set()


def load_person_areas(connection: Connection, company: str) -> dict[str, tuple[int, ...]]:
    c = roster_person_areas.c
    filed: dict[str, list[int]] = defaultdict(list)
    query = select(c.emp_code, c.area_id).where(c.company == company).order_by(c.area_id)
    for emp_code, area_id in connection.execute(query):
        filed[emp_code].append(area_id)
    return {emp_code: tuple(ids) for emp_code, ids in filed.items()}


def with_parents(places: Mapping[int, Place], place_id: int) -> list[int]:
    """A place and all above it. A circle, which BioTime does not forbid, ends where it meets itself."""
    found: list[int] = []
    at: int | None = place_id
    while at is not None and at not in found:
        found.append(at)
        at = places[at].parent_id if at in places else None
    return found


def _read_places(rows: Iterable[Any]) -> dict[int, Place]:
    return {row.id: Place(row.id, row.name, row.parent_id) for row in rows}


_P = roster_people.c
_PERSON: list[Column[Any]] = [
    _P.emp_code, _P.emp_id, _P.name, _P.department_id, _P.position, _P.hire_date, _P.phone, _P.enable_att, _P.left_at,
]  # fmt: skip


def _read_person(row: Sequence[Any], area_ids: tuple[int, ...]) -> RosterPerson:
    """A row of `_PERSON`. By name it would take three times as long, and there may be a hundred thousand."""
    emp_code, emp_id, name, department_id, position, hire_date, *others = row
    return RosterPerson(emp_code, emp_id, name, department_id, position, hire_date, area_ids, *others)
