"""What a card says is so: whoever it names is missing, whoever it counts is counted, and nobody vanishes unsaid."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from bot.attendance.chain import Stop
from bot.gateway.records import schedule_tables as hours
from bot.gateway.sample import NAME
from bot.services.cards import Card, Question
from bot.services.escalating import Escalating
from bot.services.handing import Handing
from bot.services.scanning import Scanning
from bot.services.staff import load_staff
from bot.store import links, managers, outbox
from bot.store.alert_tables import alerts
from bot.store.alert_tables import outbox as outbox_rows
from bot.store.managers import Scope, StandIn
from bot.store.roster import load_roster
from bot.store.roster_tables import roster_people, shift_instances
from tests.services.test_oversight import Telegram, deliver
from tests.services.test_scanning import absent, all_come, appoint, begin, go_to, link, told
from tests.services.town import HUDA, MONA, OMAR, Town, open_town
from tests.store.rows import LINK

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


def stops(card: Card) -> list[tuple[str, Stop | None]]:
    return [(one.name, one.step.stop if one.step else None) for one in card.retracted]


async def read_card(town: Town, code: str = OMAR) -> Card:
    """Their newest, told now."""
    telegram = Telegram()
    town.clock.at += MINUTE
    await deliver(town, telegram)
    cards: list[Card] = [card for to, card in telegram.of(Card) if to == code]
    return cards[-1]


def named(some: Any) -> list[str]:
    return [one.name for one in some]


async def test_when_the_shift_is_over_the_card_says_who_never_came(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert named((await read_card(town)).missing) == ["Mona"]
    await go_to(town, 18, 1)
    card = await read_card(town)
    assert (card.over, card.all_clear, named(card.never_came)) == (True, False, ["Mona"])
    assert (card.missing, card.present) == ((), card.expected - 1)


async def test_who_has_a_log_to_be_approved_at_the_end_of_the_shift_is_not_said_to_have_never_come(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    await town.file_log(MONA, town.at(9))
    await go_to(town, 18, 1)
    card = await read_card(town)
    assert (card.never_came, [stop for _, stop in stops(card)]) == ((), [Stop.LOG_PENDING])


async def test_half_a_day_of_leave_approved_late_is_said_and_she_is_missing_again_after_it(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    await town.grant_leave(MONA, town.at(9), town.at(13))
    await go_to(town, 9, 25)
    card = await read_card(town)
    assert (card.missing, stops(card)) == ((), [("Mona", Stop.NOT_YET)])
    await go_to(town, 13, 20)
    (mona,) = (await read_card(town)).missing
    assert mona.late_by == 20 * MINUTE, "after the leave"


async def test_who_is_expected_no_more_is_said_and_their_alert_ends(town: Town) -> None:
    """BioTime lists nobody who keeps no attendance: their day is gone."""
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    await town.change(MONA, enable_att=False)
    await go_to(town, 9, 30)
    card = await read_card(town)
    assert (card.missing, named(card.retracted)) == ((), ["Mona"])
    assert not await town.rows(alerts, alerts.c.emp_code == MONA, alerts.c.ended_at.is_(None))


async def test_whose_timetable_changes_is_said_and_their_alert_ends(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    await town.db.write(lambda c: c.execute(delete(shift_instances).where(shift_instances.c.emp_code == MONA)))
    await Scanning(town.db, town.tenants, town.clock).run()
    card = await read_card(town)
    assert (card.missing, stops(card)) == ((), [("Mona", Stop.NO_TIMETABLE)])
    assert not await town.rows(alerts, alerts.c.emp_code == MONA, alerts.c.ended_at.is_(None))


async def test_who_has_asked_for_leave_is_missing_and_it_is_said(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert [one.asks_leave for one in (await read_card(town)).missing] == [False]
    await town.grant_leave(MONA, town.at(9), town.at(18), status=1)
    await go_to(town, 9, 25)
    assert [one.asks_leave for one in (await read_card(town)).missing] == [True]


async def test_nobody_is_in_who_is_not_counted(town: Town) -> None:
    """One is on leave and came all the same; and at noon the day becomes a holiday."""
    other = next(code for code in await _of_omar(town) if code != MONA)
    await town.grant_leave(other, town.at(0), town.at(0, day=1))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    card = await read_card(town)
    assert card.present == card.expected - 1, "all but Mona"

    def declare(c: Connection) -> None:
        company = c.execute(select(hours.holidays.c.company_id).limit(1)).scalar_one()
        row = {"company_id": company, "alias": "National Day", "start_date": town.clock.at.date(), "duration_day": 1}
        c.execute(hours.holidays.insert().values(**row))

    await town.records.write(declare)
    await go_to(town, 12)
    card = await read_card(town)
    assert card.present == card.expected
    assert (card.missing, named(card.retracted)) == ((), ["Mona"])


async def test_hr_who_is_told_instead_of_somebody_reads_of_their_people_and_her_own(town: Town) -> None:
    """Omar has not linked; Huda manages people of the same shift and site herself, and all of them are in."""
    await appoint(town, HUDA, "Human Resources")
    await town.db.write(lambda c: links.end_link(c, int(OMAR), town.clock.at))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    card = await read_card(town, HUDA)
    assert named(card.missing) == ["Mona"]
    assert card.present == card.expected - 1 > 0


async def hand(town: Town) -> int:
    return await Handing(town.db, town.tenants, town.clock).run()


async def move(town: Town, emp_code: str, department: str) -> None:
    roster = await town.db.read(lambda c: load_roster(c, NAME))
    place = next(one.id for one in roster.departments.values() if one.name == department)
    mine = roster_people.update().where(roster_people.c.emp_code == emp_code)
    await town.db.write(lambda c: c.execute(mine.values(department_id=place)))


async def test_who_is_left_alone_is_on_the_next_manager_s_card_though_they_want_to_know_later(town: Town) -> None:
    await link(town, "1004")
    later = managers.Manager(NAME, "1004", Scope.ALL, 0, "", town.clock(), timedelta(hours=9))
    await town.db.write(lambda c: managers.add_manager(c, later))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert named((await read_card(town)).missing) == ["Mona"]
    await go_to(town, 9, 52)
    assert await Escalating(town.db, town.tenants, town.clock).run() > 0
    assert named((await read_card(town, "1004")).missing) == ["Mona"]


async def test_hr_reads_of_whom_a_manager_has_left_alone(town: Town) -> None:
    """She manages people there herself, and they are in."""
    await appoint(town, HUDA, "Human Resources")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    await go_to(town, 9, 52)
    assert await Escalating(town.db, town.tenants, town.clock).run() == 2
    assert named((await read_card(town, HUDA)).missing) == ["Mona"]


async def test_who_looks_at_a_card_of_others_has_not_looked_at_her(town: Town) -> None:
    """Of the same shift and site, with one of their own people missing."""
    await link(town, "1004")
    await appoint(town, "1004", "Human Resources")
    await all_come(town, MONA, HUDA)
    await go_to(town, 9, 20)
    await read_card(town)
    theirs = await town.rows(outbox_rows, outbox_rows.c.kind == "card", outbox_rows.c.emp_code == "1004")
    assert len(theirs) == 1
    await town.db.write(lambda c: outbox.settle_seen(c, theirs[0].id, town.clock()))
    await go_to(town, 9, 52)
    assert await Escalating(town.db, town.tenants, town.clock).run() > 0


async def test_an_alert_goes_with_her_to_her_new_manager_and_the_old_one_is_told(town: Town) -> None:
    await appoint(town, HUDA, "Human Resources")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    assert await read_card(town)
    await move(town, MONA, "Human Resources")
    assert (await hand(town), await hand(town)) == (1, 0)
    mine, theirs = await read_card(town), await read_card(town, HUDA)
    assert (mine.missing, [(one.name, one.step) for one in mine.retracted]) == ((), [("Mona", None)])
    assert named(theirs.missing) == ["Mona"]


async def test_who_stands_in_is_told_of_whom_the_manager_was_told_before(town: Town) -> None:
    await link(town, "1004")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    stand_in = StandIn(NAME, OMAR, "1004", town.at(9), town.at(0, day=7))
    await town.db.write(lambda c: managers.add_stand_in(c, stand_in))
    assert await hand(town) == 1
    assert named((await read_card(town, "1004")).missing) == ["Mona"]


async def test_a_manager_who_logs_in_after_the_alert_is_told_of_it(town: Town) -> None:
    await town.db.write(lambda c: links.end_link(c, int(OMAR), town.clock.at))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await hand(town)
    await town.db.write(lambda c: links.add_person(c, 77, "device", "en"))
    await town.db.write(lambda c: links.add_link(c, replace(LINK, telegram_id=77, emp_code=OMAR, company=NAME)))
    assert await hand(town) == 1
    assert named((await read_card(town)).missing) == ["Mona"]


async def test_a_manager_who_is_none_any_more_reads_that_and_no_all_clear(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await read_card(town)
    (row,) = await town.db.read(lambda c: managers.load_managers(c, NAME))
    await town.db.write(lambda c: managers.drop_manager(c, NAME, row.id))
    card = await read_card(town)
    assert (card.taken, card.all_clear, named(card.retracted)) == (True, False, ["Mona"])


async def test_each_manager_is_told_as_soon_as_they_want_to_be(town: Town) -> None:
    """Omar at once, somebody else after half an hour; the company's ten minutes hold for neither."""
    await link(town, "1004")
    later = managers.Manager(NAME, "1004", Scope.ALL, 0, "", town.clock(), timedelta(minutes=30))
    await town.db.write(lambda c: managers.add_manager(c, later))
    await town.db.write(lambda c: managers.settle_delay(c, NAME, OMAR, timedelta(0)))
    await all_come(town, MONA)
    await go_to(town, 9, 9)
    assert await absent(town) == []
    await go_to(town, 9, 10)
    due = {row.emp_code: row.next_at for row in await town.rows(outbox_rows, outbox_rows.c.kind == "card")}
    assert due == {OMAR: town.at(9, 10), "1004": town.at(9, 40)}
    assert named((await read_card(town)).missing) == ["Mona"]
    await go_to(town, 9, 41)
    assert named((await read_card(town, "1004")).missing) == ["Mona"]


async def test_who_wants_to_know_after_half_an_hour_hears_nothing_of_who_came_before(town: Town) -> None:
    await town.db.write(lambda c: managers.settle_delay(c, NAME, OMAR, timedelta(minutes=30)))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.punch(MONA, town.at(9, 25))
    await go_to(town, 9, 41)
    telegram = Telegram()
    await deliver(town, telegram)
    assert telegram.of(Card) == []


async def _of_omar(town: Town) -> list[str]:
    """Of the office at nine."""
    nine = await town.rows(shift_instances, shift_instances.c.starts_at == town.at(9), shift_instances.c.area_id == 1)
    staff = await town.db.read(lambda c: load_staff(c, NAME, town.clock()))
    return sorted({row.emp_code for row in nine} & {person.emp_code for person in staff.people_of(OMAR)})


async def test_who_punches_between_the_scan_and_the_question_is_not_asked_where_they_are(town: Town) -> None:
    telegram = Telegram()
    await link(town, MONA)
    await all_come(town, MONA)
    await go_to(town, 9, 10)
    assert await told(town, "nudge") == [MONA]
    await town.punch(MONA, town.at(9, 10))
    await town.look()
    await deliver(town, telegram)
    assert telegram.of(Question) == []
