"""What happens on the clock: every duty is on the table, and one that fails stops neither itself nor the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import timedelta

import pytest

from bot.jobs.runner import Runner
from bot.jobs.schedule import Duties, Job, build_schedule

TICK = timedelta(milliseconds=10)


class Bell:
    """Rings when called often enough."""

    def __init__(self, times: int, problem: Exception | None = None) -> None:
        self.left = times
        self.problem = problem
        self.done = asyncio.Event()

    async def __call__(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.done.set()
        if self.problem is not None:
            raise self.problem


async def run_until(*bells: Bell, jobs: list[Job]) -> None:
    runner = Runner(jobs)
    runner.start()
    try:
        async with asyncio.timeout(5):
            for bell in bells:
                await bell.done.wait()
    finally:
        runner.close()


async def test_a_job_comes_again_and_again() -> None:
    bell = Bell(3)
    await run_until(bell, jobs=[Job("ring", TICK, bell)])


async def test_a_job_that_fails_comes_again_and_hurts_no_other() -> None:
    broken, well = Bell(3, RuntimeError("broken")), Bell(3)
    await run_until(broken, well, jobs=[Job("broken", TICK, broken), Job("well", TICK, well)])


async def test_a_job_never_runs_beside_itself() -> None:
    running, most, calls = 0, 0, Bell(3)

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(3 * TICK.total_seconds())
        running -= 1
        await calls()

    await run_until(calls, jobs=[Job("slow", TICK, slow)])
    assert most == 1


def test_every_duty_is_on_the_table_once() -> None:
    duties: dict[str, Callable[[], Awaitable[object]]] = {}
    for field in fields(Duties):

        async def duty(name: str = field.name) -> None:
            raise LookupError(name)

        duties[field.name] = duty
    table = build_schedule(Duties(**duties))
    assert sorted(id(job.run) for job in table) == sorted(id(duty) for duty in duties.values())
    assert len({job.name for job in table}) == len(table)
    assert min(job.every for job in table) >= timedelta(seconds=1)


async def test_a_job_that_closing_interrupts_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.sleep(60)

    runner = Runner([Job("endless", TICK, endless)])
    runner.start()
    async with asyncio.timeout(5):
        await begun.wait()
    runner.close()
    for _ in range(5):
        await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
