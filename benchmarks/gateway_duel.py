"""Both servers side by side on one machine: the same requests to each in turn, round by round."""

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from statistics import median

import httpx

from benchmarks.gateway_asks import SCENARIOS, Scenario, Tokens, build_deep, log_in_all
from benchmarks.gateway_data import Size, Staff
from benchmarks.gateway_load import Ask, Outcome, Plan, drive
from benchmarks.gateway_servers import CONTESTANTS, Server, serving

DEEP_TRIES = 5


@dataclass(frozen=True, slots=True)
class Effort:
    rounds: int
    seconds: float
    connections: int = 16


@dataclass(slots=True)
class Duel:
    """`outcomes`: scenario → contestant → one per round. `deep`: what is hard → contestant → milliseconds, medians."""

    outcomes: dict[str, dict[str, list[Outcome]]] = field(default_factory=dict)
    deep: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ground:
    staff: Staff
    size: Size
    servers: Mapping[str, Server]
    tokens: Mapping[str, Tokens]


def fight(file: Path, staff: Staff, size: Size, effort: Effort) -> Duel:
    """Raises NotServingError and WrongAnswerError."""
    duel = Duel()
    with _serving_both(file) as servers:
        tokens = {name: log_in_all(server.base, staff.administrators) for name, server in servers.items()}
        ground = _Ground(staff, size, servers, tokens)
        duel.deep = _measure_deep(ground)
        for turn in range(effort.rounds):
            for scenario in SCENARIOS:
                _say(f"round {turn + 1}: {scenario.name}")
                _play_round(duel, ground, scenario, effort, turn)
    return duel


@contextlib.contextmanager
def _serving_both(file: Path) -> Iterator[dict[str, Server]]:
    with contextlib.ExitStack() as stack:
        servers = {}
        for contestant in CONTESTANTS:
            own = Path(copy(file, file.with_name(f"{contestant.name}.db")))
            stack.callback(own.unlink)
            servers[contestant.name] = stack.enter_context(serving(contestant, own))
        yield servers


def _play_round(duel: Duel, ground: _Ground, scenario: Scenario, effort: Effort, turn: int) -> None:
    """Who begins changes from round to round."""
    names = list(ground.servers)
    for name in names if turn % 2 == 0 else reversed(names):
        asks = scenario.build(ground.staff, ground.size, ground.tokens[name])
        outcome = drive(Plan(ground.servers[name].base, asks, effort.connections, effort.seconds))
        duel.outcomes.setdefault(scenario.name, {}).setdefault(name, []).append(outcome)


def _measure_deep(ground: _Ground) -> dict[str, dict[str, float]]:
    """One request at a time, after a first one that is not counted."""
    found: dict[str, dict[str, float]] = {}
    for name, server in ground.servers.items():
        _say(f"deep pages: {name}")
        for what, ask in build_deep(ground.size, ground.tokens[name]).items():
            found.setdefault(what, {})[name] = median(time_asks(server.base, ask, DEEP_TRIES + 1)[1:])
    return found


def time_asks(base: str, ask: Ask, tries: int) -> Sequence[float]:
    """Milliseconds of each of them, one after the other."""
    spent = []
    with httpx.Client(base_url=base, timeout=300, trust_env=False) as client:
        for _ in range(tries):
            began = time.perf_counter()
            client.request(ask.method, ask.path, headers=dict(ask.headers), content=ask.body).raise_for_status()
            spent.append((time.perf_counter() - began) * 1000)
    return spent


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
