"""What a company files its people under: areas, departments, positions. Each is a tree of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection, Select, Table

from bot.gateway.records.schedule_tables import holidays
from bot.gateway.records.tables import areas, companies, departments, employee_areas, employees, positions, terminals


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three trees; `prefix` begins the names of its columns."""

    name: str
    prefix: str
    table: Table

    @property
    def code(self) -> "Column[str]":
        return self.table.c[f"{self.prefix}_code"]

    @property
    def label(self) -> "Column[str]":
        return self.table.c[f"{self.prefix}_name"]


DEPARTMENTS = Kind("department", "dept", departments)
AREAS = Kind("area", "area", areas)
POSITIONS = Kind("position", "position", positions)


@dataclass(frozen=True, slots=True)
class Place:
    """A department, an area or a position as the lists show one."""

    id: int
    code: str
    name: str
    parent_id: int | None
    parent_name: str | None


@dataclass(frozen=True, slots=True)
class Dependants:
    """What stands in the way of deleting a place."""

    children: int
    employees: int
    former_employees: int
    terminals: int
    holidays: int


def select_places(kind: Kind) -> Select[*tuple[Any, ...]]:
    """Rows that `Place(*row)` takes, of all companies: narrow it down."""
    table, parent = kind.table, kind.table.alias("parent")
    return sa.select(
        table.c.id, kind.code, kind.label, table.c.parent_id, parent.c[kind.label.name].label("parent_name")
    ).select_from(table.outerjoin(parent, parent.c.id == table.c.parent_id))


def find_place(conn: Connection, kind: Kind, company_id: str, place_id: int) -> Place | None:
    query = select_places(kind).where(kind.table.c.id == place_id, kind.table.c.company_id == company_id)
    row = conn.execute(query).one_or_none()
    return Place(*row) if row else None


def known_ids(conn: Connection, kind: Kind, company_id: str, ids: Sequence[int]) -> set[int]:
    """Those that the company has."""
    table = kind.table.c
    return set(conn.scalars(sa.select(table.id).where(table.company_id == company_id, table.id.in_(ids))))


def is_code_taken(conn: Connection, kind: Kind, company_id: str, code: str, but: int | None = None) -> bool:
    table = kind.table.c
    query = sa.select(table.id).where(table.company_id == company_id, kind.code == code, table.id.is_distinct_from(but))
    return conn.execute(query).first() is not None


def add_place(conn: Connection, kind: Kind, company_id: str, values: Mapping[str, object]) -> int:
    added = conn.execute(kind.table.insert().values(company_id=company_id, **values).returning(kind.table.c.id))
    return int(added.scalar_one())


def change_place(conn: Connection, kind: Kind, place_id: int, values: Mapping[str, object]) -> None:
    if values:
        conn.execute(kind.table.update().where(kind.table.c.id == place_id).values(**values))


def remove_place(conn: Connection, kind: Kind, place_id: int) -> None:
    """Raises IntegrityError where something depends on it."""
    conn.execute(kind.table.delete().where(kind.table.c.id == place_id))


def lies_below(conn: Connection, kind: Kind, company_id: str, place_id: int, top_id: int) -> bool:
    """Whether a place is another one, or is somewhere below it. Holds the company's trees until the transaction ends:
    two moves at once, each harmless alone, could close a ring.
    """
    conn.execute(sa.select(companies.c.id).where(companies.c.id == company_id).with_for_update())
    table = kind.table.c
    query = sa.select(table.id, table.parent_id).where(table.company_id == company_id)
    parents: dict[int, int | None] = {row.id: row.parent_id for row in conn.execute(query)}
    above: int | None = place_id
    # At most once through each, should the records hold a ring already.
    for _ in range(len(parents)):
        if above is None or above == top_id:
            break
        above = parents[above]
    return above == top_id


def filed_under(kind: Kind, ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition for employees of these places."""
    if kind is AREAS:
        area = employee_areas.c
        return employees.c.id.in_(sa.select(area.employee_id).where(area.area_id.in_(ids)))
    column: ColumnElement[int] = employees.c[f"{kind.name}_id"]
    return column.in_(ids)


def count_dependants(conn: Connection, kind: Kind, place_id: int) -> Dependants:
    children = _count(conn, kind.table, kind.table.c.parent_id == place_id)
    people = filed_under(kind, [place_id])
    return Dependants(
        children=children,
        employees=_count(conn, employees, people, employees.c.active),
        former_employees=_count(conn, employees, people, ~employees.c.active),
        terminals=_count(conn, terminals, terminals.c.area_id == place_id) if kind is AREAS else 0,
        holidays=_count(conn, holidays, holidays.c.area_id == place_id) if kind is AREAS else 0,
    )


def _count(conn: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one())


def add_area(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, AREAS, company_id, code, name)


def add_department(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, DEPARTMENTS, company_id, code, name)


def add_position(conn: Connection, company_id: str, code: str, name: str) -> int:
    return _add(conn, POSITIONS, company_id, code, name)


def find_or_add_area(conn: Connection, company_id: str, name: str) -> int:
    """By name or code; a new one gets the next free number as its code. Likewise below."""
    return _find_or_add(conn, AREAS, company_id, name)


def find_or_add_department(conn: Connection, company_id: str, name: str) -> int:
    return _find_or_add(conn, DEPARTMENTS, company_id, name)


def find_or_add_position(conn: Connection, company_id: str, name: str) -> int:
    return _find_or_add(conn, POSITIONS, company_id, name)


def _find_or_add(conn: Connection, kind: Kind, company_id: str, name: str) -> int:
    table = kind.table.c
    rows = conn.execute(
        sa.select(table.id, kind.code, kind.label).where(table.company_id == company_id).order_by(table.id)
    ).all()
    # A name wins over a code: a department called "2" is not the second one.
    for column in (2, 1):
        for row in rows:
            if row[column].casefold() == name.casefold():
                return int(row[0])
    code = max((int(row[1]) for row in rows if row[1].isdecimal()), default=0) + 1
    return _add(conn, kind, company_id, str(code), name)


def _add(conn: Connection, kind: Kind, company_id: str, code: str, name: str) -> int:
    return add_place(conn, kind, company_id, {kind.code.name: code, kind.label.name: name})
