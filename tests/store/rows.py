"""A migrated store and rows to put in it."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.attendance.model import Position, PunchState
from bot.attendance.progress import Progress, State
from bot.database import Database, upgrade
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.schema import MIGRATIONS

NOW = datetime(2024, 6, 3, 5, 0, 0, tzinfo=UTC)
MONA, OMAR = 101, 201
LINK = Link(
    id=0,
    telegram_id=MONA,
    company="Demo Trading",
    emp_id="7c6fdd0a",
    emp_code="1001",
    name="Mona",
    department="Sales",
    position="Sales Executive",
    area="Dubai Office",
    app_role=1,
    token=b"sealed",
    linked_at=NOW,
    token_at=NOW,
)
PUNCH = Punch(
    id=0,
    ref="7K3Q2H",
    source="telegram:101:1",
    link_id=1,
    company="Demo Trading",
    emp_code="1001",
    chat_id=MONA,
    language="en",
    punch_state=PunchState.CHECK_IN,
    recorded_at=NOW,
    position=Position(25.0916434, 55.1586873, 12.0),
    area="Dubai Office",
    distance=3.5,
    inside=True,
    address="7HQQ35R5+MF",
    evidence=("no_accuracy", "no_area"),
    progress=Progress(State.RECORDED, NOW, next_at=NOW),
)


async def migrate(database: Database) -> Database:
    await database.write(upgrade(MIGRATIONS))
    return database


async def add_link(database: Database, link: Link = LINK) -> Link:
    return await database.write(lambda c: links.add_link(c, link))


async def add_punch(database: Database, punch: Punch = PUNCH) -> Punch:
    kept = await database.write(lambda c: punches.add(c, punch, NOW))
    assert kept is not None
    return kept


async def load(database: Database, punch: Punch) -> Punch:
    found = await database.read(lambda c: punches.find(c, punch.id))
    assert found is not None
    return found


def numbered(number: int, progress: Progress = PUNCH.progress, emp_code: str = "1001") -> Punch:
    """Another one, with a source and a ref of its own."""
    return replace(PUNCH, source=f"telegram:101:{number}", ref=f"REF{number:03}", emp_code=emp_code, progress=progress)
