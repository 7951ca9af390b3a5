"""What a manager has let lie: since when, what counts as looked at, and who is told next."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from bot.gateway.records import schedule_tables as hours
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME
from bot.services.cards import Card, CatchUp
from bot.services.delivering import Delivering
from bot.services.escalating import Escalating
from bot.services.handing import Handing
from bot.services.manager_news import Ignored
from bot.services.scanning import Scanning
from bot.store import manager_settings, managers, outbox
from bot.store.alert_tables import outbox as outbox_rows
from bot.store.manager_settings import ManagerSettings
from bot.store.managers import Manager, Scope, StandIn
from tests.services.test_oversight import Telegram, deliver
from tests.services.test_scanning import all_come, appoint, begin, go_to, link
from tests.services.town import HUDA, MONA, OMAR, Town, open_town

MIDNIGHT, ELEVEN = time(0), time(11)
BOSS, DEPUTY = "1014", "1004"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


async def pass_time(town: Town, telegram: Telegram, hour: int, minute: int) -> list[tuple[str, str]]:
    """Returns who was told then of whose card, twice over: what is told is told once."""
    before = len(telegram.of(Ignored))
    await go_to(town, hour, minute)
    for _ in range(2):
        await Handing(town.db, town.tenants, town.clock).run()
        await Escalating(town.db, town.tenants, town.clock).run()
        await deliver(town, telegram)
    return [(code, news.manager) for code, news in telegram.of(Ignored)[before:]]


async def see(town: Town, emp_code: str) -> None:
    (row,) = await town.rows(outbox_rows, outbox_rows.c.kind == "card", outbox_rows.c.emp_code == emp_code)
    await town.db.write(lambda c: outbox.settle_seen(c, row.id, town.clock()))


async def put_above_omar(town: Town) -> None:
    """Of everybody, and told of the missing long after Omar."""
    await link(town, BOSS)
    boss = Manager(NAME, BOSS, Scope.ALL, 0, "", town.clock(), timedelta(hours=3))
    await town.db.write(lambda c: managers.add_manager(c, boss))


# -- what counts as looked at ------------------------------------------------------------------------------------------


async def test_the_clock_begins_when_the_names_come(town: Town) -> None:
    """The notice that data is late came forty minutes before."""
    telegram = Telegram()
    await all_come(town, MONA)
    town.clock.at = town.at(9, 20)
    await town.look()
    await Scanning(town.db, town.tenants, town.clock).run()
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 10, 0) == []
    assert await pass_time(town, telegram, 10, 29) == []
    assert await pass_time(town, telegram, 10, 30) == [(HUDA, "Omar")]


async def test_late_data_at_which_he_has_looked_does_not_go_on(town: Town) -> None:
    telegram, escalating = Telegram(), Escalating(town.db, town.tenants, town.clock)
    await all_come(town, MONA)
    town.clock.at = town.at(9, 20)
    await town.look()
    await Scanning(town.db, town.tenants, town.clock).run()
    await deliver(town, telegram)
    await see(town, OMAR)
    town.clock.at = town.at(9, 52)
    assert await escalating.run() == 0
    await town.db.write(lambda c: c.execute(outbox_rows.update().values(seen_at=None)))
    assert await escalating.run() > 0


async def test_who_is_missing_after_he_has_looked_is_looked_at_anew(town: Town) -> None:
    telegram = Telegram()
    leave = await town.grant_leave("1006", town.at(0), town.at(23))
    await all_come(town, MONA, "1006")
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    await see(town, OMAR)
    taken_back = hours.leaves.update().where(hours.leaves.c.id == leave).values(audit_status=3)
    await town.records.write(lambda c: c.execute(taken_back))
    assert await pass_time(town, telegram, 10, 0) == []
    assert await pass_time(town, telegram, 10, 30) == [(HUDA, "Omar")]
    card = [card for code, card in telegram.of(Card) if code == HUDA][-1]
    assert [one.name for one in card.missing] == ["Sales 03"], "and not Mona, at whom he has looked"


async def test_who_is_missing_again_is_looked_at_anew(town: Town) -> None:
    """Omar has looked, and Huda was told before; Mona's manual log is refused."""
    telegram = Telegram()
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 9, 50) == [(HUDA, "Omar")]
    await see(town, OMAR)
    await town.file_log(MONA, town.at(9))
    assert await pass_time(town, telegram, 9, 55) == []
    rang = telegram.rang.count(OMAR)
    refused = gateway.manual_logs.update().values(audit_status=3)
    await town.records.write(lambda c: c.execute(refused))
    assert await pass_time(town, telegram, 10, 0) == []
    assert telegram.rang.count(OMAR) == rang + 1
    assert await pass_time(town, telegram, 10, 29) == []
    assert await pass_time(town, telegram, 10, 30) == [(HUDA, "Omar")]


async def test_who_looks_before_it_is_told_is_not_told_of(town: Town) -> None:
    """Huda hears nothing before eleven; by then Omar has looked."""
    telegram = Telegram()
    quiet = ManagerSettings(quiet_from=MIDNIGHT, quiet_until=ELEVEN)
    await town.db.write(lambda c: manager_settings.change_manager_settings(c, NAME, HUDA, lambda _: quiet))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 9, 50) == []
    await see(town, OMAR)
    await pass_time(town, telegram, 11, 0)
    told = [part for _, news in telegram.said for part in (news.parts if isinstance(news, CatchUp) else [news])]
    assert told
    assert Ignored not in map(type, told)


# -- who is next -------------------------------------------------------------------------------------------------------


async def test_two_who_manage_each_other_are_told_once_each_and_then_hr(town: Town) -> None:
    telegram = Telegram()
    await put_above_omar(town)
    await appoint(town, OMAR, "Human Resources")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 9, 50) == [(BOSS, "Omar")]
    assert await pass_time(town, telegram, 10, 19) == []
    assert await pass_time(town, telegram, 10, 20) == [(HUDA, "HR 01")]
    for hour in (11, 12, 13):
        assert await pass_time(town, telegram, hour, 0) == []


async def test_who_is_on_leave_is_passed_over(town: Town) -> None:
    telegram = Telegram()
    await put_above_omar(town)
    await town.grant_leave(BOSS, town.at(0), town.at(23))
    await all_come(town, MONA, BOSS)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 9, 50) == [(HUDA, "Omar")]
    for hour, minute in ((10, 20), (10, 50), (11, 30)):
        assert await pass_time(town, telegram, hour, minute) == []


async def tell_with_a_deputy(town: Town, manager: str, *, until: int) -> Telegram:
    """Mona is missing, and whoever has Omar's people was told at 9:20. The deputy is there for that manager from eight
    until that hour."""
    telegram = Telegram()
    await put_above_omar(town)
    await link(town, DEPUTY)
    stand_in = StandIn(NAME, manager, DEPUTY, town.at(8), town.at(until))
    await town.db.write(lambda c: managers.add_stand_in(c, stand_in))
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    return telegram


async def test_who_has_handed_over_is_passed_over_for_who_stands_in(town: Town) -> None:
    telegram = await tell_with_a_deputy(town, BOSS, until=23)
    assert await pass_time(town, telegram, 9, 50) == [(DEPUTY, "Omar")]


async def test_whose_stand_in_let_it_lie_has_time_of_their_own(town: Town) -> None:
    """Omar's people come back to him at ten; his boss was told of them at 9:50."""
    telegram = await tell_with_a_deputy(town, OMAR, until=10)
    assert [code for code, _ in await pass_time(town, telegram, 9, 50)] == [BOSS]
    assert await pass_time(town, telegram, 10, 0) == []
    assert await pass_time(town, telegram, 10, 20) == []
    assert await pass_time(town, telegram, 10, 29) == []
    assert [code for code, _ in await pass_time(town, telegram, 10, 30)] == [HUDA]


async def test_two_who_stand_in_for_each_other_keep_what_is_theirs(town: Town) -> None:
    telegram = Telegram()
    await put_above_omar(town)
    await link(town, DEPUTY)
    for code, other in ((BOSS, DEPUTY), (DEPUTY, BOSS)):
        stand_in = StandIn(NAME, code, other, town.at(8), town.at(23))
        await town.db.write(lambda c, one=stand_in: managers.add_stand_in(c, one))  # type: ignore[misc]
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert await pass_time(town, telegram, 9, 50) == [(BOSS, "Omar")]


async def test_two_who_stand_in_are_not_told_of_each_other(town: Town) -> None:
    """Both have had it from the beginning; what is above Omar is HR, which has had it, too."""
    telegram = Telegram()
    await link(town, DEPUTY)
    for code in (DEPUTY, HUDA):
        stand_in = StandIn(NAME, OMAR, code, town.at(8), town.at(23))
        await town.db.write(lambda c, one=stand_in: managers.add_stand_in(c, one))  # type: ignore[misc]
    await appoint(town, DEPUTY, "Human Resources")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    for hour, minute in ((9, 50), (10, 20), (10, 50)):
        assert await pass_time(town, telegram, hour, minute) == []


async def test_two_managers_who_do_not_look_leave_the_next_their_time(town: Town) -> None:
    telegram = Telegram()
    await put_above_omar(town)
    await link(town, DEPUTY)
    await appoint(town, DEPUTY, "Sales")
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    told = await pass_time(town, telegram, 9, 50)
    assert [code for code, _ in told] == [BOSS], "once, whoever of both has not looked"
    assert [code for code, _ in await pass_time(town, telegram, 10, 20)] == [HUDA]


async def test_an_incident_nobody_above_looks_at_ends_with_hr(town: Town) -> None:
    telegram = Telegram()
    await put_above_omar(town)
    await go_to(town, 9, 20)
    await deliver(town, telegram)
    assert (BOSS, "Omar") in await pass_time(town, telegram, 9, 50)
    await pass_time(town, telegram, 10, 30)
    told = [(code, news.manager, news.place) for code, news in telegram.of(Ignored)]
    assert len(set(told)) == len(told)
    assert {(code, manager) for code, manager, _ in told} == {(BOSS, "Omar"), (HUDA, "HR 01")}


async def test_two_processes_pass_it_on_once(town: Town) -> None:
    telegram = Telegram()
    await all_come(town, MONA)
    await go_to(town, 9, 20)
    await Delivering(town.db, town.tenants, telegram, town.clock).run()
    town.clock.at = town.at(9, 50)
    counts = [await Escalating(town.db, town.tenants, town.clock).run() for _ in range(2)]
    assert counts == [2, 0]
