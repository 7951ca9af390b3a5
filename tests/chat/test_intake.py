"""Updates: kept before Telegram forgets them, each chat in order; nonsense, a locked database and a full disk."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.people import Person
from tests import words
from tests.talk import AT_OFFICE, Office, Talk, shares

BIG = 10**30
NONSENSE: list[dict[str, Any]] = [
    {},
    {"message": "text"},
    {"message": {}},
    {"message": None},
    {"message": [1, 2]},
    {"message": {"message_id": "one", "date": "today", "chat": {"id": "me", "type": 5}}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": BIG, "type": "private"}, "text": "hello"}},
    {"message": {"message_id": 1, "date": 0, "chat": [], "from": {}, "location": {"latitude": "x"}}},
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 710000001, "type": "private"}, "text": "nobody"}},
    {"message": {"message_id": 1, "chat": {"id": 710000001, "type": "private"}, "from": {"id": 710000001}}},
    {"edited_message": {"message_id": 1, "chat": {"id": 710000001}, "location": None}},
    {"callback_query": {}},
    {"callback_query": {"id": "1", "data": "today"}},
    {"callback_query": {"id": "1", "from": {"id": 710000001, "first_name": "M", "is_bot": False}, "data": "today"}},
    {"callback_query": {"id": 5, "from": None, "message": {"chat": None}, "data": {"a": 1}}},
    {"something_new": {"chat": {"id": 710000001}}},
    {"message": {"a": {"b": {"c": [[[[[[[]]]]]]]}}}},
]


async def test_malformed_updates_hurt_nobody(office: Office, linked: Person, talk: Talk) -> None:
    office.expects_trouble = True
    for members in NONSENSE:
        office.playground.push_raw(**members)
    await office.rest()
    for _ in range(3):
        await office.pass_time(minutes=10)
    await talk(linked, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:30")])
    assert office.inbox() == [], "what cannot be read is not tried for ever"
    assert len(await office.punches()) == 1


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 25.09},
        {"latitude": None, "longitude": None},
        {"latitude": "25.09", "longitude": "55.16"},
        {"latitude": 1e308, "longitude": -1e308},
        {"latitude": 91.0, "longitude": 181.0, "horizontal_accuracy": -5},
    ],
)
async def test_a_place_with_missing_or_absurd_fields(
    office: Office, linked: Person, talk: Talk, location: dict[str, Any]
) -> None:
    office.expects_trouble = True
    date = int(office.clock.at.timestamp())
    sender: dict[str, Any] = {"message_id": 9000, "date": date, "from": linked.user.wire(), "chat": linked.chat.wire()}
    office.playground.push_raw(message=sender | {"location": location})
    await office.rest()
    for _ in range(3):
        await office.pass_time(minutes=10)
    await talk(linked, [("/help", words.HELP)])
    assert office.inbox() == []


async def test_an_update_delivered_again_is_answered_once(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("/help", words.HELP)])
    heard = len(linked.history)
    office.playground.redeliver()
    await office.rest()
    assert len(linked.history) == heard


async def test_nothing_typed_stays_in_the_database(office: Office, linked: Person, talk: Talk) -> None:
    await talk(linked, [("quite a secret thought", words.NOT_UNDERSTOOD)])
    assert b"quite a secret thought" not in office.bytes_on_disk()


async def test_what_comes_after_an_update_that_was_put_off_waits_for_it(
    office: Office, mona: Person, talk: Talk
) -> None:
    """Else a password could be taken for a username."""
    office.expects_trouble = True
    account = office.account(mona)
    await talk(mona, [("/login", words.ASK_USERNAME)])
    office.playground.faults.too_many_requests("sendMessage", retry_after=30)
    mona.say(account.username)
    await office.rest()
    typed = mona.say(account.password)
    await office.rest()
    assert len(office.inbox()) == 2
    await office.pass_time(seconds=31)
    assert linked_as(mona), [message.text for message in mona.history]
    assert typed.message_id not in [message.message_id for message in mona.history]


def linked_as(person: Person) -> bool:
    return any("Welcome, Mona!" in message.text for message in person.history)


async def test_updates_that_were_open_are_done_after_a_restart(office: Office, linked: Person) -> None:
    office.expects_trouble = True
    office.playground.faults.too_many_requests("sendMessage", retry_after=30)
    linked.say("/help")
    await office.rest()
    assert len(office.inbox()) == 1
    office.clock.at += timedelta(seconds=31)
    await office.restart()
    await office.rest()
    assert words.HELP in linked.history[-1].text
    assert office.inbox() == []


async def test_an_update_in_the_inbox_when_the_process_dies_is_done_by_the_next(office: Office, linked: Person) -> None:
    """Durable, acknowledged to Telegram, and not begun: what kill -9 leaves behind."""
    await office.hadir.intake._queues.close()
    linked.press("Clock in", place=AT_OFFICE)
    await office.playground.settled(quiet=0)
    assert await office.punches() == []
    assert len(office.inbox()) == 1
    await office.restart()
    await office.rest()
    assert len(office.stamps()) == 1


# -- the database ------------------------------------------------------------------------------------------------------


async def test_a_locked_database_loses_nothing(office: Office, linked: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sqlite.BUSY_TIMEOUT", timedelta(milliseconds=50))
    monkeypatch.setattr("bot.app._pause", lambda problem, failures: timedelta(milliseconds=20))
    with closing(sqlite3.connect(office.folder / "hadir.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        linked.press("Clock in", place=AT_OFFICE)
        await _until_logged(office, "updates not taken")
        assert not await office.hadir.is_healthy()
        assert office.playground.world.updates.pending, "Telegram keeps what we could not"
        other.execute("ROLLBACK")
    await office.rest()
    assert await office.hadir.is_healthy()
    assert len(office.stamps()) == len(await office.punches()) == 1


async def test_a_database_locked_in_the_middle_of_a_log_in(
    office: Office, mona: Person, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password's message is gone by then: the second try must not stumble over that."""
    office.expects_trouble = True
    account = office.account(mona)
    await talk(mona, [("/login",), (account.username,)])
    monkeypatch.setattr("bot.sqlite.BUSY_TIMEOUT", timedelta(milliseconds=50))
    with closing(sqlite3.connect(office.folder / "hadir.db", isolation_level=None)) as other:
        fetch = office.biotime.handle

        async def lock(request: Any) -> Any:
            answer = await fetch(request)
            if request.url.path.endswith("/app_settings/") and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")
            return answer

        monkeypatch.setattr(office.biotime, "handle", lock)
        mona.say(account.password)
        await _until_logged(office, "update put off")
        monkeypatch.setattr(office.biotime, "handle", fetch)
        other.execute("ROLLBACK")
    for _ in range(3):
        await office.pass_time(seconds=30)
    assert linked_as(mona), [message.text for message in mona.history]


async def test_a_full_disk_stops_acknowledging_and_loses_nothing(
    office: Office, linked: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app._pause", lambda problem, failures: timedelta(milliseconds=20))
    await office.hadir.db.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1"))
    for _ in range(20):
        linked.say("x" * 4096)
    linked.press("Clock in", place=AT_OFFICE)
    await _until_logged(office, "updates not taken")
    assert office.playground.world.updates.pending
    await office.hadir.db.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    await office.look_again()
    for _ in range(3):
        await office.pass_time(seconds=10)
    assert len(await office.punches()) == 1
    assert len([message for message in linked.history if words.NOT_UNDERSTOOD in message.text]) == 20
    assert office.inbox() == []


async def _until_logged(office: Office, what: str) -> None:
    def look() -> bool | None:
        return what in office.logged.getvalue() or None

    for _ in range(300):
        if look():
            return
        await office.playground.world.signal.wait_for(look, 0.02)
    raise AssertionError(f"{what!r} was never logged:\n{office.logged.getvalue()}")


async def test_one_flooding_chat_does_not_hold_up_another(office: Office, linked: Person, omar: Person) -> None:
    for number in range(60):
        linked.say(f"message {number}")
    omar.say("/start")
    await office.rest()
    assert "Hello Omar" in omar.history[-1].text
    assert len([message for message in linked.history if words.NOT_UNDERSTOOD in message.text]) == 60


async def test_a_share_that_waited_in_the_inbox_counts_from_when_it_was_sent(office: Office, linked: Person) -> None:
    await office.close()
    shares(AT_OFFICE)(linked)
    office.clock.at += timedelta(minutes=20)
    await office.open()
    await office.rest()
    punch = await office.punch()
    assert punch.punched_at == office.clock.at - timedelta(minutes=20)
    assert len(office.manual_logs()) == 1
    assert office.stamps() == []
