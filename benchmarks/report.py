"""The table, and the machine's words, as Markdown."""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks import reckoning
from benchmarks.contestants import PTB
from benchmarks.harness import Run, Scenario

Runs = Mapping[str, list[Run]]
PACKAGES = ("python-telegram-bot", "aiogram", "aiohttp", "httpx", "SQLAlchemy")
HEADS = (
    "",
    "updates/s, ratio",
    "updates/s",
    "CPU per update",
    "peak memory",
    "memory per waiting update",
    "out of order",
    "missing / doubled",
    "calls per update: Telegram + BioTime",
    "{rush} at once: all know",
    "all have heard something",
)
NOTES = """\
Location in, one POST to BioTime, one reply; both ends are one local process, each contestant has a fresh process of its
own. Medians of interleaved rounds ({rounds}); ratios are taken round by round. An update is done when Telegram has
answered the message that tells its outcome: for Hadir that is the edit of its "Saved" message, hence its second call.
- *updates/s, CPU, peak memory*: {crowd} people, one location each, all waiting when the clock starts, no latency.
- *memory per waiting update*: growth of the process while BioTime keeps {pile} punches unanswered.
- *out of order*: {pair} people send a location and, right behind it, `/help`: whose answers stand the wrong way round.
- *missing / doubled*: over all rounds, punches and replies.
- *{rush} at once*: BioTime answers after {biotime_ms} ms, Telegram after {telegram_ms} ms.
- The far end's own CPU per update of bare aiohttp: {far_end} ms.
"""


def build_report(
    runs: Mapping[str, Runs], scenarios: Mapping[str, Scenario], rounds: Mapping[str, int], command: str
) -> str:
    """`runs`: contestant name → scenario name → its runs, in the order of the rounds."""
    counts = {name: scenario.chats for name, scenario in scenarios.items()}
    latencies = {"telegram_ms": scenarios["rush"].telegram_ms, "biotime_ms": scenarios["rush"].biotime_ms}
    notes = NOTES.format(rounds=_words(rounds), far_end=_far_end_cpu(runs), **counts, **latencies)
    table = build_table(runs, counts["rush"])
    return f"# Speed\n\n{table}\n\n{notes}\n{describe_machine()}\n\nCommand: `{command}`\n"


def _words(rounds: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in rounds.items())


def build_table(runs: Mapping[str, Runs], rush: int) -> str:
    heads = [head.format(rush=rush) for head in HEADS]
    rows = [heads, ["---"] * len(heads)]
    rows += [_build_row(own, runs.get(PTB.name)) for own in runs.values()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _build_row(runs: Runs, base: Runs | None) -> list[str]:
    crowd, rush = runs["crowd"], runs["rush"]
    faults = sum((reckoning.find_faults(run) for own in runs.values() for run in own), reckoning.Faults(0, 0))
    telegram, biotime = reckoning.calls_per_update(crowd[-1])
    return [
        crowd[0].contestant.label,
        f"{reckoning.median_ratio(crowd, base['crowd']):.2f}" if base else "-",
        f"{_median(reckoning.rate, crowd):.0f}",
        f"{_median(lambda run: reckoning.cpu_per_update(run).total_seconds(), crowd) * 1000:.2f} ms",
        f"{_median(lambda run: run.after.peak, crowd) / 2**20:.0f} MB",
        f"{_median(reckoning.memory_per_waiting, runs['pile']) / 2**10:.1f} KB",
        f"{reckoning.count_out_of_order(runs['pair'][-1])} of {runs['pair'][-1].scenario.chats}",
        f"{faults.missing} / {faults.doubled}",
        f"{telegram:.2f} + {biotime:.2f}",
        f"{_median(lambda run: reckoning.last_outcome(run).total_seconds(), rush):.2f} s",
        f"{_median(lambda run: reckoning.last_first_word(run).total_seconds(), rush):.2f} s",
    ]


def _median(figure: Callable[[Run], float], runs: list[Run]) -> float:
    return median(figure(run) for run in runs)


def _far_end_cpu(runs: Mapping[str, Runs]) -> str:
    crowd = runs["bare"]["crowd"] if "bare" in runs else []
    if not crowd:
        return "?"
    return f"{_median(lambda run: run.far_end_cpu.total_seconds() / run.scenario.chats, crowd) * 1000:.2f}"


def describe_machine(packages: Sequence[str] = PACKAGES) -> str:
    """Cores, processor, system, versions, and what a durable write costs here."""
    words = [
        f"{os.cpu_count()} cores, {_processor()}",
        f"Linux {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {found}" for name in packages if (found := _version(name))),
        f"fsync of 4 KB {_fsync_milliseconds():.2f} ms",
    ]
    return "Machine: " + ", ".join(words) + "."


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _fsync_milliseconds() -> float:
    """Median of 50, where the contestants' databases lie."""
    seconds = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            seconds.append(time.perf_counter() - began)
    return median(seconds) * 1000
