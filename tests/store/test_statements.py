"""What the two databases spell differently."""

from sqlalchemy import select

from bot.database import Database
from bot.store.links import add_person
from bot.store.statements import among
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
