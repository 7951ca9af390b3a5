"""Runs the table on APScheduler; the net under the jobs."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs.schedule import Job

log = structlog.get_logger(__name__)


class Runner:
    def __init__(self, jobs: Sequence[Job]) -> None:
        # A grace of None: a tick that is due while the loop is busy comes late. With the usual second it is skipped.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for job in jobs:
            self._scheduler.add_job(
                _caught(job), "interval", seconds=job.every.total_seconds(), id=job.name, name=job.name
            )

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        self._scheduler.shutdown(wait=False)


def _caught(job: Job) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job.run()
        except CancelledError:
            log.debug("job left at closing", job=job.name)  # what is due is a column: whoever opens next finds it
        except Exception as problem:  # the third net: the next tick looks again
            log.exception("job failed", job=job.name, problem=type(problem).__name__)

    return run
