"""New requests: who is told, once, together, after quiet hours, and what they read when one is decided or withdrawn."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from bot.gateway.records import schedule_tables as hours
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME
from bot.services.alerts import Keep
from bot.services.cards import CatchUp, News
from bot.services.deciding import Deciding
from bot.services.decision_news import DecisionNews
from bot.services.delivering import Delivering
from bot.services.filings import Kind, Verdict
from bot.services.managing import Managing
from bot.services.pushing import GAP, Pushing, RequestNews, Standing, read_request
from bot.store import manager_settings, managers
from bot.store.alert_tables import outbox
from bot.store.audit_lines import AuditLine
from bot.store.links import Link, Person
from bot.store.manager_settings import ManagerSettings
from bot.store.messages import Sent, Status
from bot.store.roster_tables import roster_logs, roster_people
from bot.store.team_tables import told_requests
from tests.services.test_deciding import BY_HUDA, BY_OMAR
from tests.services.test_scanning import appoint, begin, link
from tests.services.town import HUDA, MONA, OMAR, Town, open_town

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Telegram:
    """Fulfils AlertMessenger and Herald: (who, what, whether it is an edit)."""

    said: list[tuple[str, RequestNews, bool]] = field(default_factory=list)

    async def tell(
        self, to: Link, person: Person, news: News, before: Sequence[Sent], *, repeat: bool, anew: bool, keep: Keep
    ) -> Sequence[Sent]:
        if isinstance(news, CatchUp):
            (news,) = news.parts
        assert isinstance(news, RequestNews), news
        self.said.append((to.emp_code, news, bool(before)))
        return before or [Sent(to.telegram_id, len(self.said), "x")]

    async def tell_decision(self, line: AuditLine) -> bool:
        return True

    def new(self, emp_code: str = OMAR) -> list[RequestNews]:
        return [news for code, news, edit in self.said if code == emp_code and not edit]

    def last(self, emp_code: str = OMAR) -> list[tuple[str, Standing]]:
        news = next(news for code, news, _ in reversed(self.said) if code == emp_code)
        return [(one.request.emp_code, one.standing) for one in news.asked]


@dataclass
class World:
    town: Town
    telegram: Telegram

    async def look(self, later: timedelta = MINUTE) -> None:
        """BioTime is looked at, and what is new is told."""
        self.town.clock.at += later
        await self.town.look()
        await Pushing(self.town.db, self.town.tenants, self.town.clock).run()
        await self.deliver()

    async def deliver(self) -> None:
        await Delivering(self.town.db, self.town.tenants, self.telegram, self.town.clock).run()

    async def decide(self, by: Link, number: int, verdict: Verdict = Verdict.APPROVED) -> None:
        town = self.town
        news = DecisionNews(town.db, self.telegram, town.clock)
        deciding = Deciding(town.db, Managing(town.db, town.clock), town.account, news, town.clock)
        await deciding.decide(by, Kind.LOG, number, verdict, "")

    async def choose(self, settings: ManagerSettings, emp_code: str = OMAR) -> None:
        await self.town.db.write(
            lambda c: manager_settings.change_manager_settings(c, NAME, emp_code, lambda _: settings)
        )

    async def numbers(self) -> list[int]:
        rows = await self.town.rows(roster_logs, roster_logs.c.audit_status == 1)
        return sorted(row.id for row in rows)

    async def withdraw(self, table: sa.Table) -> None:
        """All that waits there."""
        await self.town.records.write(lambda c: c.execute(table.delete().where(table.c.audit_status == 1)))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_town(begin) as town:
        for table in (gateway.manual_logs, hours.leaves):
            await town.records.write(lambda c, table=table: c.execute(table.update().values(audit_status=2)))  # type: ignore[misc]
        yield World(town, Telegram())


async def test_a_new_request_is_told_once_with_its_evidence(world: World) -> None:
    town = world.town
    await town.punch(MONA, town.at(7, 50))
    await town.file_log(MONA, town.at(7, 45))
    await world.look()
    await world.look()
    await world.look()
    (news,) = world.telegram.new()
    assert [one.name for one in news.waiting] == ["Mona"]
    assert news.case is not None
    assert [row.punched_at for row in news.case.near or ()] == [town.at(7, 50)]
    assert len(news.case.doubts) == 2, "her word alone, and BioTime has one like it"
    assert world.telegram.said == [(OMAR, news, False)], "neither HR, who has a manager for her, nor herself"


async def test_several_at_once_are_one_message_and_so_is_what_comes_soon_after(world: World) -> None:
    town = world.town
    for hour in (5, 6, 7):
        await town.file_log(MONA, town.at(hour))
    await world.look()
    (news,) = world.telegram.new()
    assert (len(news.waiting), news.case) == (3, None)
    await town.file_log(MONA, town.at(4))
    await world.look()
    await town.file_log(MONA, town.at(3))
    await world.look()
    assert len(world.telegram.new()) == 1, "not yet"
    await world.look(GAP)
    _, later = world.telegram.new()
    assert [one.at for one in later.waiting] == [town.at(3), town.at(4)]


async def test_quiet_hours_hold_them_back_and_they_come_together(world: World) -> None:
    await world.choose(ManagerSettings(quiet_from=time(8), quiet_until=time(9)))
    town = world.town
    await town.file_log(MONA, town.at(7))
    await world.look()
    await town.file_log(MONA, town.at(6))
    await world.look(20 * MINUTE)
    assert world.telegram.said == []
    await world.look(38 * MINUTE)
    assert world.telegram.said == []
    await world.look(MINUTE)
    (news,) = world.telegram.new()
    assert len(news.waiting) == 2
    await world.decide(BY_HUDA, (await world.numbers())[0])
    await world.deliver()
    assert sorted(standing for _, standing in world.telegram.last()) == [Standing.APPROVED, Standing.WAITING]
    assert len(world.telegram.new()) == 1


async def test_what_is_decided_while_it_is_quiet_is_not_told(world: World) -> None:
    await world.choose(ManagerSettings(quiet_from=time(8), quiet_until=time(9)))
    await world.town.file_log(MONA, world.town.at(7))
    await world.look()
    await world.decide(BY_HUDA, (await world.numbers())[0])
    await world.look(60 * MINUTE)
    assert world.telegram.said == []
    rows = await world.town.rows(outbox, outbox.c.kind == "requests")
    assert [row.state for row in rows] == [Status.DROPPED]


async def test_who_wants_none_gets_none_and_all_that_waits_when_they_want_them(world: World) -> None:
    await world.choose(ManagerSettings(requests=False))
    await world.town.file_log(MONA, world.town.at(7))
    await world.look()
    assert world.telegram.said == []
    await world.choose(ManagerSettings(requests=True))
    await world.look()
    assert len(world.telegram.new()) == 1


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_when_somebody_decides_everybody_reads_who(world: World, verdict: Verdict) -> None:
    """At once, before BioTime is looked at again."""
    await appoint(world.town, HUDA, "Sales")
    await world.town.file_log(MONA, world.town.at(7))
    await world.look()
    assert len(world.telegram.new(OMAR)) == len(world.telegram.new(HUDA)) == 1
    await world.decide(BY_HUDA, (await world.numbers())[0], verdict)
    await world.deliver()
    expected = Standing.APPROVED if verdict is Verdict.APPROVED else Standing.REFUSED
    for code in (OMAR, HUDA):
        assert world.telegram.last(code) == [(MONA, expected)]
    (asked,) = next(news for code, news, _ in reversed(world.telegram.said) if code == OMAR).asked
    assert (asked.by_name, asked.by_code, asked.unreached) == ("Huda", HUDA, True)
    await world.look()
    assert len(world.telegram.said) == 4, "nothing more to say"


async def test_of_several_the_others_wait_on(world: World) -> None:
    for hour in (6, 7):
        await world.town.file_log(MONA, world.town.at(hour))
    await world.look()
    first, _ = await world.numbers()
    await world.decide(BY_OMAR, first)
    await world.deliver()
    assert world.telegram.last() == [(MONA, Standing.APPROVED), (MONA, Standing.WAITING)]


async def test_decided_in_biotime_or_withdrawn_it_says_so(world: World) -> None:
    town = world.town
    await town.file_log(MONA, town.at(7))
    await town.grant_leave(MONA, town.at(0, day=40), town.at(0, day=41), status=1)
    await world.look()
    decided = gateway.manual_logs.update().where(gateway.manual_logs.c.audit_status == 1).values(audit_status=2)
    await town.records.write(lambda c: c.execute(decided))
    await world.look()
    assert world.telegram.last() == [(MONA, Standing.APPROVED), (MONA, Standing.WAITING)]
    await world.withdraw(hours.leaves)
    await world.look()
    assert world.telegram.last() == [(MONA, Standing.APPROVED), (MONA, Standing.GONE)]


async def test_one_of_weeks_ago_is_told_and_stays(world: World) -> None:
    """Our copy holds four days of what is decided, and all that is not."""
    await world.town.file_log(MONA, world.town.at(7, day=-20))
    await world.look()
    await world.look(31 * MINUTE)
    (news,) = world.telegram.new()
    assert news.case is not None
    assert news.case.near is None, "punches of then are not known here"
    assert world.telegram.last() == [(MONA, Standing.WAITING)]
    assert len(world.telegram.said) == 1


async def test_while_biotime_is_down_nothing_is_taken_for_withdrawn(world: World) -> None:
    await world.town.file_log(MONA, world.town.at(7))
    await world.look()
    world.town.line.break_after = 0
    await world.look(10 * MINUTE)
    assert world.telegram.last() == [(MONA, Standing.WAITING)]
    assert len(world.telegram.said) == 1


async def test_whom_nobody_manages_hr_decides_about_and_nobody_about_themselves(world: World) -> None:
    await world.town.file_log(OMAR, world.town.at(7))
    await world.town.file_log(HUDA, world.town.at(7))
    await world.look()
    assert world.telegram.new(OMAR) == []
    (news,) = world.telegram.new(HUDA)
    assert [one.emp_code for one in news.waiting] == [OMAR]


async def test_who_stands_in_is_told_instead(world: World) -> None:
    await link(world.town, "1004")
    now = world.town.clock.at
    period = managers.StandIn(NAME, OMAR, "1004", now, now + DAY)
    await world.town.db.write(lambda c: managers.add_stand_in(c, period))
    await world.town.file_log(MONA, world.town.at(7))
    await world.look()
    assert [code for code, _, _ in world.telegram.said] == ["1004"]


async def test_colleagues_on_leave_then_are_among_the_evidence_as_far_as_one_may_see_them(world: World) -> None:
    """Of the department, approved, at that time."""
    town = world.town
    (omar,) = await town.db.read(lambda c: managers.load_managers(c, NAME))
    people = await town.rows(roster_people, roster_people.c.department_id == omar.scope_id)
    sales = {row.emp_code for row in people}
    same = sorted(sales - {MONA, OMAR})[0]
    await town.grant_leave(same, town.at(0), town.at(0, day=1))
    await town.grant_leave(OMAR, town.at(0), town.at(0, day=1))
    await town.grant_leave(HUDA, town.at(0), town.at(0, day=1))
    await town.grant_leave(sorted(sales - {MONA, OMAR})[1], town.at(0, day=5), town.at(0, day=6))
    await town.grant_leave(MONA, town.at(0), town.at(12), status=1)
    await world.look()
    (news,) = world.telegram.new()
    assert news.case is not None
    assert news.case.away is not None
    assert len(news.case.away) == 1


async def test_each_row_is_there_once_however_often_it_is_looked_at(world: World) -> None:
    await world.town.file_log(MONA, world.town.at(7))
    pushing = Pushing(world.town.db, world.town.tenants, world.town.clock)
    await world.town.look()
    assert [await pushing.run() for _ in range(3)] == [1, 0, 0]
    assert len(await world.town.rows(told_requests)) == 1
    assert len(await world.town.rows(outbox, outbox.c.kind == "requests")) == 1


def test_our_marks_in_reasons_are_not_for_people() -> None:
    """They lead from a manual log to the punch that the bot saw."""
    detail = {"id": 1, "emp_code": MONA, "name": "Mona", "at": "2026-03-02T05:00:00+00:00", "pay_code": ""}
    detail |= {"reason": "Forgot [TG-7K3Q2H]"}
    log = read_request({**detail, "kind": "log", "state": 0, "until": None})
    leave = read_request({**detail, "kind": "leave", "state": None, "until": "2026-03-03T05:00:00+00:00"})
    assert [(one.reason, one.ref) for one in (log, leave)] == [("Forgot", "7K3Q2H"), ("Forgot", None)]
