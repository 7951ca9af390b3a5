"""The stamps that tell how BioTime's clock stands."""

from dataclasses import replace
from datetime import timedelta

from bot.attendance.progress import Progress, State
from bot.database import Database
from bot.store.stamps import load_stamps
from tests.store.rows import LINK, NOW, add_link, add_punch, migrate, numbered


async def test_the_newest_of_ours_that_bear_a_stamp(database: Database) -> None:
    store = await migrate(database)
    await add_link(store)
    for number in range(4):
        made = NOW + timedelta(hours=number)
        await add_punch(store, numbered(number, Progress(State.CONFIRMED, made, server_at=made + timedelta(seconds=1))))
    late = Progress(State.MANUAL_CONFIRMED, NOW + timedelta(hours=5), server_at=NOW + timedelta(hours=7))
    await add_punch(store, numbered(4, replace(late, flagged=True)))
    await add_punch(store, numbered(5, Progress(State.RECORDED, NOW + timedelta(hours=6))))
    found = await store.read(lambda c: load_stamps(c, LINK.company, 3))
    assert [made - NOW for made, _ in found] == [timedelta(hours=h) for h in (3, 2, 1)]
    assert {stamped - made for made, stamped in found} == {timedelta(seconds=1)}
    assert await store.read(lambda c: load_stamps(c, "Gulf Services", 3)) == []
