"""Who manages whom, and who may ask about whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot.database import Database
from bot.services.managing import Managing, Refusal, Refused
from bot.services.standing_in import find_acting
from bot.store.links import Link
from bot.store.managers import Manager, Scope
from bot.store.roster_tables import roster_areas, roster_departments, roster_people, roster_person_areas
from tests.faults import Clock
from tests.store.rows import LINK, migrate

COMPANY = "Demo Trading"
SALES, EXPORT, SECURITY = 1, 2, 3
OFFICE, FLOOR, BRANCH = 10, 11, 12
# emp_code → department and areas.
PEOPLE = {
    "1001": (EXPORT, (FLOOR,)),
    "1002": (SALES, (OFFICE,)),
    "1003": (SECURITY, (OFFICE,)),
    "1004": (SECURITY, (BRANCH, FLOOR)),
}
MONA, OMAR = replace(LINK, emp_code="1001"), replace(LINK, emp_code="1002")
HUDA = replace(LINK, emp_code="1003", app_role=2)
SARA = replace(LINK, company="Elsewhere", emp_code="1002", app_role=2)


@dataclass
class World:
    managing: Managing
    clock: Clock

    async def seen_by(self, link: Link) -> list[str]:
        return [person.emp_code for person in await self.managing.people_of(link)]

    async def appoint(self, emp_code: str, scope: Scope, scope_id: int = 0) -> Manager:
        added = await self.managing.add_manager(HUDA, emp_code, scope, scope_id)
        assert isinstance(added, Manager)
        return added


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    db = await Database.open(f"sqlite:///{tmp_path}/store.db")
    await migrate(db)

    def fill(c: Connection) -> None:
        places = {SALES: None, EXPORT: SALES, SECURITY: None}
        areas = {OFFICE: None, FLOOR: OFFICE, BRANCH: None}
        for table, found in ((roster_departments, places), (roster_areas, areas)):
            rows = [{"company": COMPANY, "id": i, "name": f"place {i}", "parent_id": up} for i, up in found.items()]
            c.execute(insert(table), rows)
        for code, (department, filed) in PEOPLE.items():
            row = {"company": COMPANY, "emp_code": code, "emp_id": code, "name": code, "position": ""}
            c.execute(insert(roster_people).values(**row, department_id=department))
            for area in filed:
                c.execute(insert(roster_person_areas).values(company=COMPANY, emp_code=code, area_id=area))

    await db.write(fill)
    clock = Clock()
    yield World(Managing(db, clock), clock)
    await db.close()


async def test_a_departments_manager_has_its_sub_departments_but_not_themselves(world: World) -> None:
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    assert await world.seen_by(OMAR) == ["1001"]


async def test_an_areas_manager_has_all_who_work_there(world: World) -> None:
    await world.appoint("1002", Scope.AREA, OFFICE)
    assert await world.seen_by(OMAR) == ["1001", "1003", "1004"]


async def test_who_manages_all_has_all(world: World) -> None:
    await world.appoint("1002", Scope.ALL)
    assert await world.seen_by(OMAR) == ["1001", "1003", "1004"]


async def test_hr_sees_everybody_and_others_nobody(world: World) -> None:
    assert await world.seen_by(HUDA) == ["1001", "1002", "1003", "1004"]
    assert await world.seen_by(MONA) == []
    assert await world.seen_by(SARA) == [], "HR of another company"
    assert await world.managing.may_see(MONA, "1001")
    for stranger in (MONA, OMAR, SARA):
        assert not await world.managing.may_see(stranger, "1004")


async def test_of_two_scopes_with_one_person_there_is_one_manager(world: World) -> None:
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    await world.appoint("1002", Scope.AREA, FLOOR)
    staff = await world.managing.load(COMPANY)
    assert [m.emp_code for m in staff.managers_of(staff.roster.people["1001"])] == ["1002"]


async def test_a_hand_over_comes_back_by_itself(world: World) -> None:
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    fourth = replace(LINK, emp_code="1004")
    now = world.clock.at
    await world.managing.hand_over(OMAR, "1004", now, now + timedelta(days=1))
    assert await world.seen_by(fourth) == ["1001"]
    assert (await world.managing.load(COMPANY)).acting_for("1002") == ("1004",)
    world.clock.at += timedelta(days=1)
    assert await world.seen_by(fourth) == []
    assert (await world.managing.load(COMPANY)).acting_for("1002") == ("1002",)


async def test_who_stands_in_and_hands_over_themselves_hands_on_both(world: World) -> None:
    """The one in between may still look."""
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    await world.appoint("1004", Scope.AREA, FLOOR)
    now, fourth = world.clock.at, replace(LINK, emp_code="1004")
    await world.managing.hand_over(OMAR, "1004", now, now + timedelta(days=1))
    await world.managing.hand_over(fourth, "1003", now, now + timedelta(days=1))
    staff = await world.managing.load(COMPANY)
    assert staff.acting_for("1002") == staff.acting_for("1004") == ("1003",)
    assert staff.rights_of("1003") == {"1002", "1003", "1004"}
    assert "1002" in staff.rights_of("1004")
    assert (staff.is_manager("1003"), staff.stood_in_for("1003", "1001")) == (True, ["1002", "1004"])


@pytest.mark.parametrize(
    ("handed_over", "there", "acting"),
    [
        ({"1": ("2",), "2": ("3",)}, "123", "3"),
        ({"1": ("2",), "2": ("3",)}, "12", "2"),
        ({"1": ("2",), "2": ("3",)}, "1", "1"),
        ({"1": ("2",), "2": ("1",)}, "12", "1"),
        ({"1": ("2",), "2": ("3",), "3": ("2",)}, "123", "1"),
        ({"1": ("2", "3")}, "13", "3"),
        ({"1": ("2", "3"), "2": ("3",)}, "123", "3"),
        ({"1": ("2", "3"), "2": ("4",)}, "123", "23"),
        ({"1": ("2",)}, "", "1"),
        ({}, "1", "1"),
    ],
)
def test_what_was_handed_over_ends_at_somebody(
    handed_over: dict[str, tuple[str, ...]], there: str, acting: str
) -> None:
    assert find_acting("1", handed_over, there.__contains__) == tuple(acting)


async def test_a_hand_over_can_be_taken_back(world: World) -> None:
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    await world.managing.hand_over(OMAR, "1004", world.clock.at, world.clock.at + timedelta(days=1))
    assert len(await world.managing.take_back(OMAR)) == 1
    assert await world.seen_by(replace(LINK, emp_code="1004")) == []


async def test_only_who_may_changes_who_manages_whom(world: World) -> None:
    for asking in (MONA, OMAR):
        assert await world.managing.add_manager(asking, "1001", Scope.ALL) == Refused(Refusal.NOT_HR)
        assert await world.managing.list_managers(asking) == Refused(Refusal.NOT_HR)
        assert await world.managing.find_gaps(asking) == Refused(Refusal.NOT_HR)
        assert await world.managing.drop_manager(asking, 1) == Refused(Refusal.NOT_HR)
    soon = world.clock.at + timedelta(days=1)
    assert await world.managing.hand_over(MONA, "1004", world.clock.at, soon) == Refused(Refusal.NOT_MANAGER)
    manager = await world.appoint("1002", Scope.ALL)
    assert await world.managing.drop_manager(SARA, manager.id) == Refused(Refusal.NOT_THERE)


async def test_what_cannot_be_is_refused(world: World) -> None:
    add = world.managing.add_manager
    assert await add(HUDA, "9999", Scope.ALL) == Refused(Refusal.UNKNOWN_PERSON)
    assert await add(HUDA, "1002", Scope.AREA, SALES) == Refused(Refusal.UNKNOWN_PLACE)
    await world.appoint("1002", Scope.ALL)
    assert await add(HUDA, "1002", Scope.ALL) == Refused(Refusal.THERE_ALREADY)
    now = world.clock.at
    assert await world.managing.hand_over(OMAR, "1004", now, now) == Refused(Refusal.WRONG_PERIOD)
    assert await world.managing.hand_over(OMAR, "1002", now, now + timedelta(1)) == Refused(Refusal.UNKNOWN_PERSON)


async def test_whom_nobody_manages_is_reported(world: World) -> None:
    await world.appoint("1002", Scope.DEPARTMENT, SALES)
    gaps = await world.managing.find_gaps(HUDA)
    assert not isinstance(gaps, Refused)
    assert sorted(person.emp_code for person in gaps) == ["1002", "1003", "1004"]
