"""Who decides first, whatever happens in between; and that a person is told once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.attendance.model import PunchState
from bot.gateway.records import tables as gateway
from bot.gateway.sample import NAME
from bot.services.alerts import Undelivered
from bot.services.cases import Case
from bot.services.deciding import Decided, Deciding, Trouble
from bot.services.decision_news import TELL_AGAIN, DecisionNews
from bot.services.filings import Kind, Verdict
from bot.services.managing import Managing
from bot.store import managers
from bot.store.audit_lines import Act, AuditLine
from bot.store.links import Link
from bot.store.managers import Manager, Scope, StandIn
from tests.services.town import MONA, MORNING, OMAR, Town, open_town
from tests.store.rows import LINK

BY_OMAR, BY_HUDA = replace(LINK, emp_code=OMAR, name="Omar"), replace(LINK, emp_code="1003", name="Huda", app_role=2)


@dataclass
class Telegram:
    """What people were told; `away` as often as it fails first."""

    told: list[AuditLine] = field(default_factory=list)
    away: int = 0

    async def tell_decision(self, line: AuditLine) -> bool:
        if self.away:
            self.away -= 1
            raise Undelivered(unsent=True)
        self.told.append(line)
        return True


@dataclass
class World:
    town: Town
    telegram: Telegram
    news: DecisionNews
    deciding: Deciding

    async def file(self) -> int:
        employee = await self.town.records.read(
            lambda c: c.execute(
                sa.select(gateway.employees.c.id).where(gateway.employees.c.emp_code == MONA)
            ).scalar_one()
        )
        filed = await self.town.account.call(
            NAME,
            lambda o, t: o.att.file_manual_log(
                t, employee, MORNING - timedelta(hours=1), PunchState.CHECK_IN, reason="x"
            ),
        )
        return filed.id

    async def decide(self, link: Link, filed: int, verdict: Verdict = Verdict.APPROVED) -> Decided:
        decided = await self.deciding.decide(link, Kind.LOG, filed, verdict)
        assert isinstance(decided, Decided), decided
        return decided


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_town() as town:
        await town.syncing.run()
        telegram = Telegram()
        news = DecisionNews(town.db, telegram, town.clock)
        manager = Manager(NAME, OMAR, Scope.ALL, 0, "", MORNING)
        await town.db.write(lambda c: managers.add_manager(c, manager))
        yield World(
            town, telegram, news, Deciding(town.db, Managing(town.db, town.clock), town.account, news, town.clock)
        )


async def test_of_two_at_the_same_moment_one_is_first_and_the_other_is_told_who(world: World) -> None:
    filed = await world.file()
    by_omar, by_huda = await asyncio.gather(world.decide(BY_OMAR, filed), world.decide(BY_HUDA, filed, Verdict.REFUSED))
    assert by_omar.first != by_huda.first
    winner, loser = (by_omar, by_huda) if by_omar.first else (by_huda, by_omar)
    assert winner.line is not None
    said = loser.line.by_name if loser.line else loser.request and loser.request.decided
    assert winner.line.by_name in str(said)
    assert len(world.telegram.told) == 1
    lines = await world.news.load_audit(BY_HUDA, 0, 10)
    assert isinstance(lines, list)
    assert [line.by_name for line in lines] == [winner.line.by_name]


async def test_a_lost_answer_is_looked_for_and_the_decision_is_made_once(world: World) -> None:
    filed = await world.file()
    case = await world.deciding.open_case(BY_OMAR, Kind.LOG, filed)
    assert isinstance(case, Case)
    # BioTime has it, and the process dies before it can keep the line: the update comes again.
    await world.deciding._filings.decide(NAME, case.request, Verdict.APPROVED, "Omar (1002) through Hadir")
    decided = await world.deciding._decide(BY_OMAR, case.request, Verdict.APPROVED, "")
    assert decided.first
    assert decided.told
    again = await world.decide(BY_OMAR, filed)
    assert not again.first
    assert len(world.telegram.told) == 1


async def test_whom_telegram_kept_from_knowing_is_told_by_the_next_tick(world: World) -> None:
    world.telegram.away = 1
    decided = await world.decide(BY_OMAR, await world.file(), Verdict.REFUSED)
    assert (decided.first, decided.told) == (True, False)
    assert await world.news.tell_untold() == 0
    world.town.clock.at += TELL_AGAIN
    assert await world.news.tell_untold() == 1
    (told,) = world.telegram.told
    assert (told.emp_code, told.act) == (MONA, Act.REFUSED)
    world.town.clock.at += TELL_AGAIN
    assert await world.news.tell_untold() == 0


async def test_the_line_says_for_whom_a_stand_in_decided(world: World) -> None:
    await world.decide(BY_OMAR, await world.file())
    now = world.town.clock()
    period = StandIn(NAME, OMAR, "1003", now, now + timedelta(days=1))
    await world.town.db.write(lambda c: managers.add_stand_in(c, period))
    await world.decide(replace(BY_HUDA, app_role=1), await world.file())
    lines = await world.news.load_audit(BY_HUDA, 0, 10)
    assert isinstance(lines, list)
    kept = {line.by_name: line.detail.get("stood_in_for") for line in lines}
    assert kept == {"Omar": None, "Huda": [[OMAR, "Omar"]]}


async def test_another_company_s_hr_decides_nothing(world: World) -> None:
    filed = await world.file()
    stranger = replace(BY_HUDA, emp_code="9", app_role=1)
    world.town.line.asked.clear()
    assert await world.deciding.decide(stranger, Kind.LOG, filed, Verdict.APPROVED) is Trouble.NOT_MANAGER
    assert world.town.line.asked == []
