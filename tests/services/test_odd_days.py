"""The days and companies that go wrong elsewhere, from the shift on the wall to the card: stored as a look at BioTime
stores them, then scanned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.attendance.facts import ShiftKind
from bot.attendance.shifts import ReportedDay, build_shifts
from bot.chat.alert_messenger import build_pages
from bot.chat.alert_texts import LIMIT
from bot.database import Database
from bot.i18n import translator_for
from bot.services.cards import Card, compose_card
from bot.services.scanning import Scanned, Scanning
from bot.services.tenants import Tenant, Tenants
from bot.store import links, outbox
from bot.store.alert_tables import alerts
from bot.store.alert_tables import outbox as outbox_table
from bot.store.managers import Manager, Scope, add_manager
from bot.store.messages import Message, Topic
from bot.store.roster import Place, RosterPerson
from bot.store.syncing import Part, Sync, add_punches, settle_people, settle_places, settle_shifts, settle_sync
from tests.faults import Clock
from tests.store.rows import LINK, migrate

COMPANY = LINK.company
DUBAI, BERLIN = ZoneInfo("Asia/Dubai"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)
SALES, WAREHOUSE = 1, 2
OMAR, HUDA = "1002", "1003"


@dataclass
class Branch:
    """A company of two departments in one zone; Omar manages Sales, Huda the warehouse."""

    db: Database
    clock: Clock
    zone: ZoneInfo = DUBAI

    async def expect(self, day: date, come: time, go: time | None, people: Sequence[str] = ("1001",)) -> None:
        days = [ReportedDay(code, day, "Office", ShiftKind.WORK, come, go) for code in people]
        shifts = build_shifts(days, self.zone, {}, {})
        await self.db.write(lambda c: settle_shifts(c, COMPANY, [day], shifts))

    async def scan(self, at: datetime) -> Scanned:
        """With data that is as fresh as can be."""
        self.clock.at = at.astimezone(UTC)

        def refresh(c: Connection) -> None:
            for part in Part:
                settle_sync(c, COMPANY, Sync(part, self.clock.at, synced_until=self.clock.at))

        await self.db.write(refresh)
        tenants = Tenants([Tenant(COMPANY, self.zone, None)])  # type: ignore[arg-type]
        return await Scanning(self.db, tenants, self.clock).scan(COMPANY)

    async def punch(self, emp_code: str, at: datetime) -> None:
        row = {"company": COMPANY, "id": 1, "emp_code": emp_code, "punch_state": 0, "source": 1}
        row |= {"punched_at": at.astimezone(UTC), "uploaded_at": at.astimezone(UTC), "terminal_sn": "A"}
        await self.db.write(lambda c: add_punches(c, COMPANY, [row | {"terminal_alias": "Lobby"}]))

    async def employ(self, *people: RosterPerson) -> None:
        await self.db.write(lambda c: settle_people(c, COMPANY, people, self.clock.at))

    async def absent(self) -> list[str]:
        open_ = select(alerts.c.emp_code).where(alerts.c.kind == "absent", alerts.c.ended_at.is_(None))
        return sorted(await self.db.read(lambda c: c.execute(open_).scalars().all()))

    async def cards(self) -> list[tuple[Message, Card]]:
        """As each manager would read them now."""

        def load(c: Connection) -> list[tuple[Message, Card]]:
            ids = c.execute(select(outbox_table.c.id).where(outbox_table.c.kind == Topic.CARD)).scalars()
            found = (outbox.find_message(c, number) for number in ids.all())
            return [(one, compose_card(c, one, self.clock.at)) for one in found if one is not None]

        return await self.db.read(load)


def person(emp_code: str, department: int = SALES, areas: tuple[int, ...] = ()) -> RosterPerson:
    return RosterPerson(emp_code, emp_code, f"Person {emp_code}", department, "", date(2020, 1, 5), areas)


@pytest.fixture
async def branch(database: Database) -> Branch:
    await migrate(database)
    opened = Branch(database, Clock(datetime(2026, 3, 2, 5, 0, tzinfo=UTC)))

    def found(c: Connection) -> None:
        settle_places(c, COMPANY, [Place(SALES, "Sales", None), Place(WAREHOUSE, "Warehouse", None)], [])
        for number, (code, department) in enumerate(((OMAR, SALES), (HUDA, WAREHOUSE)), 201):
            add_manager(c, Manager(COMPANY, code, Scope.DEPARTMENT, department, "", opened.clock.at))
            links.add_person(c, number, "device", "en")
            links.add_link(c, replace(LINK, emp_code=code, telegram_id=number))

    await database.write(found)
    await opened.employ(person("1001"), person(OMAR), person(HUDA, WAREHOUSE))
    return opened


async def test_a_timetable_without_an_end(branch: Branch) -> None:
    await branch.expect(MONDAY, time(9), None)
    nine = datetime(2026, 3, 2, 9, tzinfo=DUBAI)
    await branch.scan(nine + 19 * MINUTE)
    assert await branch.absent() == []
    await branch.scan(nine + 20 * MINUTE)
    assert await branch.absent() == ["1001"]
    assert await branch.scan(nine + 20 * MINUTE) == Scanned()
    await branch.punch("1001", nine + 8 * 60 * MINUTE)
    await branch.scan(nine + 8 * 60 * MINUTE)
    assert await branch.absent() == [], "in the evening is not too late where there is no end"


async def test_midnight(branch: Branch) -> None:
    """A shift from midnight on: who comes ten minutes before comes on the day before."""
    await branch.expect(MONDAY, time(0), time(8), ("1001", OMAR))
    midnight = datetime(2026, 3, 2, 0, tzinfo=DUBAI)
    await branch.punch("1001", midnight - 10 * MINUTE)
    await branch.scan(midnight + 19 * MINUTE)
    assert await branch.absent() == []
    await branch.scan(midnight + 20 * MINUTE)
    assert await branch.absent() == [OMAR]


async def test_a_night_that_goes_over_midnight_is_one_shift(branch: Branch) -> None:
    await branch.expect(MONDAY, time(22), time(6))
    ten = datetime(2026, 3, 2, 22, tzinfo=DUBAI)
    found = [await branch.scan(ten + minutes * MINUTE) for minutes in (20, 119, 121, 300, 479)]
    assert [one.found > 0 for one in found] == [True, False, False, False, False], "told before midnight, not again"
    await branch.punch("1001", ten + 480 * MINUTE)
    await branch.scan(ten + 480 * MINUTE)
    assert await branch.absent() == []


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        (date(2026, 3, 28), "2026-03-28 21:00", 7),
        (date(2026, 10, 24), "2026-10-24 20:00", 9),
    ],
    ids=["the clocks go forward", "the clocks go back"],
)
async def test_the_two_days_on_which_the_clocks_change(branch: Branch, day: date, start: str, hours: int) -> None:
    """Berlin, a night from 22:00 to 06:00: it lasts an hour less, or more."""
    branch.zone = BERLIN
    await branch.expect(day, time(22), time(6))
    began = datetime.fromisoformat(start).replace(tzinfo=UTC)
    await branch.scan(began + 19 * MINUTE)
    assert await branch.absent() == []
    await branch.scan(began + 20 * MINUTE)
    assert await branch.absent() == ["1001"]
    await branch.punch("1001", began + hours * 60 * MINUTE)
    await branch.scan(began + hours * 60 * MINUTE)
    assert await branch.absent() == [], "in the last minute"


@pytest.mark.parametrize(
    ("day", "written", "starts"),
    [
        (date(2026, 3, 29), time(2, 30), "2026-03-29 01:30"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),
    ],
    ids=["half past two is not", "half past two is twice"],
)
async def test_a_start_in_the_hour_that_changes(branch: Branch, day: date, written: time, starts: str) -> None:
    branch.zone = BERLIN
    await branch.expect(day, written, time(10))
    began = datetime.fromisoformat(starts).replace(tzinfo=UTC)
    await branch.scan(began + 19 * MINUTE)
    assert await branch.absent() == []
    await branch.scan(began + 20 * MINUTE)
    assert await branch.absent() == ["1001"]


async def test_a_person_who_is_moved_into_another_department(branch: Branch) -> None:
    """BioTime files a person in one department; of two in a day, the one they are in now is told."""
    await branch.expect(MONDAY, time(9), time(18))
    nine = datetime(2026, 3, 2, 9, tzinfo=DUBAI)
    await branch.scan(nine + 20 * MINUTE)
    assert [(one.emp_code, len(card.missing)) for one, card in await branch.cards()] == [(OMAR, 1)]
    await branch.employ(person("1001", WAREHOUSE), person(OMAR), person(HUDA, WAREHOUSE))
    assert [(one.emp_code, len(card.missing)) for one, card in await branch.cards()] == [(OMAR, 0)], "no longer theirs"


async def test_a_person_in_two_departments(branch: Branch) -> None:
    """In one by the list and in another's area: one alert, on the card of each who manages them, and each card once."""
    areas = [Place(1, "Office", None), Place(2, "Yard", None)]
    departments = [Place(SALES, "Sales", None), Place(WAREHOUSE, "Warehouse", None)]
    await branch.db.write(lambda c: settle_places(c, COMPANY, departments, areas))
    yard = Manager(COMPANY, HUDA, Scope.AREA, 2, "Yard", branch.clock.at)
    await branch.db.write(lambda c: add_manager(c, yard))
    await branch.employ(person("1001", SALES, (1, 2)), person(OMAR), person(HUDA, WAREHOUSE))
    await branch.expect(MONDAY, time(9), time(18))
    await branch.scan(datetime(2026, 3, 2, 9, 20, tzinfo=DUBAI))
    assert await branch.absent() == ["1001"]
    cards = await branch.cards()
    assert sorted(one.emp_code for one, _ in cards) == [OMAR, HUDA]
    assert all([m.alert.emp_code for m in card.missing] == ["1001"] for _, card in cards)


async def test_five_thousand_people_in_one_department(branch: Branch) -> None:
    """Two thousand of them are missing: all on one card, in as many pages as it takes."""
    codes = [f"{number:05}" for number in range(5_000)]
    await branch.employ(*(person(code) for code in codes), person(OMAR), person(HUDA, WAREHOUSE))
    await branch.expect(MONDAY, time(9), time(18), codes)
    nine = datetime(2026, 3, 2, 9, tzinfo=DUBAI).astimezone(UTC)
    row = {"company": COMPANY, "punch_state": 0, "source": 1, "terminal_sn": "A", "terminal_alias": "Lobby"}
    came = [
        row | {"id": n, "emp_code": code, "punched_at": nine, "uploaded_at": nine}
        for n, code in enumerate(codes[2_000:])
    ]
    await branch.db.write(lambda c: add_punches(c, COMPANY, came))
    await branch.scan(nine + 20 * MINUTE)
    assert await branch.absent() == codes[:2_000]
    assert await branch.scan(nine + 20 * MINUTE) == Scanned()
    ((message, card),) = await branch.cards()
    assert (message.emp_code, card.expected, card.present, len(card.missing)) == (OMAR, 5_000, 3_000, 2_000)
    pages = build_pages(translator_for("en"), card, DUBAI)
    assert all(len(page.text.encode("utf-16-le")) // 2 <= LIMIT for page in pages)
    said = "\n".join(page.text for page in pages)
    assert all(f"Person {code}" in said for code in codes[:2_000])
