"""An update that nobody could keep is let go; the others, by webhook or by polling, come in."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.chat.intake import Json, poll
from bot.playground.people import Person
from bot.web.entrance import WEBHOOK_PATH, build_entrance
from tests import words
from tests.talk import AT_OFFICE, Office

SECRET = "a secret for tests only"
HUGE = 2**70


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def build_message(person: Person, text: str) -> Json:
    chat = {"id": person.id, "type": "private", "first_name": "Mona"}
    sender = {"id": person.id, "is_bot": False, "first_name": "Mona"}
    return {"message_id": 9000, "date": 1772427600, "chat": chat, "from": sender, "text": text}


async def post(office: Office, content: str) -> int:
    hadir = office.hadir
    entrance = build_entrance(hadir.intake.accept, hadir.is_healthy, hadir.count, SECRET)
    transport = httpx.ASGITransport(entrance, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hadir.test") as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        return (await client.post(WEBHOOK_PATH, content=content, headers=headers)).status_code


@pytest.mark.parametrize(
    ("members", "status"),
    [
        (f'{{"update_id": {HUGE}}}', 400),
        ('{"update_id": -1}', 400),
        ('{"update_id": 1.5}', 400),
        ('{"update_id": true}', 400),
        ("{}", 400),
        ("[]", 400),
        ('{"update_id": ' + "9" * 5000 + "}", 400),
        (f'{{"update_id": 900001, "message": {{"chat": {{"id": {HUGE}}}}}}}', 200),
        (f'{{"update_id": 900002, "message": {{"message_id": 1, "date": {HUGE}, "chat": {{"id": 1}}}}}}', 200),
        ('{"update_id": 900003, "message": {"chat": {"id": NaN}}}', 200),
    ],
)
async def test_the_webhook_never_fails(office: Office, linked: Person, members: str, status: int) -> None:
    office.expects_trouble = True
    assert await post(office, members) == status
    await _still_listens(office, linked)


async def test_half_a_character(office: Office, linked: Person) -> None:
    update = {"update_id": 900004, "message": build_message(linked, "\ud83d")}
    assert await post(office, json.dumps(update)) == 200
    await office.rest()
    assert words.NOT_UNDERSTOOD in linked.history[-1].text


async def test_any_depth(office: Office, linked: Person) -> None:
    """What can be read need not be what can be written again: between the two Python's stack ends."""
    office.expects_trouble = True
    for number, depth in enumerate([*range(500, 1000, 5), 10_000, 100_000]):
        update = f'{{"update_id": {910_000 + number}, "message": {nested(depth)}}}'
        assert await post(office, update) in (200, 400), depth
    await _still_listens(office, linked)


async def test_polling_goes_on(office: Office, linked: Person) -> None:
    office.expects_trouble = True
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    good = {"update_id": 920_001, "message": build_message(linked, "good day")}
    batches: list[list[Any]] = [
        [{"update_id": HUGE, "message": {}}],
        [{"update_id": HUGE}, {"message": {}}, "text", {"update_id": 920_000, "message": deep}, good],
    ]
    offsets, pauses = [], []
    done = asyncio.Event()

    async def fetch(offset: int) -> Sequence[Json]:
        offsets.append(offset)
        if batches:
            return batches.pop(0)
        done.set()
        return await asyncio.Future()

    def pause(problem: Exception, failures: int) -> timedelta:
        pauses.append(failures)
        return timedelta(0)

    polling = asyncio.create_task(poll(fetch, office.hadir.intake, pause))
    await done.wait()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    await office.rest()
    assert offsets == [0, 0, 920_002]
    assert pauses == [1], "an update that would come again at once is not asked for in a rush"
    assert words.NOT_UNDERSTOOD in linked.history[-1].text


NAN = float("nan")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91.0, 55.0), (-90.5, 55.0), (25.0, 180.5), (NAN, 55.0), (25.0, NAN), (1e308, -1e308)]
)
async def test_no_place_on_earth(office: Office, linked: Person, latitude: float, longitude: float) -> None:
    await _share(office, linked, {"latitude": latitude, "longitude": longitude})
    assert words.NOT_UNDERSTOOD in linked.history[-1].text
    assert await office.punches() == []


@pytest.mark.parametrize("accuracy", [NAN, float("inf"), -5, "12"])
async def test_no_radius(office: Office, linked: Person, accuracy: object) -> None:
    place = {"latitude": AT_OFFICE.latitude, "longitude": AT_OFFICE.longitude}
    await _share(office, linked, place | {"horizontal_accuracy": accuracy})
    position = (await office.punch()).position
    assert position is not None
    assert position.accuracy is None


async def _share(office: Office, person: Person, location: dict[str, Any]) -> None:
    message = build_message(person, "") | {"location": location, "date": int(office.clock.at.timestamp())}
    del message["text"]
    await office.hadir.intake.accept([{"update_id": 930_000, "message": message}])
    await office.rest()


async def _still_listens(office: Office, person: Person) -> None:
    await office.rest()
    for _ in range(3):
        await office.pass_time(minutes=10)
    assert office.inbox() == []
    person.say("/help")
    await office.rest()
    assert words.HELP in person.history[-1].text
