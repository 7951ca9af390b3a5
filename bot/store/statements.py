"""The statements that the two databases spell differently for SQLAlchemy."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    Result,
    Row,
    String,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from bot.store.tables import Word

Ts = TypeVarTuple("Ts")


def among(connection: Connection, column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """`column IN (values)` with one bound value however many there are: SQLite takes 32,766, and each costs time."""
    wanted = list(values)
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, ARRAY(String)))
    return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))


def read_all(found: Result[*Ts]) -> list[Row[*Ts]]:
    """What may be thousands, in pieces: no other thread, the loop's neither, runs while one of them is being made."""
    return [row for some in found.partitions(1_000) for row in some]


def insert_or_ignore(connection: Connection, table: Table, /, *, key: str = "id", **values: Any) -> Any:
    """The new row's key, or None where a unique constraint says that it is there already."""
    statement = _insert_or_ignore(connection.dialect.name, table, key)
    return connection.execute(statement, values).scalar_one_or_none()


@cache
def _insert_or_ignore(dialect: str, table: Table, key: str) -> ReturningInsert[Any]:
    """Built once: building a statement takes longer than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c[key])


def build_insert(dialect: str, table: Table, names: Sequence[str]) -> postgresql.Insert | sqlite.Insert:
    """For `insert_rows`, to be given what is to happen on a conflict. No other bound values, and nothing returned: with
    either, SQLAlchemy takes many times as long.
    """
    if dialect != "postgresql":
        return sqlite.insert(table).values({name: bindparam(name) for name in names})
    columns = [column(name, _unbounded(table.c[name].type)) for name in names]
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON)).table_valued(*columns)
    return postgresql.insert(table).from_select(list(names), select(rows.render_derived(with_types=True)))


def insert_rows(
    connection: Connection, statement: postgresql.Insert | sqlite.Insert, rows: Sequence[dict[str, Any]]
) -> int:
    """All of them in one statement of `build_insert`'s; returns how many are new or changed. PostgreSQL gets them as
    one text: each bound value costs it more than the row.
    """
    if not rows:
        return 0
    values = {"rows": _encode(rows)} if connection.dialect.name == "postgresql" else rows
    return connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount


# `lambda`: date.isoformat itself, asked of a datetime, leaves the time of day out.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=lambda day: day.isoformat()).encode


def _unbounded(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """A cast to VARCHAR(10) cuts off without a word what is too long; a column refuses it."""
    return Text() if isinstance(kind, String | Word) else kind


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
