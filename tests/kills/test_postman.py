"""kill -9 while alerts are delivered: what was claimed comes when its lease is over, and nobody is passed over."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.database import Database
from bot.store import links, outbox
from bot.store.dispatch import LEASE
from bot.store.messages import New, Topic
from tests.kills.postman import Postman
from tests.store.rows import LINK, NOW, migrate

COMPANY, OMAR = LINK.company, replace(LINK, emp_code="1002", telegram_id=201)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """A store with one alert for Omar."""
    found = f"sqlite:///{tmp_path}/store.db"
    db = await Database.open(found)
    await migrate(db)
    await db.write(lambda c: links.add_person(c, OMAR.telegram_id, "device", "en"))
    await db.write(lambda c: links.add_link(c, OMAR))
    news = [New(OMAR.emp_code, Topic.UNLINKED, "1", NOW, {"manager": "1009"})]
    await db.write(lambda c: outbox.add_messages(c, COMPANY, news, NOW))
    await db.close()
    return found


async def count_states(url: str) -> dict[str, int]:
    db = await Database.open(url)
    found = await db.read(outbox.count_states)
    await db.close()
    return found


async def test_the_process_is_killed_between_claim_and_send(url: str) -> None:
    first = await Postman.start(url, COMPANY, NOW)
    assert await first.listen() == {"id": 1, "chat": 201, "repeat": False}, "claimed, and about to be sent"
    await first.kill()
    assert await count_states(url) == {"sending": 1}

    second = await Postman.start(url, COMPANY, NOW + LEASE / 2)
    assert await second.listen() == {"done": 0}, "perhaps the first one is only slow"
    second.answer(NOW + LEASE)
    assert await second.listen() == {"id": 1, "chat": 201, "repeat": True}, "and says that it may be a repeat"
    second.answer(NOW + LEASE, id=1)
    assert await second.listen() == {"done": 1}
    second.answer(NOW + 3 * LEASE)
    assert await second.listen() == {"done": 0}
    await second.end()
    assert await count_states(url) == {"sent": 1}
