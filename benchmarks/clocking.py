"""`python -m benchmarks.clocking`: location in → one upstream POST → one reply, Hadir beside the others."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.contestants import CONTESTANTS, Contestant
from benchmarks.harness import FailedRunError, Run, Scenario, measure
from benchmarks.report import build_report

CROWD = Scenario("crowd", chats=2000)
RUSH = Scenario("rush", chats=300, telegram_ms=40, biotime_ms=30)
PAIR = Scenario("pair", chats=50, telegram_ms=40, biotime_ms=30, with_text=True)
PILE = Scenario("pile", chats=1000, hold=True)
ROUNDS = {"crowd": 3, "rush": 2, "pair": 1, "pile": 2}
QUICK_CHATS = {"crowd": 300, "rush": 50, "pair": 10, "pile": 300}
DEFAULT = ("ptb", "aiogram", "bare", "hadir")
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True)
class Options:
    contestants: tuple[Contestant, ...]
    scenarios: tuple[Scenario, ...]
    rounds: dict[str, int]
    output: Path | None


def read_options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clocking", description=__doc__)
    known = {contestant.name: contestant for contestant in CONTESTANTS}
    parser.add_argument("--contestants", nargs="+", choices=list(known), default=list(DEFAULT))
    parser.add_argument("--quick", action="store_true", help="one round of few updates, not written to RESULTS.md")
    parser.add_argument("--updates", type=int, help="updates in every scenario, instead of each one's own number")
    parser.add_argument("--output", type=Path, help="file for the report (default: benchmarks/RESULTS.md)")
    given = parser.parse_args(arguments)
    chosen = tuple(known[name] for name in given.contestants)
    rounds = dict.fromkeys(ROUNDS, 1) if given.quick else ROUNDS
    output = given.output or (None if given.quick or given.updates else RESULTS)
    return Options(chosen, tuple(_sized(given.quick, given.updates)), rounds, output)


def _sized(quick: bool, updates: int | None) -> Iterator[Scenario]:
    for scenario in (CROWD, RUSH, PAIR, PILE):
        chats = updates or (QUICK_CHATS[scenario.name] if quick else scenario.chats)
        yield replace(scenario, chats=chats)


def play(options: Options) -> dict[str, dict[str, list[Run]]]:
    """All runs, contestants interleaved: contestant name → scenario name → runs. Those not installed are left out."""
    present = [contestant for contestant in options.contestants if contestant.installed]
    for absent in set(options.contestants) - set(present):
        print(f"{absent.name}: not installed, left out", file=sys.stderr)
    runs: dict[str, dict[str, list[Run]]] = {contestant.name: {} for contestant in present}
    for turn in range(max(options.rounds.values())):
        for scenario in options.scenarios:
            for contestant in present if turn < options.rounds[scenario.name] else ():
                print(f"round {turn + 1}: {scenario.name}, {contestant.name}", file=sys.stderr, flush=True)
                runs[contestant.name].setdefault(scenario.name, []).append(measure(contestant, scenario))
    return runs


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    try:
        runs = play(options)
    except FailedRunError as error:
        print(error, file=sys.stderr)
        return 1
    command = " ".join(["python -m benchmarks.clocking", *arguments])
    scenarios = {scenario.name: scenario for scenario in options.scenarios}
    report = build_report(runs, scenarios, options.rounds, command)
    print(report)
    if options.output:
        options.output.write_text(report)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
