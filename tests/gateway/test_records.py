"""The tables: made by the migrations, found by indexes."""

import asyncio
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.records import open_records
from bot.gateway.records.companies import company_label
from bot.gateway.records.tables import metadata
from tests.gateway.world import World


async def test_migrations_make_exactly_the_tables(database: Database) -> None:
    await open_records(database)
    await open_records(database)

    def differences(conn: Connection) -> list[object]:
        options = {"version_table": "gateway_version", "compare_type": True}
        return list(compare_metadata(MigrationContext.configure(conn, opts=options), metadata))

    assert await database.read(differences) == []


OPEN = """
import asyncio, sys
from bot.database import Database
from bot.gateway.records import open_records

async def main() -> None:
    db = await Database.open(sys.argv[1])
    await open_records(db)
    await db.close()

asyncio.run(main())
"""


async def test_replicas_start_at_once(database_url: str) -> None:
    replicas = [await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN, database_url) for _ in range(2)]
    assert [await replica.wait() for replica in replicas] == [0, 0]


async def test_ids_are_never_given_twice(world: World) -> None:
    table = metadata.tables["areas"]

    def add(conn: Connection) -> int:
        values = {"company_id": world.demo.id, "area_code": "new", "area_name": "new"}
        return int(conn.execute(table.insert().values(values).returning(table.c.id)).scalar_one())

    first = await world.db.write(add)
    await world.db.write(lambda conn: conn.execute(table.delete().where(table.c.id == first)))
    assert await world.db.write(add) > first


@pytest.mark.parametrize(
    ("column", "index"),
    [
        ("employee_id", "ix_transactions_employee_id_punched_at"),
        ("company_id", "ix_transactions_company_id_punched_at"),
    ],
)
async def test_newest_punches_come_from_an_index(small_world: World, column: str, index: str) -> None:
    table = metadata.tables["transactions"]
    query = sa.select(table.c.id).where(table.c[column] == "x").order_by(table.c.punched_at.desc(), table.c.id.desc())

    def plan(conn: Connection) -> str:
        text = str(query.compile(conn, compile_kwargs={"literal_binds": True}))
        return str(conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())

    assert index in await small_world.db.read(plan)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Demo Trading", "demo-trading"),
        ("demozkdx", "demozkdx"),
        ("  A & B__C. ", "a-b-c"),
        ("شركة", "شركة"),
        ("!", ""),
    ],
)
def test_label(name: str, label: str) -> None:
    assert company_label(name) == label
