"""What chats wait for, on both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.database import Database
from bot.store import errands
from bot.store.errands import Errand
from tests.store.rows import MONA, NOW, OMAR

MINUTE = timedelta(minutes=1)
ERRAND = Errand(MONA, 7, "export-pdf:20260201-20260228", "en", NOW + 30 * MINUTE)


async def test_a_chat_waits_for_one_thing(database: Database) -> None:
    later = replace(ERRAND, message_id=9)
    for errand in (ERRAND, later):
        await database.write(lambda c, errand=errand: errands.settle_errand(c, errand))  # type: ignore[misc]
    assert await database.read(lambda c: errands.find_errand(c, MONA)) == later
    assert await database.read(lambda c: errands.find_errand(c, OMAR)) is None
    assert not await database.write(lambda c: errands.drop_errand(c, ERRAND)), "another one by now"
    assert await database.write(lambda c: errands.drop_errand(c, later))
    assert await database.read(lambda c: errands.find_errand(c, MONA)) is None


async def test_whose_lease_is_over_is_left(database: Database) -> None:
    other = replace(ERRAND, chat_id=OMAR)
    for errand in (ERRAND, other):
        await database.write(lambda c, errand=errand: errands.settle_errand(c, errand))  # type: ignore[misc]
    assert await database.read(lambda c: errands.find_left(c, NOW)) == []
    await database.write(lambda c: errands.end_lease(c, other, NOW))
    assert [one.chat_id for one in await database.read(lambda c: errands.find_left(c, NOW))] == [OMAR]
    await database.write(lambda c: errands.end_all_leases(c, NOW - MINUTE))
    assert len(await database.read(lambda c: errands.find_left(c, NOW))) == 2
