from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from bot.database import Database, upgrade
from bot.store.schema import MIGRATIONS
from bot.store.tables import metadata
from tests.databases import database, database_url
from tests.store.rows import migrate

# Not those of this folder, which are migrated already.
__all__ = ["database", "database_url"]


async def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    await migrate(database)

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert await database.write(compare) == []


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await migrate(database)
    before = await database.write(lambda c: sorted(inspect(c).get_table_names()))
    await database.write(upgrade(MIGRATIONS))
    assert await database.write(lambda c: sorted(inspect(c).get_table_names())) == before
    assert "punches" in before
