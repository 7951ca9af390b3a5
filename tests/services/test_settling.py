"""The company's rules, and what two people change of them at once."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

from bot.database import Database
from bot.services.excluding import Excluding
from bot.services.managing import Managing, Refusal, Refused
from bot.services.settling import Change, Settling
from bot.store import manager_settings
from bot.store.audit_lines import Act
from bot.store.manager_settings import AlertSettings
from bot.store.roster_tables import roster_people
from bot.store.team_tables import audit_lines
from tests.faults import Clock
from tests.store.rows import LINK

MINUTE = timedelta(minutes=1)
HUDA = replace(LINK, emp_code="1003", name="Huda", app_role=2)
COMPANY = LINK.company
ROUNDS = 8


async def add_people(db: Database) -> None:
    rows = [
        {"company": COMPANY, "emp_code": f"{n}", "emp_id": f"{n}", "name": f"{n}", "position": "", "department_id": 1}
        for n in range(ROUNDS)
    ]
    await db.write(lambda c: c.execute(roster_people.insert(), rows))


def settling(db: Database) -> Settling:
    clock = Clock()
    return Settling(db, Managing(db, clock), clock)


def sets(**rules: object) -> Change:
    return lambda before: replace(before, **rules)  # type: ignore[arg-type]


async def load(db: Database) -> AlertSettings:
    return await db.read(lambda c: manager_settings.load_alert_settings(c, COMPANY))


async def test_rules_changed_while_somebody_is_left_out_lose_neither(database: Database, database_url: str) -> None:
    """In the chat and on the command line, which is another process: each has its own way to the database."""
    await add_people(database)
    command_line = await Database.open(database_url)
    for n in range(ROUNDS):
        await asyncio.gather(
            settling(database).change_rules(HUDA, sets(grace=n * MINUTE)),
            Excluding(command_line, Clock()).leave_out_as_operator(COMPANY, str(n), ""),
        )
        rules = await load(database)
        assert (rules.grace, rules.excluded) == (n * MINUTE, frozenset(map(str, range(n + 1))))
    await command_line.close()


async def test_two_of_hr_change_two_rules_and_both_hold(database: Database, database_url: str) -> None:
    second = await Database.open(database_url)
    for n in range(1, ROUNDS):
        await asyncio.gather(
            settling(database).change_rules(HUDA, sets(grace=n * MINUTE)),
            settling(second).change_rules(HUDA, sets(nudge=n * MINUTE)),
        )
        rules = await load(database)
        assert (rules.grace, rules.nudge) == (n * MINUTE, n * MINUTE)
    await second.close()


async def test_a_change_has_its_line_and_none_where_nothing_is_another(database: Database) -> None:
    for _ in range(2):
        await settling(database).change_rules(HUDA, sets(grace=3 * MINUTE))
    lines = await database.read(lambda c: c.execute(audit_lines.select()).all())
    assert [(line.act, json.loads(line.detail)["text"]) for line in lines] == [(Act.RULES_CHANGED, "grace=10→3")]


async def test_nobody_but_hr_changes_them(database: Database) -> None:
    refused = await settling(database).change_rules(LINK, sets(enabled=False))
    assert refused == Refused(Refusal.NOT_HR)
    assert await load(database) == AlertSettings()
