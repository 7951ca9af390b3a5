"""The two that are compared, each a process of its own over its own copy of the same file, with one worker."""

import contextlib
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.gateway_data import TIMEZONE
from benchmarks.processes import running

START_LIMIT = timedelta(seconds=60)
TICK = timedelta(milliseconds=50)
SECRET_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
DRF_THREADS = 4
"""Of the one worker: logins leave the interpreter's lock, and then use both cores, as the gateway's do."""
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class Contestant:
    """`start` gives the arguments and the environment of its process, over a database."""

    name: str
    label: str
    packages: tuple[str, ...]
    start: Callable[[Path], tuple[tuple[str, ...], Mapping[str, str]]]

    @property
    def installed(self) -> bool:
        return all(importlib.util.find_spec(package) for package in self.packages)


@dataclass(frozen=True, slots=True)
class Server:
    base: str
    pid: int


def _start_hadir(database: Path) -> tuple[tuple[str, ...], Mapping[str, str]]:
    environment = {"HADIR_SECRET_KEY": SECRET_KEY, "HADIR_GATEWAY_DATABASE_URL": f"sqlite:///{database}"}
    return (sys.executable, "-m", "bot", "gateway", "--port", "0"), environment


def _start_drf(database: Path) -> tuple[tuple[str, ...], Mapping[str, str]]:
    environment = {
        "BENCH_DRF_KEY": SECRET_KEY,
        "BENCH_DRF_DATABASE": str(database),
        "BENCH_DRF_TIMEZONE": TIMEZONE,
    }
    worker = ("--workers", "1", "--worker-class", "gthread", "--threads", str(DRF_THREADS), "--keep-alive", "75")
    serve = ("-m", "gunicorn", "benchmarks.drf.wsgi:application", "--bind", "127.0.0.1:0", *worker)
    return (sys.executable, *serve), environment


HADIR = Contestant("hadir", "`hadir gateway`", (), _start_hadir)
DRF = Contestant(
    "drf",
    f"Django REST framework, gunicorn, {DRF_THREADS} threads",
    ("django", "rest_framework", "rest_framework_simplejwt", "gunicorn"),
    _start_drf,
)
CONTESTANTS = (HADIR, DRF)


class NotServingError(Exception):
    """It ended, or never said where it listens; the text holds the end of its log."""


@contextlib.contextmanager
def serving(contestant: Contestant, database: Path) -> Iterator[Server]:
    """Raises NotServingError."""
    log = database.with_suffix(f".{contestant.name}.log")
    arguments, environment = contestant.start(database)
    with running(arguments, environment, log) as process:
        deadline = time.monotonic() + START_LIMIT.total_seconds()
        while (found := _ADDRESS.search(log.read_text())) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotServingError(f"{contestant.name}: {log.read_text()[-3000:]}")
            time.sleep(TICK.total_seconds())
        yield Server(found[0], process.pid)
