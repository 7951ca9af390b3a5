"""What says who works when, as it is kept: timetables with their breaks, shifts with their days, schedules, holidays.

`working_time` reads the same tables as values to reckon with.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection, FromClause, Row, Table

from bot.gateway.records.schedule_tables import (
    breaks,
    leaves,
    pay_codes,
    schedules,
    shift_days,
    shifts,
    temporary_schedules,
    timetables,
)

Values = Mapping[str, object]

DEPENDANTS: Mapping[Table, Sequence["Column[Any]"]] = {
    timetables: (shift_days.c.timetable_id, temporary_schedules.c.timetable_id),
    shifts: (schedules.c.shift_id,),
    pay_codes: (leaves.c.pay_code_id,),
}
"""Who would be orphaned by a delete."""


def add_record(conn: Connection, table: Table, company_id: str, values: Values) -> int:
    added = conn.execute(table.insert().values(company_id=company_id, **values).returning(table.c.id))
    return int(added.scalar_one())


def change_record(conn: Connection, table: Table, record_id: int, values: Values) -> None:
    if values:
        conn.execute(table.update().where(table.c.id == record_id).values(**values))


def remove_record(conn: Connection, table: Table, record_id: int) -> bool:
    """False: others refer to it, and nothing was removed."""
    for column in DEPENDANTS.get(table, ()):
        if conn.execute(sa.select(column).where(column == record_id).limit(1)).one_or_none() is not None:
            return False
    conn.execute(table.delete().where(table.c.id == record_id))
    return True


def is_known(conn: Connection, table: FromClause, company_id: str, *conditions: ColumnElement[bool]) -> bool:
    """Whether the company has such a record."""
    query = sa.select(table.c.id).where(table.c.company_id == company_id, *conditions)
    return conn.execute(query.limit(1)).one_or_none() is not None


def replace_breaks(conn: Connection, timetable_id: int, rows: Sequence[Values]) -> None:
    _replace(conn, breaks, breaks.c.timetable_id, timetable_id, rows)


def replace_days(conn: Connection, shift_id: int, rows: Sequence[Values]) -> None:
    _replace(conn, shift_days, shift_days.c.shift_id, shift_id, rows)


def load_breaks(conn: Connection, timetable_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """By timetable, in the order of the day."""
    return _load(conn, breaks, breaks.c.timetable_id, timetable_ids, breaks.c.starts)


def load_days(conn: Connection, shift_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """By shift, in the order of the cycle."""
    return _load(conn, shift_days, shift_days.c.shift_id, shift_ids, shift_days.c.day)


def _replace(conn: Connection, table: Table, parent: "Column[int]", parent_id: int, rows: Sequence[Values]) -> None:
    conn.execute(table.delete().where(parent == parent_id))
    if rows:
        conn.execute(table.insert(), [{parent.name: parent_id, **row} for row in rows])


def _load(
    conn: Connection, table: Table, parent: "Column[int]", parent_ids: Sequence[int], order: "Column[Any]"
) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {parent_id: [] for parent_id in parent_ids}
    for row in conn.execute(sa.select(table).where(parent.in_(parent_ids)).order_by(order, table.c.id)):
        found[getattr(row, parent.name)].append(row)
    return found
