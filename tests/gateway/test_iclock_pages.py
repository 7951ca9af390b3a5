"""Counts and deep pages of a long list of transactions are right, whatever was counted before."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.gateway.records import ladders
from bot.gateway.records.ladders import SETTLED
from bot.gateway.records.punches import remove_punch_of_manual_log
from bot.gateway.records.tables import manual_logs, transactions
from tests.gateway.desk import Desk, open_desk
from tests.gateway.world import MOMENT, World

TRANSACTIONS = "/iclock/api/transactions/"


@pytest.fixture
async def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> Desk:
    # A rung every four rows instead of every thousand.
    monkeypatch.setattr(ladders, "STEP", 4)
    return await open_desk(world)


async def keep(desk: Desk, count: int, company: str = "", age: timedelta = SETTLED * 2) -> None:
    at = desk.world.clock() - age
    row = {"company_id": company or desk.company.id, "emp_code": "13", "punched_at": at, "uploaded_at": at}
    rows = [row | {"punch_state": 0, "source": 1} for _ in range(count)]
    await desk.world.db.write(lambda conn: conn.execute(transactions.insert(), rows))


async def all_pages(desk: Desk, size: int, **params: str) -> list[list[object]]:
    """The ids on each page, walked to the end; each says the same count."""
    first = await desk.get(TRANSACTIONS, page_size=size, **params)
    assert isinstance(first["count"], int)
    last = max(1, -(-first["count"] // size))
    pages = [await desk.get(TRANSACTIONS, page_size=size, page=number, **params) for number in range(1, last + 1)]
    assert {page["count"] for page in pages} == {first["count"]}
    assert (await desk.get(TRANSACTIONS, page_size=size, page="last", **params)) == pages[-1]
    assert (await desk.ask("GET", TRANSACTIONS, page_size=size, page=last + 1, **params)).status_code == 404
    return [[row["id"] for row in page["data"]] for page in pages]  # type: ignore[union-attr, call-overload, index]


@pytest.mark.parametrize("size", [1, 3, 4, 7, 50])
async def test_pages_cover_everything_once(desk: Desk, size: int) -> None:
    for number in range(3):
        await keep(desk, 5)
        await keep(desk, 3 + number, desk.world.elsewhere.id)
    ids = [*range(1, 6), *range(9, 14), *range(18, 23)]
    orders = {
        "id": ids,
        "-id": ids[::-1],
        "nonsense,-id,emp_code": ids[::-1],
        "emp_code": ids,
        "-punch_time,-id": ids[::-1],
    }
    for order, expected in orders.items():
        pages = await all_pages(desk, size, ordering=order)
        assert pages == [expected[start : start + size] for start in range(0, len(ids), size)]


async def test_what_comes_is_counted_whatever_was_counted_before(desk: Desk) -> None:
    for total in range(3, 31, 3):
        await keep(desk, 3)
        assert await all_pages(desk, 10) == [
            list(range(start, min(start + 10, total + 1))) for start in range(1, total + 1, 10)
        ]


async def test_what_may_still_have_gaps_is_not_remembered(desk: Desk) -> None:
    await keep(desk, 10, age=timedelta())
    assert (await desk.get(TRANSACTIONS))["count"] == 10
    # A transaction of PostgreSQL that was given its id early, and commits late.
    await _free(desk, 2)
    assert (await desk.get(TRANSACTIONS))["count"] == 9
    desk.world.clock.pass_(SETTLED + timedelta(seconds=1))
    assert await all_pages(desk, 5) == [[1, 3, 4, 5, 6], [7, 8, 9, 10]]


async def _free(desk: Desk, number: int) -> None:
    await desk.world.db.write(lambda conn: conn.execute(transactions.delete().where(transactions.c.id == number)))


async def test_what_is_taken_away_again_is_not_counted(desk: Desk) -> None:
    await keep(desk, 9)

    def approve(conn: Connection) -> int:
        log = {"company_id": desk.company.id, "employee_id": desk.world.ids["mona"], "punched_at": MOMENT}
        log |= {"punch_state": 0, "applied_at": MOMENT, "audit_status": 2}
        number = conn.execute(manual_logs.insert().values(log).returning(manual_logs.c.id)).scalar_one()
        conn.execute(transactions.update().where(transactions.c.id == 2).values(manual_log_id=number))
        return int(number)

    number = await desk.world.db.write(approve)
    assert (await desk.get(TRANSACTIONS))["count"] == 9
    await desk.world.db.write(lambda conn: remove_punch_of_manual_log(conn, number))
    assert await all_pages(desk, 3) == [[1, 3, 4], [5, 6, 7], [8, 9]]
