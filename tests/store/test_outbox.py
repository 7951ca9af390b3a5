"""The outbox on both databases: what is there already is told anew, and a row is there once."""

from dataclasses import replace
from datetime import timedelta

from bot.database import Database
from bot.store import dispatch, outbox
from bot.store.messages import Message, New, Sent, Status, Topic
from tests.store.rows import NOW, migrate

COMPANY, MINUTE = "Demo Trading", timedelta(minutes=1)
LATER = New("1002", Topic.CARD, "key", NOW + MINUTE, {"say": "later"})
SOONER = replace(LATER, next_at=NOW, payload={"say": "sooner"})


async def find_due(database: Database, after: timedelta = timedelta()) -> list[Message]:
    return await database.read(lambda c: dispatch.find_due(c, NOW + after))


async def add(database: Database, *news: New) -> int:
    return await database.write(lambda c: outbox.add_messages(c, COMPANY, news, NOW))


async def test_what_is_there_is_told_anew_and_no_later(database: Database) -> None:
    await migrate(database)
    assert await add(database, LATER, replace(LATER, emp_code="1003")) == 2
    assert await add(database, SOONER, replace(LATER, emp_code="1004")) == 2
    assert await add(database, replace(LATER, next_at=NOW + 9 * MINUTE)) == 1
    (due,) = await find_due(database)
    assert (due.emp_code, due.version, due.next_at, due.payload) == ("1002", 3, NOW, LATER.payload)


async def test_twice_in_one_list_is_one_row_at_the_sooner_of_both(database: Database) -> None:
    await migrate(database)
    for news in ((LATER, SOONER), (SOONER, LATER)):
        await add(database, *news)
        (due,) = await find_due(database)
        assert (due.next_at, due.payload) == (NOW, SOONER.payload)


async def test_what_was_given_up_stays_so(database: Database) -> None:
    await migrate(database)
    await add(database, SOONER)
    (due,) = await find_due(database)
    claimed = await database.write(lambda c: dispatch.claim(c, due, NOW))
    assert claimed is not None
    await database.write(lambda c: dispatch.settle_end(c, claimed, Status.FAILED))
    assert await add(database, SOONER) == 0
    assert await find_due(database) == []


async def test_there_already_is_left_alone_where_once_is_asked_for(database: Database) -> None:
    await migrate(database)
    await add(database, SOONER)
    news = [LATER, replace(SOONER, emp_code="1003")]
    assert await database.write(lambda c: outbox.add_once(c, COMPANY, news, NOW)) == 1
    assert {(one.emp_code, one.version) for one in await find_due(database)} == {("1002", 1), ("1003", 1)}


async def test_each_person_is_told_one_thing_after_another(database: Database) -> None:
    await migrate(database)
    await add(database, LATER, replace(SOONER, key="first"), replace(SOONER, emp_code="1003"))
    due = await find_due(database, MINUTE)
    assert [(one.emp_code, one.key) for one in due] == [("1002", "first"), ("1003", "key")]


async def test_a_thousand_rows_and_more_in_one_go(database: Database) -> None:
    await migrate(database)
    news = [replace(SOONER, emp_code=f"{number}") for number in range(2_500)]
    for _ in range(2):
        assert await add(database, *news) == 2_500
    assert sum((await database.read(outbox.count_states)).values()) == 2_500


async def test_what_came_since_it_was_looked_at_is_ignored(database: Database) -> None:
    """And what has come with a sound once more is looked at once more."""
    await migrate(database)
    ignored = lambda c: [one.key for one in outbox.find_ignored(c, COMPANY, NOW - MINUTE)]  # noqa: E731
    await add(database, SOONER)
    for sent_at, edited in ((NOW, False), (NOW, True), (NOW + 5 * MINUTE, False)):
        (due,) = await find_due(database, 9 * MINUTE)
        claimed = await database.write(lambda c, due=due: dispatch.claim(c, due, NOW))  # type: ignore[misc]
        assert claimed is not None
        rang_at = None if edited else sent_at
        await database.write(
            lambda c, one=claimed, at=rang_at: dispatch.settle_sent(c, one, [Sent(1, 1, "x")], NOW, NOW, rang_at=at)  # type: ignore[misc]
        )
        assert await database.read(ignored) == ([] if edited else ["key"])
        await database.write(lambda c, due=due: outbox.settle_seen(c, due.id, NOW + 2 * MINUTE))  # type: ignore[misc]
    sent = await database.read(lambda c: outbox.load_sent_of(c, COMPANY, Topic.CARD, "key"))
    assert (sent["1002"].sent_at, sent["1002"].is_seen) == (NOW + 5 * MINUTE, False)
