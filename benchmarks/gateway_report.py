"""The two tables of the gateway, as Markdown."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from benchmarks.gateway_asks import SCENARIOS
from benchmarks.gateway_cards import Cards
from benchmarks.gateway_data import Size
from benchmarks.gateway_duel import Duel, Effort
from benchmarks.gateway_load import Outcome
from benchmarks.gateway_servers import DRF, HADIR
from benchmarks.report import describe_machine

PACKAGES = ("fastapi", "uvicorn", "SQLAlchemy", "Django", "djangorestframework", "gunicorn")
DUEL_HEADS = ("", "requests/s, ratio", "p99, ratio", "requests/s", "p50 / p99, ms", "peer: requests/s", "p50 / p99, ms")
DEEP_HEADS = ("", "ms", "peer: ms")
CARD_HEADS = (
    "people",
    "punches stored",
    "page of 20: first, warm, last page",
    "everybody's month: cold, warm",
    "per person",
    "memory: before, peak",
)
NOTES = """\
{ours} beside {theirs}; one worker each, SQLite in WAL with `synchronous=FULL`,
each its own copy of one file of {people:,} people and {punches:,} punches. Medians of {rounds} interleaved rounds of
{seconds:g} s with {connections} connections, the load generator in a process of its own ({load:.0%} of a core at most);
ratios are taken round by round, ours to the peer's. The peer answers with the same members (a test compares them), and
has neither limits, dialects nor filters beyond those asked. Of a login nearly all is argon2, which costs both the same,
and is as slow as it is meant to be.
"""
CARD_NOTES = """\
One month over HTTP, from a fresh process each. The page is of `totalTimeCardReport`; *everybody's month* is one
request for `dailyAbsentReport`, which builds every card of everybody.
"""

Take = Callable[[Outcome], float]


def build_report(duel: Duel, cards: Sequence[Cards], size: Size, effort: Effort, command: str) -> str:
    notes = NOTES.format(
        ours=HADIR.label,
        theirs=DRF.label,
        people=size.people,
        punches=size.punches,
        rounds=effort.rounds,
        seconds=effort.seconds,
        connections=effort.connections,
        load=max(o.cpu for runs in duel.outcomes.values() for own in runs.values() for o in own),
    )
    parts = (
        "# The gateway's speed",
        build_duel_table(duel),
        notes,
        "One request at a time, over all those punches:",
        build_deep_table(duel.deep),
        "## Time cards",
        build_card_table(cards),
        CARD_NOTES,
        describe_machine(PACKAGES),
        f"Command: `{command}`",
    )
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def build_duel_table(duel: Duel) -> str:
    labels = {scenario.name: scenario.label for scenario in SCENARIOS}
    return _tabulate(DUEL_HEADS, [_duel_row(labels[name], runs) for name, runs in duel.outcomes.items()])


def _duel_row(label: str, runs: Mapping[str, Sequence[Outcome]]) -> list[str]:
    ours, theirs = runs[HADIR.name], runs[DRF.name]
    return [
        label,
        f"**{median_ratio(ours, theirs, lambda run: run.rate):.1f}**",
        f"**{median_ratio(ours, theirs, lambda run: run.percentile(99)):.2f}**",
        *_figures(ours),
        *_figures(theirs),
    ]


def _figures(runs: Sequence[Outcome]) -> tuple[str, str]:
    half, most = (median(run.percentile(percent) for run in runs) for percent in (50, 99))
    return f"{median(run.rate for run in runs):.0f}", f"{half:.1f} / {most:.1f}"


def median_ratio(ours: Sequence[Outcome], theirs: Sequence[Outcome], take: Take) -> float:
    """Round by round, so that a slow minute of the machine falls on both."""
    return median(take(own) / take(other) for own, other in zip(ours, theirs, strict=True))


def build_deep_table(deep: Mapping[str, Mapping[str, float]]) -> str:
    return _tabulate(DEEP_HEADS, [[what, f"{of[HADIR.name]:.0f}", f"{of[DRF.name]:.0f}"] for what, of in deep.items()])


def build_card_table(cards: Sequence[Cards]) -> str:
    return _tabulate(CARD_HEADS, [_card_row(own) for own in cards])


def _card_row(own: Cards) -> list[str]:
    warm = "-" if own.everybody_warm is None else f"{own.everybody_warm / 1000:.1f}"
    return [
        f"{own.size.people:,}",
        f"{own.size.punches:,}",
        f"{own.page_cold:.0f}, {own.page_warm:.0f}, {own.last_page:.0f} ms",
        f"{own.everybody_cold / 1000:.1f}, {warm} s",
        f"{own.everybody_cold / own.size.people:.2f} ms",
        f"{own.resident_before / 2**20:.0f}, {own.peak / 2**20:.0f} MB",
    ]


def _tabulate(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows))
