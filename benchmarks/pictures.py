"""`python -m benchmarks.pictures`: how long others wait for their replies while fifty pictures are drawn."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

from benchmarks.report import describe_machine
from bot.demo import Demo, open_demo
from bot.papers.figures import Day, Figures
from bot.papers.month import draw_month
from bot.papers.press import Press
from bot.papers.worker import Worker
from bot.services.workdays import Mark

PICTURES, ROUNDS = 50, 3
ALONE = 200
NOTHING = "nothing is drawn"
RESULTS = Path(__file__).with_name("RESULTS-pictures.md")
HELP = "No need to clock again."
_HOUR = timedelta(hours=1)
Draw = Callable[[Sequence[Figures]], Awaitable[object]]


@dataclass(slots=True)
class Waits:
    """Of one way of drawing: each reply, and until all pictures were there, in seconds."""

    replies: list[float] = field(default_factory=list)
    drawings: list[float] = field(default_factory=list)


def build_figures(seed: int) -> Figures:
    """A month that no other is like: what was drawn once is kept."""
    first = date(2000 + seed, 3, 1)
    days = tuple(
        Day(first + timedelta(days=n), list(Mark)[(seed + n) % 6], ((seed + n) % 10) * _HOUR, 8 * _HOUR)
        for n in range(31)
    )
    return Figures("ar" if seed % 2 else "en", seed % 4 > 1, first, days[-1].workdate, first, days)


async def draw_beside(wanted: Sequence[Figures]) -> None:
    """As Hadir does: all asked for at once, one process draws."""
    press = Press(Worker())
    try:
        await asyncio.gather(*(press.make("bot.papers.month:draw_month", figures) for figures in wanted))
    finally:
        await press.close()


async def draw_in_thread(wanted: Sequence[Figures]) -> None:
    for figures in wanted:
        await asyncio.to_thread(draw_month, figures)


async def draw_on_loop(wanted: Sequence[Figures]) -> None:
    for figures in wanted:
        draw_month(figures)
        await asyncio.sleep(0)


WAYS: dict[str, Draw] = {
    "in a process beside (Hadir)": draw_beside,
    "in a thread": draw_in_thread,
    "on the loop": draw_on_loop,
}


async def measure(demo: Demo, draw: Draw, pictures: Sequence[Figures], waits: Waits) -> None:
    """A colleague asks again and again, until the pictures are there: a reply after that would say nothing."""
    drawing = asyncio.create_task(_timed(draw, pictures))
    while not drawing.done():
        waits.replies.append(await _ask(demo))
    waits.drawings.append(await drawing)


async def measure_alone(demo: Demo, waits: Waits) -> None:
    waits.replies += [await _ask(demo) for _ in range(ALONE)]


async def _timed(draw: Draw, pictures: Sequence[Figures]) -> float:
    began = time.perf_counter()
    await draw(pictures)
    return time.perf_counter() - began


async def _ask(demo: Demo) -> float:
    person = demo.playground.people["huda"]
    asked = time.perf_counter()
    person.say("/help")
    await person.wait_for(HELP, timeout=60)
    return time.perf_counter() - asked


async def play(rounds: int, pictures: int) -> dict[str, Waits]:
    found = {name: Waits() for name in (NOTHING, *WAYS)}
    async with open_demo() as demo:
        demo.playground.people["huda"].say("/start")
        draw_month(build_figures(0))  # what is loaded once is loaded before the clock starts
        for turn in range(rounds):
            await measure_alone(demo, found[NOTHING])
            for number, (name, draw) in enumerate(WAYS.items()):
                print(f"round {turn + 1}: {name}", file=sys.stderr, flush=True)
                first = 1 + (turn * len(WAYS) + number) * pictures
                await measure(demo, draw, [build_figures(first + n) for n in range(pictures)], found[name])
    return found


def build_report(found: dict[str, Waits], pictures: int, rounds: int) -> str:
    rows = [_row(name, waits) for name, waits in found.items()]
    return "\n".join(
        [
            "# Pictures",
            "",
            f"| {pictures} pictures of a month | others' replies: p50 | p99 | longest | until all are drawn |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"A colleague sends `/help` and waits for the answer, again and again, while {pictures} pictures are asked",
            "for at once. Bot, playground and embedded BioTime share one process and its loop, so that a reply here",
            f"is longer than where Telegram is elsewhere: compare the rows. {rounds} rounds, interleaved. The process",
            "beside is started anew in each round, and its start is counted. On the loop hardly a reply comes through:",
            "its p99 is reckoned from a few.",
            "",
            describe_machine(("matplotlib", "python-telegram-bot", "aiohttp")),
            "",
            "Command: `python -m benchmarks.pictures`",
            "",
        ]
    )


def _row(name: str, waits: Waits) -> str:
    p99 = quantiles(waits.replies, n=100)[98]
    drawn = f"{median(waits.drawings):.1f} s" if waits.drawings else "–"
    figures = (median(waits.replies), p99, max(waits.replies))
    return " | ".join([f"| {name}", *(f"{seconds * 1000:.0f} ms" for seconds in figures), f"{drawn} |"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of few pictures, not written to the results")
    quick = parser.parse_args().quick
    rounds, pictures = (1, 5) if quick else (ROUNDS, PICTURES)
    report = build_report(asyncio.run(play(rounds, pictures)), pictures, rounds)
    print(report)
    if not quick:
        RESULTS.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
