"""What the two databases spell differently."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError

from bot.database import Database
from bot.store.alert_tables import alert_recipients
from bot.store.links import add_person
from bot.store.statements import among, build_insert, insert_rows
from bot.store.tables import people
from tests.store.rows import migrate


async def test_among_more_values_than_a_statement_takes(database: Database) -> None:
    await migrate(database)
    await database.write(lambda c: add_person(c, 201, "device", "en"))
    wanted = ["device", *map(str, range(70_000))]
    query = select(people.c.telegram_id)
    found = await database.read(lambda c: c.execute(query.where(among(c, people.c.client_id, wanted))).scalars().all())
    assert found == [201]
    none = await database.read(lambda c: c.execute(query.where(among(c, people.c.client_id, []))).scalars().all())
    assert none == []


NAMES = ("company", "instance", "recipient", "emp_code", "due_at", "left_by", "named_at")
ROW = {
    "company": 'Demo "Trading" \\ 1',
    "instance": "{'النوبة', \"Tag\"}, 👔\n",
    "recipient": "2001",
    "emp_code": "1002",
    "due_at": datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=-7))),
    "left_by": "",
    "named_at": None,
}
LATER = ROW | {"emp_code": "'; --", "due_at": datetime(2026, 3, 2, tzinfo=UTC), "named_at": ROW["due_at"]}


async def test_many_rows_arrive_as_they_are(database: Database) -> None:
    await migrate(database)
    rows = [ROW, LATER, ROW]

    def work(connection: Connection) -> int:
        statement = build_insert(connection.dialect.name, alert_recipients, NAMES).on_conflict_do_nothing()
        return insert_rows(connection, statement, rows) + insert_rows(connection, statement, rows)

    assert await database.write(work) == 2
    columns = [alert_recipients.c[name] for name in NAMES]
    found = await database.read(lambda c: c.execute(select(*columns).order_by("emp_code")).mappings().all())
    assert [dict(one) for one in found] == [LATER, ROW]


async def test_what_is_too_long_for_its_column_is_not_cut(database: Database) -> None:
    """SQLite knows no lengths."""
    await migrate(database)
    too_long = ROW | {"instance": "x" * 201}

    def work(connection: Connection) -> str:
        insert_rows(connection, build_insert(connection.dialect.name, alert_recipients, NAMES), [too_long])
        return str(connection.execute(select(alert_recipients.c.instance)).scalar_one())

    with suppress(DataError):
        assert await database.write(work) == too_long["instance"]
