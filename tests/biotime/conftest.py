"""A client with short deadlines in front of a scripted server."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.biotime.client import BioTimeClient
from bot.biotime.transport import open_http
from tests.biotime.server import Script, Server, running

Talk = Callable[..., AbstractAsyncContextManager[tuple[BioTimeClient, Server]]]
DUBAI = ZoneInfo("Asia/Dubai")


@pytest.fixture
def talk() -> Talk:
    """`async with talk(script, …) as (client, server)`: the client meets the scripts, one per request."""

    @asynccontextmanager
    async def opened(
        *scripts: Script, total: float = 5, zone: ZoneInfo = DUBAI, keep_alive: bool = False
    ) -> AsyncIterator[tuple[BioTimeClient, Server]]:
        server = Server(*scripts, keep_alive=keep_alive)
        async with running(server) as url, open_http(url) as http:
            yield BioTimeClient(http, "demo", zone, timedelta(seconds=total)), server

    return opened
