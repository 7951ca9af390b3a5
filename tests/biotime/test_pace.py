"""Never more than so many requests in any second."""

import asyncio
from datetime import timedelta

import pytest

from bot.biotime.pace import Pace


async def test_no_second_sees_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    pace = Pace(3)
    for _ in range(7):
        await pace.take()
    assert len(slept) == 4, "the first three go at once"
    assert all(wait > 0.9 for wait in slept[:3])
    assert slept[3] > 1.9, "the seventh waits for the fourth, which waited itself"


async def test_a_few_at_once_and_then_one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    pace = Pace(5, timedelta(seconds=5))
    for _ in range(10):
        await pace.take()
    assert len(slept) == 5
    assert all(wait > 4.9 for wait in slept)
