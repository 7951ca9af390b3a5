"""What the gateway keeps: tables and the queries over them, each a plain function over a connection."""

from pathlib import Path

from bot.database import Database, upgrade

MIGRATIONS = Path(__file__).parent.parent / "migrations"


async def open_records(db: Database) -> None:
    """Brings the tables to this version; safe to call at every start and on every replica at once."""
    await db.write(upgrade(MIGRATIONS))
