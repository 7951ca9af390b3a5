"""Who is told of whom, on both databases; and of shifts that there are no more."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, true

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step
from bot.attendance.facts import Kind, ShiftKind, Site
from bot.database import Database
from bot.store import alert_recipients, alerts, attending, facts
from bot.store.alert_recipients import Told
from bot.store.roster_tables import roster_people
from tests.store.rows import NOW, migrate

COMPANY, HOUR = "Demo Trading", timedelta(hours=1)
SITE = Site(1, "Office", NOW.date(), NOW)
CHAIN = Chain((Step(Gate.EMPLOYED, None),))
OMAR = Told("1002", "1001", SITE.instance, NOW + HOUR)


async def test_each_is_told_once_and_what_was_left_alone_is_told_now(database: Database) -> None:
    await migrate(database)
    for row in (OMAR, Told("1002", "1001", SITE.instance, NOW), Told("1003", "1001", "another", NOW)):
        await database.write(lambda c, row=row: alert_recipients.add_told(c, COMPANY, [row]))  # type: ignore[misc]
    load = lambda c: alert_recipients.load_told(c, COMPANY, ("1002", SITE.instance), NOW)  # noqa: E731
    assert await database.read(load) == [("1001", False, True, False)], "in an hour"
    left = Told("1002", "1001", SITE.instance, NOW, "1004")
    # Twice in one go, as PostgreSQL would not have it.
    await database.write(lambda c: alert_recipients.add_told(c, COMPANY, [left, left]))
    assert await database.read(load) == [("1001", True, False, False)]
    named = ("1002", SITE.instance)
    await database.write(lambda c: alert_recipients.settle_named(c, COMPANY, named, ["1001"], NOW))
    assert await database.read(load) == [("1001", True, False, True)]
    tellings = await database.read(lambda c: alert_recipients.load_tellings(c, COMPANY, SITE.instance))
    assert tellings == [replace(left, named_at=NOW)]
    mine = replace(OMAR, recipient="1005")
    await database.write(lambda c: alert_recipients.add_told(c, COMPANY, [mine]))
    await database.write(lambda c: alert_recipients.settle_named(c, COMPANY, ("1005", SITE.instance), ["1001"], NOW))
    await database.write(lambda c: alert_recipients.begin_anew(c, COMPANY, SITE.instance, ["1001", "1009"]))
    assert await database.read(lambda c: alert_recipients.load_tellings(c, COMPANY, SITE.instance)) == [mine]
    found = await database.read(lambda c: alert_recipients.load_recipients(c, COMPANY, {SITE.instance, "another"}))
    assert found == {("1001", SITE.instance): {"1005"}, ("1001", "another"): {"1003"}}


async def test_of_whom_an_alert_is_open_and_no_shift_is_left_nothing_is_expected(database: Database) -> None:
    await migrate(database)
    person = {"company": COMPANY, "emp_code": "1001", "emp_id": "1", "name": "Mona", "department_id": 1, "position": ""}
    await database.write(lambda c: c.execute(insert(roster_people).values(**person)))
    mona = Found(Kind.ABSENT, "1001", SITE.instance, SITE, CHAIN)
    await database.write(lambda c: alerts.add_alerts(c, COMPANY, [mona], NOW))
    scan = await database.read(lambda c: facts.load_scan(c, COMPANY, NOW + HOUR))
    (one,) = scan.missing
    assert (one.shift.kind, one.shift.key, one.told) == (ShiftKind.NONE, SITE.instance, frozenset({Kind.ABSENT}))
    assert await database.read(lambda c: attending.find_gone(c, COMPANY, SITE, true())) == {"1001": "Mona"}
    assert await database.read(lambda c: attending.load_unseen(c, COMPANY, SITE)) == ["1001"]
