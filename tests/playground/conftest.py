"""A playground served on loopback, a clock that tests move, and the bot's side: python-telegram-bot and plain httpx."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.playground.people import Person
from bot.playground.server import Playground, running
from tests.playground.support import Api, Clock


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot's coming type of durations; the old one warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def playground(clock: Clock) -> Playground:
    return Playground(clock, webhook_retry_seconds=(0.0, 0.01))


@pytest.fixture
def mona(playground: Playground) -> Person:
    return playground.people["mona"]


@pytest.fixture
async def url(playground: Playground) -> AsyncIterator[str]:
    async with running(playground) as address:
        yield address


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
async def bot(url: str, playground: Playground) -> AsyncIterator[Bot]:
    async with Bot(playground.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as client:
        yield client


@pytest.fixture
def api(http: httpx.AsyncClient, playground: Playground) -> Api:
    """`await api("sendMessage", chat_id=…, text=…)`: the whole answer, as JSON."""

    async def call(method: str, **params: object) -> dict[str, Any]:
        answer = await http.post(f"/bot{playground.token}/{method}", json=params)
        body: dict[str, Any] = answer.json()
        assert answer.status_code == body.get("error_code", 200)
        return body

    return call
