"""The statements that the two databases spell differently for SQLAlchemy."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, String, Table, any_, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def among(connection: Connection, column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """`column IN (values)` with one bound value however many there are: SQLite takes 32,766, and each costs time."""
    wanted = list(values)
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(String)))
    return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))


def insert_or_ignore(connection: Connection, table: Table, /, *, key: str = "id", **values: Any) -> Any:
    """The new row's key, or None where a unique constraint says that it is there already."""
    statement = _insert_or_ignore(connection.dialect.name, table, key)
    return connection.execute(statement, values).scalar_one_or_none()


@cache
def _insert_or_ignore(dialect: str, table: Table, key: str) -> ReturningInsert[Any]:
    """Built once: building a statement takes longer than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c[key])


def upsert(connection: Connection, table: Table, key: str, **values: Any) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    changed = {name: value for name, value in values.items() if name != key}
    connection.execute(
        insert(table).values(**values).on_conflict_do_update(index_elements=[table.c[key]], set_=changed)
    )


def upsert_row(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """The row with that primary key, made where there is none."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    made = insert(table).values(**key, **values)
    connection.execute(made.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=values))
