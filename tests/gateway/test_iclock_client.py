"""Our client before our gateway: what one writes the other reads, on both dialects."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.biotime.exchange import Exchange
from bot.biotime.iclock import Iclock, TerminalPunch
from bot.biotime.wire.iclock import NewTerminal
from tests.gateway.desk import Desk, open_desk, open_onprem_desk
from tests.gateway.world import DUBAI, MOMENT, World


@pytest.mark.parametrize("open_", [open_desk, open_onprem_desk])
async def test_a_terminal_and_its_punches(world: World, open_: Callable[[World], Awaitable[Desk]]) -> None:
    desk = await open_(world)
    token = desk.headers["Authorization"].removeprefix("JWT ")
    client = Iclock(Exchange(world.client, timedelta(seconds=5)), DUBAI)
    terminal = await client.register(token, NewTerminal(sn="T1", alias="Gate", area=1))
    assert not terminal.is_online
    at = MOMENT.replace(microsecond=0) - timedelta(days=1)
    punches = [TerminalPunch("T1", code, at + timedelta(hours=hour)) for code in ("13", "77") for hour in range(3)]
    taken = await client.upload(token, punches)
    assert await client.upload(token, punches) == taken
    assert [(one.emp_code, one.punched_at) for one in taken] == [(one.emp_code, one.punched_at) for one in punches]
    assert [one.emp_id is None for one in taken] == [False] * 3 + [True] * 3
    assert [one async for one in client.fetch_transactions(token)] == taken
    window = client.fetch_transactions(token, "13", at + timedelta(hours=1), at + timedelta(hours=2))
    assert [one async for one in window] == taken[1:3]
    [heard] = [one async for one in client.fetch_terminals(token, state=1)]
    assert (heard.id, heard.transaction_count, heard.last_activity_at) == (
        terminal.id,
        6,
        MOMENT.replace(microsecond=0),
    )
