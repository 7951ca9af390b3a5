"""Time cards of a month, over HTTP, by how many people and how much history there is; each a fresh process."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.gateway_asks import log_in_all
from benchmarks.gateway_data import LAST_DAY, Size, Staff, fill
from benchmarks.gateway_duel import time_asks
from benchmarks.gateway_load import Ask
from benchmarks.gateway_servers import HADIR, Server, serving
from benchmarks.processes import read_usage

PERIOD = f"start_date={LAST_DAY.replace(day=1)}&end_date={LAST_DAY.replace(day=31)}"
PAGES = f"/att/api/totalTimeCardReport/?{PERIOD}&page_size=20"
EVERYBODY = f"/att/api/dailyAbsentReport/?{PERIOD}&page_size=20"
"""Absences are found by building every card of everybody: one request is the whole month."""
WARM_TRIES = 3
MOST_REPEATED = 1000
"""Of more people the whole month is built once only: it takes its time."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Milliseconds; memory in bytes. Cold is the first of its kind to a fresh process."""

    size: Size
    page_cold: float
    page_warm: float
    last_page: float
    everybody_cold: float
    everybody_warm: float | None
    resident_before: int
    peak: int


def measure_cards(folder: Path, sizes: Sequence[Size], filled: Mapping[Size, tuple[Path, Staff]]) -> list[Cards]:
    """`filled`: databases that are there already. The others are made in the folder, and taken away again."""
    found = []
    for size in sizes:
        print(f"time cards: {size.people:,} people, {size.punches:,} punches", file=sys.stderr, flush=True)
        if size in filled:
            found.append(_measure(*filled[size], size))
        else:
            file = folder / "cards.db"
            found.append(_measure(file, fill(file, size), size))
            file.unlink()
    return found


def _measure(file: Path, staff: Staff, size: Size) -> Cards:
    repeated = size.people <= MOST_REPEATED
    with serving(HADIR, file) as server:
        token = log_in_all(server.base, staff.people[:1])[0]
        before = read_usage(server.pid)
        page_cold, *page_warm = _time(server, token, PAGES, 1 + WARM_TRIES)
        last_page = median(_time(server, token, f"{PAGES}&page=last", WARM_TRIES))
        everybody = _time(server, token, EVERYBODY, 2 if repeated else 1)
        peak = read_usage(server.pid).peak
    warm = everybody[1] if repeated else None
    return Cards(size, page_cold, median(page_warm), last_page, everybody[0], warm, before.resident, peak)


def _time(server: Server, token: str, path: str, tries: int) -> Sequence[float]:
    return time_asks(server.base, Ask("GET", path, {"Authorization": f"JWT {token}"}), tries)
