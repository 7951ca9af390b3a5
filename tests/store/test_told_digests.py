"""What the digest before has told, and which shifts it could not, on both databases."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.attendance.facts import Shift, ShiftKind
from bot.database import Database
from bot.store import outbox, shifts, syncing
from bot.store.messages import New, Topic
from bot.store.told_digests import load_last_digests
from tests.store.rows import NOW, migrate

COMPANY = "Demo Trading"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = NOW.date()
BOTH = (Topic.DIGEST, Topic.FORGOTTEN)


async def test_the_last_one_is_each_manager_s_own_whoever_got_it(database: Database) -> None:
    await migrate(database)
    made: tuple[tuple[str, Topic, str], ...] = (
        ("1002", Topic.DIGEST, "daily 2024-05-31"),
        ("1002", Topic.DIGEST, "daily 2024-06-01"),
        ("1003", Topic.DIGEST, "daily 2024-06-01 1002"),
        ("1002", Topic.FORGOTTEN, "daily 2024-06-01"),
        ("1002", Topic.DIGEST, "daily 2024-06-02"),
        ("1002", Topic.DIGEST, "weekly 2024-06-01"),
        ("1004", Topic.FORGOTTEN, "daily 2024-05-30"),
        ("1003", Topic.CARD, "daily 2024-06-01"),
    )
    news = [New(code, topic, key, NOW, {"of": f"{code} {key}"}) for code, topic, key in made]
    await database.write(lambda c: outbox.add_messages(c, COMPANY, news, NOW))

    async def last(
        company: str = COMPANY, since: timedelta = DAY, topics: tuple[Topic, ...] = BOTH
    ) -> dict[str, list[str]]:
        found = await database.read(
            lambda c: load_last_digests(c, company, "daily", date(2024, 6, 2), topics=topics, since=NOW - since)
        )
        assert all(made["of"].split()[0] == reader for some in found.values() for reader, made in some)
        return {manager: [one["of"] for _, one in some] for manager, some in found.items()}

    theirs = ["1002 daily 2024-06-01", "1003 daily 2024-06-01 1002", "1002 daily 2024-06-01"]
    assert await last() == {"1002": theirs, "1004": ["1004 daily 2024-05-30"]}
    assert await last(topics=(Topic.DIGEST,)) == {"1002": theirs[:2]}
    assert await last("Elsewhere") == await last(since=-DAY) == {}


async def test_of_the_days_before_the_shifts_that_may_go_on_are_known_by_their_ends(database: Database) -> None:
    await migrate(database)

    def shift(code: str, day: date, ends: timedelta) -> Shift:
        return Shift(code, day, "Night", ShiftKind.WORK, 1, NOW - 8 * HOUR, NOW + ends, NOW - 10 * HOUR)

    made = [shift("1", TODAY - DAY, HOUR), shift("2", TODAY - DAY, -3 * HOUR), shift("3", TODAY, HOUR)]

    def fill(c: Connection) -> None:
        syncing.settle_shifts(c, COMPANY, [TODAY - DAY, TODAY], made)
        row: dict[str, Any] = {"emp_code": "1", "punch_state": 0}
        terminal = {"source": 1, "terminal_sn": "x", "terminal_alias": "x", "uploaded_at": NOW}
        syncing.add_punches(c, COMPANY, [row | terminal | {"id": 1, "punched_at": NOW - HOUR}])
        logs = [row | {"id": n, "punched_at": NOW, "audit_status": n, "reason": ""} for n in (1, 2, 3)]
        syncing.settle_logs(c, COMPANY, logs, whole=True)

    await database.write(fill)
    running = await database.read(lambda c: shifts.load_running(c, COMPANY, NOW - 2 * HOUR, TODAY))
    assert running == {("1", TODAY - DAY, "Night"): NOW + HOUR}
    days = await database.read(lambda c: shifts.load_days(c, COMPANY, ["1", "3"], TODAY - DAY, TODAY))
    assert {code: [day for day, _, _ in some] for code, some in days.items()} == {"1": [TODAY - DAY], "3": [TODAY]}
    times = await database.read(lambda c: shifts.load_known_times(c, COMPANY, ["1", "2"], NOW - 2 * HOUR))
    assert times == {"1": [NOW - HOUR, NOW]}, "with what was approved"
