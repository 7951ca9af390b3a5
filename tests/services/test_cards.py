"""What a card says is so: whoever it names is missing, whoever it counts is counted, and nobody vanishes unsaid."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from bot.attendance.chain import Stop
from bot.gateway.records import schedule_tables as hours
from bot.gateway.sample import NAME
from bot.services.cards import Card
from bot.services.managing import load_staff
from bot.services.scanning import Scanning
from bot.store import links
from bot.store.alert_tables import alerts
from bot.store.roster_tables import shift_instances
from tests.services.test_oversight import Telegram, deliver
from tests.services.test_scanning import all_come, appoint, begin, go_to
from tests.services.town import HUDA, MONA, OMAR, Town, open_town

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


async def read_card(town: Town, code: str = OMAR) -> Card:
    """Their newest, told now."""
    telegram = Telegram()
    town.clock.at += MINUTE
    await deliver(town, telegram)
    return [card for to, card in telegram.of(Card) if to == code][-1]


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
    await town.file_log(MONA, town.at(9))
    await go_to(town, 18, 1)
    card = await read_card(town)
    assert (card.never_came, [one.step.stop for one in card.retracted]) == ((), [Stop.LOG_PENDING])


async def test_half_a_day_of_leave_approved_late_is_said_and_she_is_missing_again_after_it(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.grant_leave(MONA, town.at(9), town.at(13))
    await go_to(town, 9, 25)
    card = await read_card(town)
    assert (card.missing, [(one.name, one.step.stop) for one in card.retracted]) == ((), [("Mona", Stop.NOT_YET)])
    await go_to(town, 13, 20)
    (mona,) = (await read_card(town)).missing
    assert mona.late_by == 20 * MINUTE, "after the leave"


async def test_who_is_expected_no_more_is_said_and_their_alert_ends(town: Town) -> None:
    """BioTime lists nobody who keeps no attendance: their day is gone."""
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.change(MONA, enable_att=False)
    await go_to(town, 9, 30)
    card = await read_card(town)
    assert (card.missing, named(card.retracted)) == ((), ["Mona"])
    assert not await town.rows(alerts, alerts.c.emp_code == MONA, alerts.c.ended_at.is_(None))


async def test_whose_timetable_changes_is_said_and_their_alert_ends(town: Town) -> None:
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await town.db.write(lambda c: c.execute(delete(shift_instances).where(shift_instances.c.emp_code == MONA)))
    await Scanning(town.db, town.tenants, town.clock).run()
    card = await read_card(town)
    assert (card.missing, [(one.name, one.step.stop) for one in card.retracted]) == ((), [("Mona", Stop.NO_TIMETABLE)])
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


async def _of_omar(town: Town) -> list[str]:
    """Of the office at nine."""
    nine = await town.rows(shift_instances, shift_instances.c.starts_at == town.at(9), shift_instances.c.area_id == 1)
    staff = await town.db.read(lambda c: load_staff(c, NAME, town.clock()))
    return sorted({row.emp_code for row in nine} & {person.emp_code for person in staff.people_of(OMAR)})
