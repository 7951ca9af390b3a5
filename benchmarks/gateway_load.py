"""`python -m benchmarks.gateway_load`: a Plan on standard input, what came of it on standard output; both JSON.

Several connections, each with one request at a time: the next is sent when the answer has been read whole.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import aiohttp

from benchmarks.processes import ROOT


@dataclass(frozen=True, slots=True)
class Ask:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests are made in turn, and again from the first, until the seconds are over."""

    base: str
    asks: Sequence[Ask]
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds of each request, by when it was answered; `cpu` is the generator's share of one core."""

    latencies: Sequence[float]
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class WrongAnswerError(Exception):
    """Anything but a 2xx: what is measured would not be the work."""


def drive(plan: Plan) -> Outcome:
    """In a process of its own. Raises WrongAnswerError."""
    module = (sys.executable, "-m", "benchmarks.gateway_load")
    done = subprocess.run(module, input=json.dumps(asdict(plan)), capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise WrongAnswerError(done.stderr[-2000:])
    return Outcome(**json.loads(done.stdout))


async def play(plan: Plan) -> Outcome:
    latencies: list[float] = []
    asks = itertools.cycle(plan.asks)
    connector = aiohttp.TCPConnector(limit=plan.connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        await _pull(session, plan, asks, [], time.perf_counter() + plan.seconds / 10)
        began, cpu = time.perf_counter(), time.process_time()
        pulls = (_pull(session, plan, asks, latencies, began + plan.seconds) for _ in range(plan.connections))
        await asyncio.gather(*pulls)
        lasted = time.perf_counter() - began
    return Outcome(latencies, lasted, (time.process_time() - cpu) / lasted)


async def _pull(
    session: aiohttp.ClientSession, plan: Plan, asks: Iterator[Ask], latencies: list[float], until: float
) -> None:
    while (sent := time.perf_counter()) < until:
        ask = next(asks)
        url = plan.base + ask.path
        async with session.request(ask.method, url, headers=ask.headers, data=ask.body) as answer:
            text = await answer.read()
            if not answer.ok:
                raise WrongAnswerError(f"{ask.method} {ask.path}: {answer.status} {text[:500]!r}")
        latencies.append((time.perf_counter() - sent) * 1000)


def main() -> None:
    given = json.load(sys.stdin)
    plan = Plan(**{**given, "asks": [Ask(**ask) for ask in given["asks"]]})
    json.dump(asdict(asyncio.run(play(plan))), sys.stdout)


if __name__ == "__main__":
    main()
