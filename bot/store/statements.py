"""The one statement that the two databases spell differently for SQLAlchemy."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table, /, *, key: str = "id", **values: Any) -> Any:
    """The new row's key, or None where a unique constraint says that it is there already."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(table.c[key])
    return connection.execute(statement).scalar_one_or_none()


def upsert(connection: Connection, table: Table, key: str, **values: Any) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    changed = {name: value for name, value in values.items() if name != key}
    connection.execute(
        insert(table).values(**values).on_conflict_do_update(index_elements=[table.c[key]], set_=changed)
    )
