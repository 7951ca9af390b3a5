"""A report's count is that of its rows, and its pages are the whole, without building the cards of everybody."""

import random
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.timecards import build_time_cards
from bot.gateway.api import att_cards
from bot.gateway.api.att_cards import Scope, build_cards, fetch_card_page
from bot.gateway.records import card_counts
from bot.gateway.records.card_counts import CardCounter
from bot.gateway.records.pages import PageRequest
from bot.gateway.records.people import NewEmployee, add_employee
from bot.gateway.records.reports import Period, load_stamps
from bot.gateway.records.schedule_tables import (
    holidays,
    schedules,
    shift_days,
    shifts,
    temporary_schedules,
    timetables,
)
from bot.gateway.records.tables import employees, transactions
from bot.gateway.records.working_hours import load_working_hours
from bot.gateway.records.working_time import load_attendants
from tests.gateway.world import DUBAI, MOMENT, World

PERIOD = Period(date(2023, 8, 1), date(2023, 8, 20))
HOURS = [(9, 18), (22, 6), (7, 15), (14, 23), (0, 0), (20, 8)]


def scatter(conn: Connection, world: World, chance: random.Random, people: int) -> list[str]:
    """So many people with all kinds of plans and punches at all hours."""
    for number, (begins, ends) in enumerate(HOURS, start=1):
        conn.execute(
            timetables.insert().values(
                company_id=world.demo.id,
                alias=f"T{number}",
                check_in=time(begins),
                check_out=time(ends),
                in_ahead=chance.choice([30, 120, 300]),
                out_behind=chance.choice([30, 120, 900, 1400]),
                flexible=number == 5,
                duty_minutes=480 if number == 5 else None,
            )
        )
    for number, cycle in enumerate((7, 7, 1, 4, 9), start=1):
        conn.execute(shifts.insert().values(company_id=world.demo.id, alias=f"S{number}", cycle_days=cycle))
        days = {(chance.randrange(cycle), chance.randint(1, len(HOURS))) for _ in range(chance.choice([1, 3]) * cycle)}
        rows = [{"shift_id": number, "day": day, "timetable_id": timetable} for day, timetable in days]
        conn.execute(shift_days.insert(), rows)
    conn.execute(
        holidays.insert().values(company_id=world.demo.id, alias="H", start_date=date(2023, 8, 9), duration_day=2)
    )
    return [add_person(conn, world, chance, number) for number in range(people)]


def add_person(conn: Connection, world: World, chance: random.Random, number: int) -> str:
    new = NewEmployee(f"9{number:04}", "Mona", "", 1, (), enable_att=chance.random() > 0.1)
    employee = add_employee(conn, world.demo.id, new, MOMENT)
    if chance.random() < 0.3:
        conn.execute(
            employees.update()
            .where(employees.c.id == employee)
            .values(hire_date=date(2023, 8, chance.randint(1, 20)), leave_date=date(2023, 8, chance.randint(10, 28)))
        )
    of = {"company_id": world.demo.id, "employee_id": employee}
    for _ in range(chance.choice([0, 1, 1, 2])):
        start = date(2023, 7, 1) + timedelta(days=chance.randrange(45))
        end = chance.choice([None, start + timedelta(days=chance.randrange(30))])
        conn.execute(schedules.insert().values(**of, shift_id=chance.randint(1, 5), start_date=start, end_date=end))
    if chance.random() < 0.3:
        day = date(2023, 8, chance.randint(1, 20))
        timetable = chance.choice([None, 1, 2, 6])
        conn.execute(temporary_schedules.insert().values(**of, att_date=day, timetable_id=timetable))
    punches = [add_punch_at(chance) for _ in range(chance.choice([0, 0, 3, 20]))]
    if punches:
        rows = [{**of, "emp_code": new.emp_code, **punch, "uploaded_at": MOMENT, "source": 1} for punch in punches]
        conn.execute(transactions.insert(), rows)
    return employee


def add_punch_at(chance: random.Random) -> dict[str, object]:
    at = datetime(2023, 7, 30, tzinfo=DUBAI) + timedelta(minutes=chance.randrange(24 * 24 * 60))
    return {"punched_at": at, "punch_state": chance.choice([255, 255, 0, 1, 2, 4, 5])}


@pytest.mark.parametrize("seed", range(24))
async def test_the_count_is_that_of_the_cards(small_world: World, seed: int) -> None:
    chance = random.Random(seed)
    now = MOMENT if seed % 2 else datetime(2023, 8, 12, 6, tzinfo=DUBAI)

    def check(conn: Connection) -> None:
        people = scatter(conn, small_world, chance, 25)
        hours = load_working_hours(conn, small_world.demo.id, DUBAI)
        attendants = load_attendants(conn, hours, people, PERIOD.first, PERIOD.last)
        stamps = load_stamps(conn, people, PERIOD, DUBAI)
        whole = [
            len(build_time_cards(attendants[e], PERIOD.first, PERIOD.last, stamps.get(e, ()), now)) for e in people
        ]
        assert CardCounter(hours, PERIOD, now).count(conn, people) == whole

    await small_world.db.write(check)


@pytest.mark.parametrize("seed", range(4))
async def test_pages_are_the_whole(world: World, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whoever and whenever they punched, wherever the pieces end in which people are looked up."""
    chance = random.Random(99 + seed)
    monkeypatch.setattr(att_cards, "COUNTED", chance.choice([1, 3, 7, 250]))
    monkeypatch.setattr(att_cards, "PIECE", chance.choice([1, 3, 7, 100]))
    await world.db.write(lambda conn: scatter(conn, world, chance, 16))
    scope, size = scope_of(world), chance.choice([11, 37, 200])
    whole = [card async for card in build_cards(world.db, scope)]
    page = await fetch_card_page(world.db, scope, PageRequest(None, size))
    assert page is not None
    assert page.count == len(whole) > 150
    pages = [await fetch_card_page(world.db, scope, PageRequest(n + 1, size)) for n in range(page.last)]
    assert [card for page in pages if page for card in page.cards] == whole
    assert await fetch_card_page(world.db, scope, PageRequest(page.last + 1, size)) is None


async def test_only_the_people_of_a_page_are_reckoned_with(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's cards but those of the page, and of who punched where no timetable reaches."""
    chance = random.Random(7)

    def forget_punches(conn: Connection) -> None:
        scatter(conn, small_world, chance, 60)
        conn.execute(sa.delete(transactions))

    await small_world.db.write(forget_punches)
    built = 0

    def count(*asked: object) -> object:
        nonlocal built
        built += 1
        return build_time_cards(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(att_cards, "build_time_cards", count)
    monkeypatch.setattr(card_counts, "build_time_cards", count)
    page = await fetch_card_page(small_world.db, scope_of(small_world), PageRequest(3, 20))
    assert page is not None
    assert len(page.cards) == 20
    assert built <= 4


async def test_the_queries_are_as_many_for_a_hundred_as_for_one(small_world: World) -> None:
    chance = random.Random(3)
    people = await small_world.db.write(lambda conn: scatter(conn, small_world, chance, 50))

    def measure(conn: Connection, asked: list[str]) -> int:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        sa.event.listen(conn, "before_cursor_execute", note)
        hours = load_working_hours(conn, small_world.demo.id, DUBAI)
        load_attendants(conn, hours, asked, PERIOD.first, PERIOD.last)
        sa.event.remove(conn, "before_cursor_execute", note)
        return len(seen)

    one = await small_world.db.read(lambda conn: measure(conn, people[:1]))
    many = await small_world.db.read(lambda conn: measure(conn, people))
    assert one == many <= 12


def scope_of(world: World) -> Scope:
    return Scope(world.demo.id, DUBAI, employees.c.company_id == world.demo.id, PERIOD, MOMENT)
