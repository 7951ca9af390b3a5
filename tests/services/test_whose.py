"""Whose people are on a card: by where they are filed, as if each of them had been asked about."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select

from bot.attendance.facts import ShiftKind, Site
from bot.database import Database
from bot.services.reaching import Reach
from bot.services.sites import write_site
from bot.services.staff import load_staff_of
from bot.services.whose import load_whose
from bot.store import alert_recipients, links, managers, outbox
from bot.store.alert_recipients import Told
from bot.store.alert_tables import managers as manager_table
from bot.store.managers import Manager, Scope, StandIn
from bot.store.messages import New, Topic
from bot.store.roster import Place, RosterPerson
from bot.store.roster_tables import roster_people, shift_instances
from bot.store.syncing import settle_people, settle_places
from tests.store.rows import LINK, NOW, migrate

COMPANY, HOUR = LINK.company, timedelta(hours=1)
SITE = Site(1, "Office", NOW.date(), NOW)
CODES = [f"{number:03}" for number in range(120)]
HR = "119"
# Under 1 are 2 and 3, under 3 is 4; 5 is by itself, and of 6 nobody has told us.
DEPARTMENTS = [Place(1, "All", None), Place(2, "A", 1), Place(3, "B", 1), Place(4, "C", 3), Place(5, "D", None)]
AREAS = [Place(1, "Yard", None), Place(2, "Gate", 1), Place(3, "Port", None)]
SCOPES = [
    ("000", Scope.DEPARTMENT, 1), ("001", Scope.DEPARTMENT, 3), ("002", Scope.AREA, 1), ("002", Scope.DEPARTMENT, 5),
    ("003", Scope.AREA, 3), ("004", Scope.DEPARTMENT, 6), ("005", Scope.ALL, 0), ("006", Scope.DEPARTMENT, 2),
]  # fmt: skip


@pytest.fixture
async def company(database: Database) -> Database:
    await migrate(database)
    await database.write(fill)
    return database


def fill(c: Connection) -> None:
    dice = random.Random(5)
    settle_places(c, COMPANY, DEPARTMENTS, AREAS)
    settle_people(c, COMPANY, [draw(dice, code) for code in CODES], NOW)
    shift = {"company": COMPANY, "workdate": SITE.workdate, "timetable": "Office", "kind": ShiftKind.WORK, "area_id": 1}
    shift |= {"starts_at": NOW, "ends_at": NOW + 9 * HOUR, "opens_at": NOW - HOUR}
    c.execute(insert(shift_instances), [shift | {"emp_code": code} for code in CODES])
    for code, scope, number in SCOPES:
        managers.add_manager(c, Manager(COMPANY, code, scope, number, "", NOW))
    for code, stand_in in (("001", "006"), ("003", "006"), ("004", "005")):
        managers.add_stand_in(c, StandIn(COMPANY, code, stand_in, NOW - HOUR, NOW + HOUR))
    for number, code in enumerate(["000", "001", "006", HR], 1):
        links.add_person(c, number, "device", "en")
        role = 2 if code == HR else 1
        links.add_link(c, replace(LINK, emp_code=code, telegram_id=number, app_role=role))
    told = [Told(dice.choice(["000", "001", "006", HR]), code, SITE.instance, NOW, dice.choice(["", "", "002"]))
            for code in CODES[::7]]  # fmt: skip
    alert_recipients.add_told(c, COMPANY, told)


def draw(dice: random.Random, code: str) -> RosterPerson:
    areas = tuple(sorted(dice.sample([1, 2, 3], dice.randrange(3))))
    return RosterPerson(code, code, f"Person {code}", dice.randrange(1, 7), "", None, areas)


def find_mine(c: Connection, code: str) -> set[str]:
    outbox.add_messages(c, COMPANY, [New(code, Topic.CARD, SITE.key, NOW, write_site(SITE))], NOW)
    message = outbox.find_newest(c, COMPANY, code, Topic.CARD)
    assert message is not None
    return set(c.execute(select(roster_people.c.emp_code).where(load_whose(c, message, NOW).mine)).scalars())


def ask_of_each(c: Connection, asked: str) -> set[str]:
    staff = load_staff_of(c, COMPANY, CODES, NOW)
    told = {one.emp_code: one for one in alert_recipients.load_told(c, COMPANY, (asked, SITE.instance), NOW)}
    mine = {one.emp_code for one in staff.people_of(asked)} | {code for code, one in told.items() if one.is_left}
    if asked != HR:
        return mine
    reach = Reach(c, COMPANY, staff, NOW)
    return mine | {code for code in CODES if code in told or asked in reach.find(code)}


async def test_a_manager_s_are_those_whom_they_manage_wherever_they_are_filed(company: Database) -> None:
    def compare(c: Connection) -> list[int]:
        found = [(find_mine(c, code), ask_of_each(c, code)) for code in [*CODES[:8], HR]]
        assert all(mine == theirs for mine, theirs in found)
        return [len(mine) for mine, _ in found]

    *sizes, nobody, hr = await company.write(compare)
    assert all(5 < size < len(CODES) for size in [*sizes[:4], *sizes[5:], hr])
    assert nobody == 0, "who is no manager has nobody"


async def test_hr_has_everybody_else_where_nobody_manages_them(company: Database) -> None:
    def compare(c: Connection) -> set[str]:
        c.execute(delete(manager_table))
        mine = find_mine(c, HR)
        assert mine == ask_of_each(c, HR)
        return mine

    assert await company.write(compare) | {HR} == {*CODES}
