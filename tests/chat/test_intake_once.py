"""One update is worked on once, whichever of those that may take it up looks at the inbox at the wrong moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from bot.chat.intake import Intake, Json
from bot.database import Database
from bot.store.cipher import Cipher, new_secret_key
from tests.store.rows import migrate

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
UPDATE: Json = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 71}, "text": "hello"}}


class Late:
    """A database whose next answer arrives late: `meanwhile` happens between the work and its answer."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._late(await self._db.read(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self._late(await self._db.write(work))

    async def _late(self, answer: T) -> T:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return answer


class Desk:
    def __init__(self, database: Database) -> None:
        self.late = Late(database)
        self.seen: list[Any] = []
        self.open = asyncio.Event()
        cipher = Cipher(new_secret_key())
        self.intake = Intake(cast("Database", self.late), cipher, 1, self._process, lambda: NOW)

    async def _process(self, update: Json, attempt: int) -> None:
        await self.open.wait()
        self.seen.append(update["update_id"])


async def test_the_sweep_sees_a_row_before_who_wrote_it_goes_on(database: Database) -> None:
    await migrate(database)
    desk = Desk(database)
    desk.late.meanwhile = desk.intake.resume
    await desk.intake.accept([UPDATE])
    desk.open.set()
    await desk.intake.join()
    assert desk.seen == [7]


async def test_the_sweep_has_done_with_a_row_before_who_wrote_it_goes_on(database: Database) -> None:
    await migrate(database)
    desk = Desk(database)
    desk.open.set()

    async def sweep() -> None:
        await desk.intake.resume()
        await desk.intake.join()

    desk.late.meanwhile = sweep
    await desk.intake.accept([UPDATE])
    await desk.intake.join()
    assert desk.seen == [7]


async def test_a_row_is_done_with_while_the_sweep_still_reads(database: Database) -> None:
    await migrate(database)
    desk = Desk(database)
    await desk.intake.accept([UPDATE])

    async def finish() -> None:
        desk.open.set()
        await desk.intake.join()

    desk.late.meanwhile = finish
    await desk.intake.resume()
    await desk.intake.join()
    assert desk.seen == [7]
