"""One run: a fresh far end, a fresh contestant, one batch of updates."""

import contextlib
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from benchmarks.contestants import Contestant, Surroundings
from benchmarks.far_end.diary import Entry
from benchmarks.processes import Usage, read_usage, running

FIRST_CHAT = 1000
WARM_UP = 20
START_LIMIT = timedelta(seconds=60)
TICK = timedelta(milliseconds=50)
SETTLING = timedelta(milliseconds=300)
PILING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`with_text`: a `/help` right behind each location; `hold`: BioTime never answers, so updates pile up."""

    name: str
    chats: int
    telegram_ms: int = 0
    biotime_ms: int = 0
    with_text: bool = False
    hold: bool = False
    limit: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Run:
    contestant: Contestant
    scenario: Scenario
    entries: tuple[Entry, ...]
    tally: dict[str, int]
    before: Usage
    after: Usage
    far_end_cpu: timedelta


class FailedRunError(Exception):
    """A contestant ended, or never began to poll; the text holds the end of its log."""


class FarEndClient:
    """The harness' hand on the far end."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _ask(self, what: str, body: object = None) -> object:
        self._connection.request("POST", f"/bench/{what}", json.dumps(body))
        answer: object = json.loads(self._connection.getresponse().read())
        return answer

    def hand_out(self, people: range, with_text: bool, hold: bool) -> None:
        batch = {"first_chat": people.start, "count": len(people), "with_text": with_text, "hold": hold}
        self._ask("hand-out", batch)

    def state(self) -> dict[str, int]:
        return cast("dict[str, int]", self._ask("state"))

    def entries(self) -> tuple[Entry, ...]:
        return tuple(cast("list[Entry]", self._ask("entries")))


@contextlib.contextmanager
def far_end(scenario: Scenario, outcome: str, folder: Path) -> Iterator[tuple[FarEndClient, int]]:
    """Yields the client and the process id."""
    latencies = ("--telegram-ms", str(scenario.telegram_ms), "--biotime-ms", str(scenario.biotime_ms))
    arguments = (sys.executable, "-m", "benchmarks.far_end", "--outcome", outcome, *latencies)
    log = folder / "far_end.log"
    with running(arguments, {}, log) as process:
        _wait(lambda: log.read_text().endswith("\n"), START_LIMIT)
        with FarEndClient(int(log.read_text())) as client:
            yield client, process.pid


def measure(contestant: Contestant, scenario: Scenario, parent: Path | None = None) -> Run:
    """Raises FailedRunError; a contestant that is only too slow yields the run as far as it came."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as name:
        folder = Path(name)
        people = range(FIRST_CHAT, FIRST_CHAT + WARM_UP + scenario.chats)
        with far_end(scenario, contestant.outcome, folder) as (client, far_end_pid):
            launch = contestant.prepare(Surroundings(client.base, folder, people))
            log = folder / "contestant.log"
            with running(launch.arguments, launch.environment, log) as process:
                try:
                    _warm_up(client, process, people[:WARM_UP])
                    return _play(contestant, scenario, client, process.pid, far_end_pid, people[WARM_UP:])
                except (TimeoutError, ProcessLookupError, FileNotFoundError) as error:
                    raise FailedRunError(f"{contestant.name}: {error}\n{log.read_text()[-3000:]}") from error


def _warm_up(client: FarEndClient, process: subprocess.Popen[str], people: range) -> None:
    """Connections opened, modules imported, caches filled: what is measured is the steady state."""

    def began() -> bool:
        if process.poll() is not None:
            raise ProcessLookupError(f"ended with status {process.returncode}")
        return client.state()["polls"] > 0

    _wait(began, START_LIMIT)
    client.hand_out(people, with_text=False, hold=False)
    _wait(lambda: client.state()["settled"] == len(people), START_LIMIT)
    time.sleep(SETTLING.total_seconds())


def _play(
    contestant: Contestant, scenario: Scenario, client: FarEndClient, pid: int, far_end_pid: int, people: range
) -> Run:
    before, far_end_before = read_usage(pid), read_usage(far_end_pid)
    client.hand_out(people, scenario.with_text, scenario.hold)
    with contextlib.suppress(TimeoutError):
        _wait(lambda: _finished(scenario, client.state()), scenario.limit)
    if scenario.hold:
        time.sleep(PILING.total_seconds())
    after, far_end_after = read_usage(pid), read_usage(far_end_pid)
    time.sleep(SETTLING.total_seconds())  # a second answer to the same update would come now
    far_end_cpu = far_end_after.cpu - far_end_before.cpu
    return Run(contestant, scenario, client.entries(), client.state(), before, after, far_end_cpu)


def _finished(scenario: Scenario, state: dict[str, int]) -> bool:
    if scenario.hold:
        return state["fetched"] >= scenario.chats
    texts = scenario.chats if scenario.with_text else 0
    return state["settled"] >= scenario.chats and state["sent"] >= scenario.chats + texts


def _wait(true: Callable[[], bool], limit: timedelta) -> None:
    deadline = time.monotonic() + limit.total_seconds()
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came of it within {limit.total_seconds():.0f} s")
        time.sleep(TICK.total_seconds())
