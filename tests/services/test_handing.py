"""Who becomes responsible for one of the missing is told; where nothing has changed nobody is looked at."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step
from bot.attendance.facts import Kind
from bot.database import Database
from bot.services.handing import Handing
from bot.services.reaching import Reach
from bot.services.staff import load_staff_of
from bot.services.tenants import Tenant, Tenants
from bot.store import alerts
from bot.store.alert_tables import alert_recipients, outbox
from bot.store.alert_tables import alerts as alert_table
from bot.store.roster_tables import roster_person_areas, roster_punches
from tests.services.test_whose import CODES, COMPANY, HR, SITE, fill
from tests.store.rows import NOW, migrate

CHAIN = Chain((Step(Gate.EMPLOYED, None),))
PORT = 3


@pytest.fixture
async def company(database: Database) -> Database:
    """All are missing, and most of them nobody has been told of; one of them is filed nowhere."""
    await migrate(database)
    await database.write(fill)
    missing = [Found(Kind.ABSENT, code, SITE.instance, SITE, CHAIN) for code in [*CODES, "unknown"]]
    await database.write(lambda c: alerts.add_alerts(c, COMPANY, missing, NOW))
    return database


async def hand(company: Database) -> int:
    return await Handing(company, Tenants([Tenant(COMPANY, None, None)]), lambda: NOW).run()  # type: ignore[arg-type]


def load_told(c: Connection) -> set[tuple[str, str]]:
    r = alert_recipients.c
    return {(code, recipient) for code, recipient in c.execute(select(r.emp_code, r.recipient))}


def ask_of_each(c: Connection) -> set[tuple[str, str]]:
    reach = Reach(c, COMPANY, load_staff_of(c, COMPANY, CODES, NOW), NOW)
    reach.involved = {*CODES}  # so that nobody is taken for another
    return {(code, recipient) for code in [*CODES, "unknown"] for recipient in reach.find(code)}


async def test_all_who_should_be_are_told_of_each(company: Database) -> None:
    before = await company.read(load_told)
    wanted = await company.read(ask_of_each)
    assert await hand(company) == len(wanted - before) > 100
    assert await company.read(load_told) == wanted | before
    assert ("unknown", HR) in wanted


async def test_nobody_is_looked_at_where_nothing_has_changed(company: Database, monkeypatch: Any) -> None:
    await hand(company)

    def look(*_: Any) -> None:
        raise AssertionError("one by one")

    monkeypatch.setattr(alerts, "load_open_keys", look)
    assert await hand(company) == 0


async def test_who_comes_into_an_area_is_its_manager_s(company: Database) -> None:
    """003 has the port, and 006 stands in for them."""
    await hand(company)
    told = await company.read(load_told)
    code = next(code for code in CODES[10:] if (code, "006") not in told)
    await company.write(
        lambda c: c.execute(insert(roster_person_areas).values(company=COMPANY, emp_code=code, area_id=PORT))
    )
    assert await hand(company) == 1
    assert await company.read(load_told) == told | {(code, "006")}


async def test_of_a_site_as_a_whole_those_responsible_for_somebody_unseen_have_a_card(company: Database) -> None:
    """All but one have come."""
    incident = Found(Kind.INCIDENT, "", SITE.key, SITE, CHAIN)
    await company.write(lambda c: c.execute(delete(alert_table)))
    await company.write(lambda c: alerts.add_alerts(c, COMPANY, [incident], NOW))
    wanted = await company.read(ask_of_each)
    recipients = {recipient for code, recipient in wanted if code == CODES[42]}
    came = {"company": COMPANY, "punched_at": NOW, "punch_state": 0}
    rows = [came | {"id": n, "emp_code": code} for n, code in enumerate(CODES) if code != CODES[42]]
    await company.write(lambda c: c.execute(insert(roster_punches), rows))
    assert await hand(company) == len(recipients) > 0
    cards = select(outbox.c.emp_code).where(outbox.c.kind == "card")
    assert set(await company.read(lambda c: c.execute(cards).scalars().all())) == recipients
    assert await hand(company) == 0
