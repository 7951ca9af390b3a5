"""Whoever is judged with others is judged as they would be alone."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, true

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Kind, Rules, ShiftKind, Site
from bot.attendance.gates import judge
from bot.attendance.window import first_punch, start_of_work
from bot.database import Database
from bot.services.attending import Attending
from bot.services.reaching import find_delays
from bot.services.sites import write_site
from bot.store import alerts, attending, links, managers, outbox, punches
from bot.store.managers import Manager, Scope
from bot.store.messages import Message, New, Topic
from bot.store.roster_tables import (
    roster_holidays,
    roster_leaves,
    roster_logs,
    roster_people,
    roster_punches,
    shift_instances,
    syncs,
)
from bot.store.syncing import Part
from tests.store.rows import LINK, NOW, PUNCH, migrate

COMPANY, HOUR, MINUTE = LINK.company, timedelta(hours=1), timedelta(minutes=1)
SITE = Site(1, "Office", NOW.date(), NOW)
MORNING = Site(1, "Morning", NOW.date(), NOW - 5 * HOUR)
CODES = [f"{number:04}" for number in range(300)]
RULES = Rules(excluded=frozenset(CODES[::31]))
CHAIN = Chain((Step(Gate.EMPLOYED, None),))


@pytest.fixture
async def company(database: Database) -> Database:
    """Of three hundred people everything is so of some of them, and most of them are like others."""
    await migrate(database)
    await database.write(fill)
    return database


def fill(c: Connection) -> None:
    dice = random.Random(7)
    for number, code in enumerate(CODES):
        add = partial(put, c, code, number)

        def often(of: int) -> bool:
            return dice.randrange(of) == 0

        hired = NOW.date() + timedelta(days=1) if often(20) else date(2020, 1, 5) if often(2) else None
        filed = {"emp_id": f"id{code}", "name": f"Person {code}", "department_id": 1 + number % 2, "position": ""}
        gone, counts = NOW if often(25) else None, dice.choice([None, True, True, True, False])
        add(roster_people, **filed, hire_date=hired, left_at=gone, enable_att=counts)
        lasts = (8 if often(9) else 9) * HOUR
        kind = ShiftKind.HOLIDAY if often(40) else ShiftKind.WORK
        office = {"workdate": SITE.workdate, "timetable": "Office", "kind": kind, "area_id": 1, "id": 2 * number + 1}
        add(shift_instances, **office, starts_at=NOW, ends_at=NOW + lasts, opens_at=NOW - HOUR)
        if often(5):
            earlier = office | {"timetable": "Morning", "id": 2 * number + 2}
            times = {"starts_at": NOW - 5 * HOUR, "ends_at": NOW - HOUR, "opens_at": NOW - 6 * HOUR}
            add(shift_instances, **earlier, **times)
        came = dice.choice([None, None, -30, 5, 10, 11, 45])
        seen = [] if came is None else [NOW + came * MINUTE]
        seen += [NOW - 5 * HOUR] if often(4) else []
        for turn, at in enumerate(seen):
            add(roster_punches, id=10 * number + turn, punched_at=at, punch_state=dice.choice([0, 1, 255]))
        if often(6):
            late = replace(PUNCH.progress, punched_at=NOW + dice.choice([7, 12]) * MINUTE)
            own = replace(PUNCH, source=f"s{number}", ref=f"R{number:05}", emp_code=code, progress=late)
            punches.add(c, own, NOW)
        if often(6):
            begins, lasts = dice.choice([-9, 0, 2]) * HOUR, dice.choice([2, 9, 24]) * HOUR
            away = {"starts_at": NOW + begins, "ends_at": NOW + begins + lasts, "audit_status": dice.choice([1, 2])}
            add(roster_leaves, **away, pay_code="Annual")
        if often(12):
            add(roster_logs, punched_at=NOW + 3 * MINUTE, punch_state=0, audit_status=1)
    tell(c, [code for code in CODES if dice.randrange(2)], [code for code in CODES if dice.randrange(5) == 0], dice)
    for part in Part:
        c.execute(insert(syncs).values(company=COMPANY, part=part, synced_until=NOW + 5 * HOUR, next_at=NOW))
    # Of half of them somebody wants to know sooner than the rules say.
    managers.add_manager(c, Manager(COMPANY, "omar", Scope.DEPARTMENT, 2, "", NOW, timedelta(0)))
    links.add_person(c, LINK.telegram_id, "device", "en")
    links.add_link(c, LINK)


def put(c: Connection, emp_code: str, number: int, table: Any, **values: Any) -> None:
    row = {"company": COMPANY, "emp_code": emp_code, "id": number} | values
    c.execute(insert(table).values({name: row[name] for name in row if name in table.c}))


def tell(c: Connection, about: Iterable[str], ended: Iterable[str], dice: random.Random) -> None:
    found = [Found(Kind.ABSENT, code, SITE.instance, SITE, CHAIN) for code in [*about, "gone"]]
    gone = {"company": COMPANY, "emp_code": "gone", "emp_id": "gone", "name": "Gone", "department_id": 1}
    c.execute(insert(roster_people).values(**gone, position=""))
    alerts.add_alerts(c, COMPANY, found, NOW)
    alerts.end_alerts(c, COMPANY, [(code, SITE.instance, Step(Gate.NO_PUNCH, Stop.PUNCHED)) for code in ended], NOW)
    for one in found:
        if dice.randrange(9) == 0:
            (alert,) = alerts.load_of_site(c, COMPANY, SITE, one.emp_code)
            alerts.settle_excuse(c, alert, "known", "omar")


@pytest.mark.parametrize("minutes", [15, 40, 8 * 60 + 1, 10 * 60], ids=["due sooner", "due", "some over", "over"])
@pytest.mark.parametrize("holiday", [None, "id0005", "everybody"])
async def test_each_is_seen_as_they_would_be_alone(company: Database, minutes: int, holiday: str | None) -> None:
    now = NOW + minutes * MINUTE

    def compare(c: Connection) -> None:
        if holiday:
            whose = {"emp_id": None if holiday == "everybody" else holiday, "area_id": None}
            day = {"company": COMPANY, "id": 1, "name": "National Day", "first_date": SITE.workdate, "days": 1}
            c.execute(insert(roster_holidays).values(**day, **whose))
        told = alerts.load_absences(c, COMPANY, SITE)
        found = Attending(c, write(c), told, RULES, now).load(true())
        assert [one.emp_code for one in found] == [*CODES, "gone"], "in their order"
        alone = judge_alone(c, now)
        for one in found:
            seen = (one.begins_at, one.ends_at, one.punched_at, one.is_in, one.is_missing)
            assert (simplify(one.last, one.emp_code in told), *seen) == alone[one.emp_code], one

    await company.write(compare)


def judge_alone(c: Connection, now: Any) -> dict[str, tuple[Any, ...]]:
    told = alerts.load_absences(c, COMPANY, SITE)
    delays = find_delays(c, COMPANY, [*CODES, "gone"], RULES, now)
    seen = {}
    for one in attending.load_facts_of_site(c, COMPANY, SITE, (CODES, ["gone"]), now):
        code = one.shift.emp_code
        known = code in told and told[code].is_open
        moment = min(now, one.shift.ends_at) if one.shift.ends_at else now
        delay = timedelta(0) if known else delays.get(code)
        chain = judge(replace(one, delay=delay), RULES, moment)
        first = first_punch(one)
        is_in = first is not None or chain.last.stop in (Stop.PUNCHED, Stop.INSIDE)
        times = (start_of_work(one) or NOW, one.shift.ends_at, first.at if first else None, is_in)
        seen[code] = (simplify(chain.last, code in told), *times, chain.has_passed(Gate.NO_PUNCH))
    return seen


def simplify(step: Step, is_told: bool) -> tuple[Gate, Stop | None]:
    """Of who has come before anybody was told of them, nobody asks whether that would have been so by now."""
    is_early = step.stop is Stop.NOT_YET and not is_told
    return (Gate.NO_PUNCH, Stop.PUNCHED) if is_early else (step.gate, step.stop)


def write(c: Connection) -> Message:
    outbox.add_messages(c, COMPANY, [New("omar", Topic.CARD, SITE.key, NOW, write_site(SITE))], NOW)
    found = outbox.find_newest(c, COMPANY, "omar", Topic.CARD)
    assert found is not None
    return found


async def test_of_many_who_are_alike_few_are_looked_at_closely(company: Database, monkeypatch: Any) -> None:
    """Or a card of thousands would take seconds."""
    closely: list[str] = []
    load = attending.load_facts_of_site

    def look(c: Connection, of: str, site: Site, which: Any, now: Any) -> Any:
        closely.extend(which[0])
        return load(c, of, site, which, now)

    monkeypatch.setattr(attending, "load_facts_of_site", look)
    now = NOW + 40 * MINUTE
    told = await company.read(lambda c: alerts.load_absences(c, COMPANY, SITE))
    await company.write(lambda c: Attending(c, write(c), told, RULES, now).load(true()))
    assert 20 < len(closely) < len(CODES) / 2
