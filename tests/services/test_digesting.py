"""Digests as they are made from BioTime's cards and kept: who gets whose, and when."""

import json
from collections.abc import AsyncIterator
from datetime import date, time, timedelta

import pytest

from bot.gateway.sample import NAME
from bot.services.digesting import Digesting
from bot.services.digests import Digest, read_digest
from bot.store import managers
from bot.store.alert_tables import outbox
from bot.store.managers import ManagerSettings, StandIn
from bot.store.roster_tables import shift_instances
from tests.services.test_scanning import begin
from tests.services.town import HUDA, MONA, OMAR, Town, open_town


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town(begin) as opened:
        yield opened


async def make(town: Town) -> dict[tuple[str, str], Digest]:
    """By whom they go to and their key."""
    await Digesting(town.db, town.tenants, town.account, town.clock).run()
    rows = await town.rows(outbox, outbox.c.kind == "digest")
    return {(row.emp_code, row.key): read_digest(json.loads(row.payload)) for row in rows}


async def hand_over(town: Town, to: str) -> None:
    period = StandIn(NAME, OMAR, to, town.clock(), town.clock() + timedelta(hours=12))
    await town.db.write(lambda c: managers.add_stand_in(c, period))


async def test_who_works_a_shift_is_not_without_a_timetable(town: Town) -> None:
    """Should the row of punches outside of it still be there."""
    await town.go_to(8, 1, day=1)
    row = {"company": NAME, "emp_code": MONA, "workdate": date(2026, 3, 3), "timetable": "", "kind": "none"}
    await town.db.write(lambda c: c.execute(shift_instances.insert().values(**row, area_id=0)))
    (digest,) = (await make(town)).values()
    assert "Mona" not in digest.untimed


async def test_a_digest_that_was_handed_over_goes_to_the_stand_in_when_the_manager_chose(town: Town) -> None:
    chosen = ManagerSettings(digest_at=time(16), weekly_day=1)
    await town.db.write(lambda c: managers.change_manager_settings(c, NAME, OMAR, lambda _: chosen))
    town.clock.at = town.at(15, day=1)
    await hand_over(town, HUDA)
    await town.go_to(15, 59, day=1)
    assert await make(town) == {}
    await town.go_to(16, 1, day=1)
    made = await make(town)
    assert set(made) == {(HUDA, f"daily 2026-03-02 {OMAR}"), (HUDA, f"weekly 2026-03-02 {OMAR}")}
    assert {digest.whose for digest in made.values()} == {"Omar"}
    assert await make(town) == made


async def test_what_a_manager_has_had_does_not_go_to_the_stand_in_as_well(town: Town) -> None:
    await town.go_to(8, 1, day=1)
    made = await make(town)
    assert [code for code, _ in made] == [OMAR]
    await hand_over(town, HUDA)
    assert await make(town) == made
