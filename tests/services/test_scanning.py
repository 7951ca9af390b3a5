"""The scan over a company as BioTime knows it: who is told of whom, once; and what goes wrong in a company's life."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select

from bot.attendance import clocking as protocol
from bot.attendance.chain import Gate, Step, Stop
from bot.attendance.facts import Kind, Site
from bot.attendance.model import PunchState
from bot.chat.alert_texts import describe
from bot.gateway.records import schedule_tables as hours
from bot.gateway.sample import NAME, ZONE
from bot.i18n import translator_for
from bot.services.cards import NotLinked, compose
from bot.services.managing import Managing
from bot.services.scanning import Scanned, Scanning
from bot.services.settling import Settling
from bot.services.terminal_watch import TerminalWatch
from bot.store import links, manager_settings, managers, punches
from bot.store import outbox as outbox_rows
from bot.store.alert_tables import alerts, outbox
from bot.store.alerts import read_chain
from bot.store.managers import Scope, StandIn
from bot.store.presence import load_times
from bot.store.roster import load_roster
from bot.store.roster_tables import roster_departments, roster_people, roster_punches, shift_instances
from tests.services.town import HUDA, MONA, OMAR, Town, open_town
from tests.store.rows import LINK, PUNCH

MINUTE = timedelta(minutes=1)
OFFICE_PEOPLE = ("1001", "1002", "1003")


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Monday, before nine. Omar manages Sales and has linked, Huda runs HR and has; the office's others have come."""
    async with open_town(begin) as opened:
        yield opened


async def begin(town: Town) -> None:
    await town.syncing.run()
    await link(town, OMAR, 1)
    await link(town, HUDA, 2)
    await appoint(town, OMAR, "Sales")


async def link(town: Town, emp_code: str, app_role: int = 1) -> None:
    person = replace(LINK, telegram_id=int(emp_code), emp_code=emp_code, app_role=app_role, company=NAME)
    await town.db.write(lambda c: links.add_person(c, person.telegram_id, "device", "en"))
    await town.db.write(lambda c: links.add_link(c, person))


async def appoint(town: Town, emp_code: str, department: str, **delay: timedelta) -> None:
    roster = await town.db.read(lambda c: load_roster(c, NAME))
    place = next(d.id for d in roster.departments.values() if d.name == department)
    await Managing(town.db, town.clock).appoint(NAME, emp_code, Scope.DEPARTMENT, place, **delay)


async def all_come(town: Town, *but: str) -> None:
    """Everybody whose shift begins at nine in the office."""
    nine = town.at(9)
    rows = await town.rows(shift_instances, shift_instances.c.starts_at == nine)
    for row in rows:
        if row.emp_code not in but:
            await town.punch(row.emp_code, nine - MINUTE)


async def go_to(town: Town, hour: int, minute: int = 0) -> Scanned:
    """Then what is due is looked at, by terminals that are all well, and scanned."""
    town.clock.at = town.at(hour, minute)
    await town.hear_from_terminals()
    await town.look()
    return await Scanning(town.db, town.tenants, town.clock).run()


async def absent(town: Town) -> list[str]:
    rows = await town.rows(alerts, alerts.c.kind == "absent", alerts.c.ended_at.is_(None))
    return sorted(row.emp_code for row in rows)


async def told(town: Town, topic: str = "card") -> list[str]:
    return sorted({row.emp_code for row in await town.rows(outbox, outbox.c.kind == topic)})


async def test_one_is_missing_and_their_manager_is_told_once(town: Town) -> None:
    await all_come(town, MONA)
    assert await go_to(town, 9, 9) == Scanned()
    first = await go_to(town, 9, 10)
    assert (await absent(town), await told(town), await told(town, "nudge")) == ([], [], [MONA])
    assert first.messages == 1
    await go_to(town, 9, 20)
    assert (await absent(town), await told(town)) == ([MONA], [OMAR])
    assert await go_to(town, 9, 20) == Scanned(), "a second run adds nothing"
    assert await go_to(town, 9, 30) == Scanned()


async def test_a_manager_who_wants_to_know_at_once_is_told_at_once(town: Town) -> None:
    """And the other of the same person when the company's delay is over; HR's new delay is that of who chose none."""
    await link(town, "1004")
    await appoint(town, "1004", "Sales")
    await town.db.write(lambda c: managers.settle_delay(c, NAME, OMAR, timedelta(0)))
    await all_come(town, MONA)
    await go_to(town, 9, 9)
    assert await told(town) == []
    await go_to(town, 9, 10)
    assert (await absent(town), await told(town, "nudge")) == ([MONA], [MONA])
    due = {row.emp_code: row.next_at for row in await town.rows(outbox, outbox.c.kind == "card")}
    assert due == {OMAR: town.at(9, 10), "1004": town.at(9, 20)}
    huda = replace(LINK, emp_code=HUDA, app_role=2, company=NAME)
    settling = Settling(town.db, Managing(town.db, town.clock), town.clock)
    await settling.change_rules(huda, lambda rules: replace(rules, delay=30 * MINUTE))
    delays = {one.emp_code: one.delay for one in await town.db.read(lambda c: managers.load_managers(c, NAME))}
    assert delays == {OMAR: timedelta(0), "1004": 30 * MINUTE}


async def test_a_card_goes_to_who_stands_in_for_the_stand_in(town: Town) -> None:
    await link(town, "1004")
    for whose, to in ((OMAR, "1004"), ("1004", HUDA)):
        period = StandIn(NAME, whose, to, town.clock(), town.clock() + timedelta(hours=12))
        await town.db.write(lambda c, one=period: managers.add_stand_in(c, one))  # type: ignore[misc]
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await told(town) == [HUDA]


async def test_the_alert_is_retracted_when_they_come(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.punch(MONA, town.at(9, 40))
    scanned = await go_to(town, 9, 41)
    assert scanned.ended == 2, "the alert, and the question to Mona"
    assert await absent(town) == []
    (row,) = await town.rows(alerts, alerts.c.kind == "absent")
    assert row.ending == Stop.PUNCHED


async def test_a_punch_stamped_tomorrow_counts_when_it_arrived_and_not_tomorrow(town: Town) -> None:
    scanning = Scanning(town.db, town.tenants, town.clock)
    await all_come(town, MONA)
    await town.punch(MONA, town.at(8, 59, day=1), uploaded_at=town.at(8, 59))
    await go_to(town, 9, 30)
    assert await absent(town) == []
    (shift,) = await town.rows(
        shift_instances, shift_instances.c.emp_code == MONA, shift_instances.c.starts_at == town.at(9)
    )
    why = await scanning.explain(NAME, MONA, Site(shift.area_id, shift.timetable, shift.workdate, shift.starts_at))
    assert why is not None
    assert why[0].last == Step(Gate.NO_PUNCH, Stop.DOUBTED, town.at(8, 59), "Office lobby")
    for row in await town.rows(shift_instances, shift_instances.c.starts_at == town.at(9)):
        if row.emp_code != MONA:
            await town.punch(row.emp_code, town.at(9, day=1))
    town.clock.at = town.at(9, 20, day=1)
    await town.hear_from_terminals()
    await town.look()
    await scanning.run()
    assert MONA in await absent(town)
    alert = next(row for row in await town.rows(alerts) if row.emp_code == MONA)
    assert Step(Gate.NO_PUNCH, None) in read_chain(alert.chain).steps


async def test_nobody_is_in_since_a_time_still_to_come_and_a_clock_a_little_ahead_is_not_doubted(town: Town) -> None:
    scanning = Scanning(town.db, town.tenants, town.clock)
    await all_come(town, MONA)
    await town.punch(MONA, town.at(9, 3), uploaded_at=town.at(8, 59))
    await go_to(town, 9, 0)
    assert (await town.db.read(lambda c: load_times(c, NAME, town.at(8, 59), [MONA])))[MONA] == [
        (town.at(8, 59), PunchState.CHECK_IN)
    ]
    (shift,) = await town.rows(
        shift_instances, shift_instances.c.emp_code == MONA, shift_instances.c.starts_at == town.at(9)
    )
    await go_to(town, 9, 30)
    why = await scanning.explain(NAME, MONA, Site(shift.area_id, shift.timetable, shift.workdate, shift.starts_at))
    assert why is not None
    assert why[0].last == Step(Gate.NO_PUNCH, Stop.PUNCHED, town.at(8, 59), "Office lobby")


async def test_nobody_is_missed_who_punched_at_a_terminal_that_is_known_to_be_hours_behind(town: Town) -> None:
    """Sales 01 to 03 came before anybody knew; Omar's punch waited for the network an hour longer than the others'."""
    scanning, watch = Scanning(town.db, town.tenants, town.clock), TerminalWatch(town.db, town.tenants, town.clock)
    behind, early = timedelta(hours=3), {"1004": 5, "1005": 17, "1006": 30}
    for code, minute in early.items():
        await town.punch(code, town.at(8, minute) - behind, uploaded_at=town.at(8, minute))
    await go_to(town, 8, 31)
    assert await watch.run() == 1
    for row in await town.rows(shift_instances, shift_instances.c.starts_at == town.at(9)):
        if row.emp_code not in early:
            late = behind + timedelta(hours=row.emp_code == OMAR)
            await town.punch(row.emp_code, town.at(8, 50) - late, uploaded_at=town.at(8, 50))
    await go_to(town, 9, 10)
    assert await watch.run() == 0
    await go_to(town, 9, 30)
    assert (await absent(town), await told(town, "nudge")) == ([OMAR], [OMAR])
    (shift,) = await town.rows(
        shift_instances, shift_instances.c.emp_code == MONA, shift_instances.c.starts_at == town.at(9)
    )
    why = await scanning.explain(NAME, MONA, Site(shift.area_id, shift.timetable, shift.workdate, shift.starts_at))
    assert why is not None
    assert why[0].last == Step(Gate.NO_PUNCH, Stop.DOUBTED, town.at(8, 50), "Office lobby")
    (before,) = await town.rows(roster_punches, roster_punches.c.uploaded_at == town.at(8, 17))
    assert (before.punched_at, before.stamped_at) == (town.at(8, 17), town.at(5, 17))


async def test_a_pending_log_is_pending_and_a_refused_one_begins_again(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.file_log(MONA, town.at(9))
    await go_to(town, 9, 25)
    (row,) = await town.rows(alerts, alerts.c.kind == "absent")
    assert row.ending == Stop.LOG_PENDING
    await town.records.write(
        lambda c: c.exec_driver_sql("UPDATE manual_logs SET audit_status = 3 WHERE audit_status = 1")
    )
    await go_to(town, 9, 30)
    assert await absent(town) == [MONA]
    assert len(await town.rows(alerts, alerts.c.kind == "absent")) == 1


async def test_a_forgotten_punch_reported_here_is_pending_at_once(town: Town) -> None:
    """Before BioTime has it, and no punch: until somebody has approved it, it is what a person says."""
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    asked = protocol.ask(town.at(9), town.clock.at)
    punch = await town.db.write(lambda c: punches.add(c, replace(PUNCH, company=NAME, progress=asked), town.clock.at))
    assert punch is not None
    await go_to(town, 9, 21)
    (row,) = await town.rows(alerts, alerts.c.kind == "absent")
    assert row.ending == Stop.LOG_PENDING
    taken_back = protocol.withdraw(asked)
    assert taken_back is not None
    await town.db.write(lambda c: punches.settle(c, punch, taken_back))
    await go_to(town, 9, 22)
    assert await absent(town) == [MONA], "and is missing again"


async def test_a_company_with_no_holidays_set(town: Town) -> None:
    await town.records.write(lambda c: c.execute(hours.holidays.delete()))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await absent(town) == [MONA]


async def test_a_holiday_of_the_company_is_nobodys_absence(town: Town) -> None:
    def declare(c: Connection) -> None:
        company = c.execute(select(hours.holidays.c.company_id).limit(1)).scalar_one()
        row = {"company_id": company, "alias": "National Day", "start_date": town.clock.at.date(), "duration_day": 1}
        c.execute(hours.holidays.insert().values(**row))

    await town.records.write(declare)
    await go_to(town, 9, 30)
    assert await absent(town) == []


async def test_a_person_under_two_managers_is_one_alert_and_two_cards(town: Town) -> None:
    await link(town, "1004")
    roster = await town.db.read(lambda c: load_roster(c, NAME))
    office = next(a.id for a in roster.areas.values() if a.name == "Dubai Office")
    await Managing(town.db, town.clock).appoint(NAME, "1004", Scope.AREA, office, timedelta(minutes=40))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await absent(town) == [MONA]
    due = {row.emp_code: row.next_at for row in await town.rows(outbox, outbox.c.kind == "card")}
    assert due == {OMAR: town.at(9, 20), "1004": town.at(9, 50)}, "each as long after as they chose"


async def test_a_manager_who_is_absent_has_hr_told_too(town: Town) -> None:
    await all_come(town, MONA, OMAR)
    await go_to(town, 9, 20)
    await go_to(town, 9, 21)
    assert await absent(town) == [MONA, OMAR]
    assert HUDA in await told(town)


async def test_a_manager_on_leave_has_hr_told_too(town: Town) -> None:
    await town.grant_leave(OMAR, town.at(0), town.at(0, day=3))
    await all_come(town, MONA, OMAR)
    await go_to(town, 9, 20)
    assert await told(town) == [OMAR, HUDA]


async def test_whoever_stands_in_is_told_and_not_the_manager(town: Town) -> None:
    await link(town, "1004")
    stand_in = StandIn(NAME, OMAR, "1004", town.at(0), town.at(0, day=7))
    await town.db.write(lambda c: managers.add_stand_in(c, stand_in))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await told(town) == ["1004"]


async def test_a_manager_who_never_linked_is_told_to_hr_with_the_card(town: Town) -> None:
    await town.db.write(lambda c: links.end_link(c, int(OMAR), town.clock.at))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await told(town) == [HUDA]
    assert await told(town, "unlinked") == [HUDA]


async def test_whom_nobody_manages_is_hr_s(town: Town) -> None:
    await all_come(town, HUDA, "1014")
    await go_to(town, 9, 20)
    missing = await absent(town)
    assert HUDA in missing
    assert await told(town) == ([HUDA] if "1014" in missing else []), "nobody is their own manager"


async def test_most_of_a_site_missing_is_one_incident(town: Town) -> None:
    await go_to(town, 9, 20)
    kinds = [row.kind for row in await town.rows(alerts, alerts.c.timetable == "Office")]
    assert Kind.INCIDENT in kinds
    assert Kind.ABSENT not in {row.kind for row in await town.rows(alerts, alerts.c.area_id == 1)}
    await all_come(town, MONA)
    await go_to(town, 9, 40)
    (row,) = await town.rows(alerts, alerts.c.kind == "incident", alerts.c.area_id == 1)
    assert row.ended_at == town.clock.at
    assert MONA in await absent(town)


async def test_a_terminal_that_is_silent_is_one_notice_and_no_names(town: Town) -> None:
    await all_come(town, MONA)
    town.clock.at = town.at(9, 20)
    await town.look()  # the office's lobby was last heard of before eight
    await Scanning(town.db, town.tenants, town.clock).run()
    assert await absent(town) == []
    (row,) = await town.rows(alerts, alerts.c.kind == "stale", alerts.c.area_id == 1)
    assert row.ended_at is None
    assert await Scanning(town.db, town.tenants, town.clock).run() == Scanned()
    await go_to(town, 9, 25)
    assert await absent(town) == [MONA], "and then it is known"
    (row,) = await town.rows(alerts, alerts.c.kind == "stale", alerts.c.area_id == 1)
    assert row.ended_at == town.clock.at


async def test_biotime_down_from_08_50_to_09_40(town: Town) -> None:
    """Mona came at nine, and BioTime's terminal knew it; Omar's other one did not come."""
    await all_come(town, "1004")
    town.clock.at = town.at(8, 50)
    town.far.down = True
    for minute in range(50, 100, 5):
        town.clock.at = town.at(8) + minute * MINUTE
        await town.hear_from_terminals()
        await town.syncing.run()
        await Scanning(town.db, town.tenants, town.clock).run()
    assert await absent(town) == [], "nobody is called missing for BioTime's silence"
    assert len(await town.rows(alerts, alerts.c.kind == "stale", alerts.c.area_id == 1)) == 1
    assert await told(town, "down") == [HUDA]
    town.far.down = False
    await go_to(town, 9, 41)
    assert await absent(town) == ["1004"]
    (down,) = await town.rows(outbox, outbox.c.kind == "down")
    assert '"since": null' in down.payload, "and HR reads that it is back"


async def test_each_silence_of_biotime_is_a_message_of_its_own(town: Town) -> None:
    """Twice on one day; and each is told to be over on its own message."""
    await all_come(town)
    for hour in (10, 14):
        town.far.down = True
        for minute in range(0, 20, 5):
            town.clock.at = town.at(hour, minute)
            await town.syncing.run()
            await Scanning(town.db, town.tenants, town.clock).run()
        town.far.down = False
        await go_to(town, hour, 30)
    rows = await town.rows(outbox, outbox.c.kind == "down")
    assert [(row.emp_code, '"since": null' in row.payload) for row in rows] == [(HUDA, True), (HUDA, True)]


async def test_a_night_shift_over_midnight(town: Town) -> None:
    night = next(row for row in await town.rows(shift_instances, shift_instances.c.timetable == "Night guard",
                 shift_instances.c.workdate == town.clock.at.date()))  # fmt: skip
    await go_to(town, 19, 30)
    kinds = {row.kind for row in await town.rows(alerts, alerts.c.timetable == "Night guard")}
    assert kinds, night
    await town.punch(night.emp_code, town.at(19, 40), PunchState.UNKNOWN)
    await town.look()
    town.clock.at = town.at(0, 30, day=1)
    await town.hear_from_terminals()
    await town.look()
    await Scanning(town.db, town.tenants, town.clock).run()
    assert night.emp_code not in await absent(town)


async def test_a_shift_that_is_there_no_more_ends_its_alerts(town: Town) -> None:
    """And no others."""
    await all_come(town, MONA, "1003")
    await go_to(town, 9, 30)
    assert await absent(town) == [MONA, "1003"]
    await town.db.write(lambda c: c.execute(delete(shift_instances).where(shift_instances.c.emp_code == "1003")))
    await Scanning(town.db, town.tenants, town.clock).run()
    assert await absent(town) == [MONA]
    (gone,) = await town.rows(alerts, alerts.c.emp_code == "1003", alerts.c.kind == "absent")
    assert gone.ending == Stop.NO_TIMETABLE
    assert (await Scanning(town.db, town.tenants, town.clock).run()).ended == 0


async def test_who_is_excluded_is_never_told_of(town: Town) -> None:
    rules = manager_settings.AlertSettings(excluded=frozenset({MONA}))
    await town.db.write(lambda c: manager_settings.settle_alert_settings(c, NAME, rules))
    await all_come(town, MONA)
    await go_to(town, 9, 30)
    assert await absent(town) == []


async def test_a_department_is_left_out_with_all_below_it_and_its_people_vanish_from_open_cards(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 30)
    assert await absent(town) == [MONA]
    (person,) = await town.rows(roster_people, roster_people.c.emp_code == MONA)
    (place,) = await town.rows(roster_departments, roster_departments.c.id == person.department_id)
    above = place.parent_id or place.id
    rules = manager_settings.AlertSettings(excluded_departments=frozenset({above}))
    await town.db.write(lambda c: manager_settings.settle_alert_settings(c, NAME, rules))
    await go_to(town, 9, 31)
    assert await absent(town) == []
    (gone,) = await town.rows(alerts, alerts.c.emp_code == MONA, alerts.c.kind == "absent")
    assert gone.ending == "excluded"


async def test_switched_off_is_off(town: Town) -> None:
    off = manager_settings.AlertSettings(enabled=False)
    await town.db.write(lambda c: manager_settings.settle_alert_settings(c, NAME, off))
    assert await go_to(town, 9, 30) == Scanned()


async def test_of_a_stand_in_who_has_not_logged_in_hr_reads_for_whom_they_stand_in(town: Town) -> None:
    period = StandIn(NAME, OMAR, "1004", town.clock(), town.clock() + timedelta(hours=12))
    await town.db.write(lambda c: managers.add_stand_in(c, period))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await told(town) == await told(town, "unlinked") == [HUDA]
    (row,) = await town.rows(outbox, outbox.c.kind == "unlinked")
    message = await town.db.read(lambda c: outbox_rows.find_message(c, row.id))
    assert message is not None
    news = await town.db.read(lambda c: compose(c, message, town.clock()))
    assert news == NotLinked("Sales 01", "Omar")
    assert describe(translator_for("en"), news, ZONE).startswith("⚠️ Sales 01 stands in for Omar and cannot be told")
