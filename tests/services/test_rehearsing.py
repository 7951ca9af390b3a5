"""The rehearsal over *Demo Trading*, which has forty people and sixty days behind it; on both databases of the bot."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.attendance.chain import Stop
from bot.attendance.past import Verdict
from bot.attendance.progress import Decision, Progress, State
from bot.biotime.errors import BioTimeError
from bot.database import Database
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME
from bot.services.managing import Refusal, Refused
from bot.services.rehearsal_history import DAY
from bot.services.rehearsing import BadPeriod, Changes, Entry, Rehearsal, Rehearsing, check_period
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.tenants import Tenants
from bot.store import links, manager_settings
from bot.store.manager_settings import AlertSettings
from tests.services.town import HUDA, MONA, OMAR, Town, open_town
from tests.store.rows import LINK, PUNCH, add_link, add_punch

MINUTE = timedelta(minutes=1)
MONDAY, FRIDAY = date(2026, 2, 23), date(2026, 2, 27)
MONTH = date(2026, 1, 30), date(2026, 3, 1)
HR = replace(LINK, emp_code=HUDA, app_role=2, company=NAME)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town() as opened:
        yield opened


@pytest.fixture
def rehearsing(town: Town, database: Database) -> Rehearsing:
    return Rehearsing(database, town.tenants, town.account, town.clock)


async def nothing(_done: int, _of: int) -> None:
    """Nobody looks."""


async def run(rehearsing: Rehearsing, first: date = MONDAY, last: date = FRIDAY, **changes: timedelta) -> Rehearsal:
    made = await rehearsing.rehearse_as_operator(NAME, first, last, nothing, Changes(**changes))  # type: ignore[arg-type]
    assert isinstance(made, Rehearsal)
    return made


def of(made: Rehearsal, emp_code: str) -> list[Entry]:
    return [entry for entry in made.entries if entry.finding.shift.emp_code == emp_code]


async def forget(town: Town, emp_code: str, day: date) -> datetime:
    """Nothing is left of somebody's punches on a day; returns nine o'clock of it."""
    c = gateway.transactions.c
    begin = town.at(0, day=(day - town.clock().date()).days)
    gone = gateway.transactions.delete().where(c.emp_code == emp_code, c.punched_at.between(begin, begin + DAY))
    await town.records.write(lambda conn: conn.execute(gone))
    return begin + timedelta(hours=9)


async def test_a_month_of_the_demo_company(town: Town, rehearsing: Rehearsing) -> None:
    """As its story was told: who came late came late, who stayed away stayed away, and no alarm is false."""
    made = await run(rehearsing, *MONTH)
    tally = made.tally
    assert tally.expected > 800
    assert tally.told == tally.absent + tally.late == len(made.entries)
    assert (tally.false, tally.missed, tally.undecided) == (0, 0, 0)
    assert tally.absent > 5
    assert tally.late > 30
    assert [day.workdate for day in made.days] == [MONTH[0] + n * DAY for n in range(31)]
    assert sum(site.tally.told for site in made.sites) == tally.told
    assert {site.place for site in made.sites} == {"Dubai Office", "Sharjah Branch", "Jebel Ali Warehouse"}
    for entry in made.entries:
        finding, shift = entry.finding, entry.finding.shift
        assert shift.starts_at is not None
        assert finding.told_at == shift.starts_at + 20 * MINUTE
        assert (finding.at is None) == (finding.verdict is Verdict.ABSENT)
        assert finding.at is None or finding.at > finding.told_at


async def test_what_is_found_agrees_with_biotime_s_own_report(town: Town, rehearsing: Rehearsing) -> None:
    made = await run(rehearsing)
    cards = await town.account.fetch_all(NAME, lambda o, t: o.att.fetch_time_cards(t, MONDAY, FRIDAY))
    absent = {(card.emp_code, card.workdate) for card in cards if card.absent and not card.clock_in}
    found = {(e.finding.shift.emp_code, e.finding.shift.workdate) for e in made.entries}
    assert absent
    assert absent <= found


async def test_a_late_upload_a_manual_log_and_a_leave_afterwards_are_false_alarms(
    town: Town, rehearsing: Rehearsing
) -> None:
    uploaded = await forget(town, MONA, MONDAY)
    await town.punch(MONA, uploaded - 5 * MINUTE, uploaded_at=uploaded + timedelta(hours=6))
    on_leave = await forget(town, OMAR, MONDAY)
    await town.grant_leave(OMAR, on_leave, on_leave + timedelta(hours=9))
    await town.records.write(lambda c: c.exec_driver_sql("UPDATE leaves SET audited_at = applied_at"))
    logged = await forget(town, HUDA, MONDAY)
    await town.file_log(HUDA, logged, status=2)
    made = await run(rehearsing, MONDAY, MONDAY)
    found = {code: of(made, code)[0].finding for code in (MONA, OMAR, HUDA)}
    assert {code: one.verdict for code, one in found.items()} == {
        MONA: Verdict.UPLOAD, OMAR: Verdict.LEAVE, HUDA: Verdict.LOG,
    }  # fmt: skip
    assert (found[MONA].at, found[MONA].known_at) == (uploaded - 5 * MINUTE, uploaded + timedelta(hours=6))
    assert found[OMAR].known_at == town.clock.at
    assert {one.told_at for one in found.values()} == {uploaded + 20 * MINUTE}
    assert made.tally.false == 3


async def test_a_punch_of_the_bot_s_own_counts_though_biotime_got_it_later(
    town: Town, rehearsing: Rehearsing, database: Database
) -> None:
    nine = await forget(town, MONA, MONDAY)
    await town.punch(MONA, nine, uploaded_at=nine + timedelta(hours=6))
    await database.write(lambda c: links.add_person(c, LINK.telegram_id, "device", "en"))
    link = await add_link(database)
    made = replace(PUNCH, link_id=link.id, recorded_at=nine, progress=Progress(State.CONFIRMED, nine))
    await add_punch(database, made)
    assert of(await run(rehearsing, MONDAY, MONDAY), MONA) == []


async def test_what_was_reported_to_the_bot_afterwards_was_not_known_before(
    town: Town, rehearsing: Rehearsing, database: Database
) -> None:
    nine = await forget(town, MONA, MONDAY)
    await database.write(lambda c: links.add_person(c, LINK.telegram_id, "device", "en"))
    link = await add_link(database)
    later = nine + timedelta(hours=9)
    asked = Progress(State.CONFIRMED, nine, asked_at=later, decision=Decision.APPROVED)
    await add_punch(database, replace(PUNCH, link_id=link.id, recorded_at=later, progress=asked))
    (found,) = of(await run(rehearsing, MONDAY, MONDAY), MONA)
    assert found.finding.verdict is Verdict.ABSENT


async def test_the_company_s_rules_hold_and_others_can_be_tried(
    town: Town, rehearsing: Rehearsing, database: Database
) -> None:
    nine = await forget(town, MONA, MONDAY)
    await town.punch(MONA, nine + 12 * MINUTE)
    assert of(await run(rehearsing, MONDAY, MONDAY), MONA) == []
    (found,) = of(await run(rehearsing, MONDAY, MONDAY, grace=5 * MINUTE, delay=0 * MINUTE), MONA)
    assert (found.finding.told_at, found.name, found.place) == (nine + 5 * MINUTE, "Mona", "Dubai Office")
    strict = AlertSettings(enabled=False, grace=5 * MINUTE, delay=5 * MINUTE, excluded=frozenset({OMAR}))
    await database.write(lambda c: manager_settings.settle_alert_settings(c, NAME, strict))
    await forget(town, OMAR, MONDAY)
    made = await run(rehearsing, MONDAY, MONDAY)
    assert of(made, MONA)[0].finding.told_at == nine + 10 * MINUTE
    (missed,) = of(made, OMAR)
    assert missed.finding.step is not None
    assert (missed.finding.verdict, missed.finding.step.stop) == (Verdict.MISSED, Stop.EXCLUDED)
    assert not made.enabled


async def test_hr_alone_may_ask_and_nothing_is_asked_of_biotime_before(town: Town, rehearsing: Rehearsing) -> None:
    for app_role in (0, 1):
        refused = await rehearsing.rehearse(replace(HR, app_role=app_role), MONDAY, MONDAY, nothing)
        assert refused == Refused(Refusal.NOT_HR)
    assert town.line.asked == []
    assert isinstance(await rehearsing.rehearse(HR, MONDAY, MONDAY, nothing), Rehearsal)


async def test_too_many_days_and_days_to_come_are_refused(town: Town, rehearsing: Rehearsing) -> None:
    for first, last in ((date(2026, 1, 1), date(2026, 2, 1)), (FRIDAY, MONDAY), (date(2026, 3, 3), date(2026, 3, 4))):
        refused = await rehearsing.rehearse(HR, first, last, nothing)
        assert refused == Refused(Refusal.WRONG_PERIOD)
    assert town.line.asked == []
    assert check_period(*MONTH, date(2026, 3, 2)) is None
    assert check_period(MONTH[0] - DAY, MONTH[1], date(2026, 3, 2)) is BadPeriod.TOO_LONG
    assert check_period(date(2001, 1, 1), date(2001, 1, 2), date(2026, 3, 2)) is None
    assert check_period(date(2000, 12, 31), date(2001, 1, 2), date(2026, 3, 2)) is BadPeriod.TOO_OLD


async def test_a_shift_that_still_runs_is_left_out(town: Town, rehearsing: Rehearsing) -> None:
    town.clock.at = town.at(12)
    today = town.clock().date()
    (day,) = (await run(rehearsing, today, today + DAY)).days
    assert day.workdate == today
    assert day.tally.told == 0


async def test_it_says_how_far_it_is_and_asks_once_for_the_same(town: Town, rehearsing: Rehearsing) -> None:
    told: list[tuple[int, int]] = []

    async def say(done: int, of: int) -> None:
        told.append((done, of))

    first = await rehearsing.rehearse(HR, *MONTH, say)
    assert told == [(0, 31), (7, 31), (14, 31), (21, 31), (28, 31), (31, 31)]
    asked = len(town.line.asked)
    assert await rehearsing.rehearse(HR, *MONTH, say) is first
    assert len(town.line.asked) == asked
    town.clock.at += timedelta(minutes=10)
    assert await rehearsing.rehearse(HR, *MONTH, say) is not first


async def test_biotime_that_stops_half_way_leaves_nothing_behind(town: Town, rehearsing: Rehearsing) -> None:
    town.line.break_after = 12
    with pytest.raises(BioTimeError):
        await run(rehearsing, *MONTH)
    town.line.break_after = None
    assert (await run(rehearsing, *MONTH)).tally.told


async def test_without_an_account_at_biotime_it_is_said(town: Town, database: Database) -> None:
    bare = Tenants([replace(town.tenants[NAME], service=None)])
    rehearsing = Rehearsing(database, bare, ServiceAccount(bare, town.clock), town.clock)
    with pytest.raises(NoServiceAccount):
        await run(rehearsing)
