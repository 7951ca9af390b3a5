"""The statements that the two databases spell differently for SQLAlchemy."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Result,
    Row,
    String,
    Table,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
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
    """For `insert_rows`, to be given what is to happen on a conflict; no other bound values, and nothing returned."""
    if dialect != "postgresql":
        return sqlite.insert(table).values({name: bindparam(name) for name in names})
    kinds = {name: _unbounded(table.c[name].type) for name in names}
    lists = func.unnest(*(bindparam(name, type_=ARRAY(kind)) for name, kind in kinds.items()))
    rows = lists.table_valued(*(column(name, kind) for name, kind in kinds.items())).render_derived()
    return postgresql.insert(table).from_select(list(names), select(rows))


def insert_rows(
    connection: Connection, statement: postgresql.Insert | sqlite.Insert, rows: Sequence[dict[str, Any]]
) -> int:
    """All of them in one statement of `build_insert`'s; returns how many are new or changed. By the column: PostgreSQL
    takes a list of each, and with SQLAlchemy's look at each value of each row SQLite would take twice as long.
    """
    if not rows:
        return 0
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    if connection.dialect.name == "postgresql":
        return connection.execute(statement, columns, execution_options=_COUNTED).rowcount
    text, writers = _spell_out(statement, connection.dialect)
    values = [_write_all(columns[name], write) for name, write in writers]
    return connection.exec_driver_sql(text, list(zip(*values, strict=True)), execution_options=_COUNTED).rowcount


_COUNTED = {"preserve_rowcount": True}
_Write = Callable[[Any], Any]


@lru_cache(50)
def _spell_out(statement: sqlite.Insert, dialect: Dialect) -> tuple[str, list[tuple[str, _Write | None]]]:
    """The text, and the name of each of its values with what makes it one that the driver takes."""
    spelt = statement.compile(dialect=dialect)
    names = spelt.positiontup or ()
    return str(spelt), [(name, spelt.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]


def _write_all(values: list[Any], write: _Write | None) -> Iterable[Any]:
    """Each different one once: most rows have their times and days in common."""
    if write is None:
        return values
    written = {value: write(value) for value in set(values)}
    return map(written.__getitem__, values)


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
