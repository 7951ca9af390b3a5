"""Who is measured, and how each one's process is started."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contestants import hadir
from benchmarks.contestants.job import OUTCOME


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run offers: the far end's address, an empty folder, and the chat ids of the people in it."""

    base: str
    folder: Path
    people: range


@dataclass(frozen=True, slots=True)
class Launch:
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contestant:
    """`first_words` begin to answer a location, `outcome` ends it; for most both are in the one reply."""

    name: str
    label: str
    packages: tuple[str, ...]
    prepare: Callable[[Surroundings], Launch]
    first_words: str = OUTCOME
    outcome: str = OUTCOME

    @property
    def installed(self) -> bool:
        return all(importlib.util.find_spec(package) for package in self.packages)


def _start_module(name: str, *options: str) -> Callable[[Surroundings], Launch]:
    module = f"benchmarks.contestants.{name}"
    return lambda around: Launch((sys.executable, "-m", module, around.base, *options))


def _start_hadir(around: Surroundings) -> Launch:
    database_url = f"sqlite:///{around.folder / 'hadir.db'}"
    environment = hadir.build_environment(around.base, database_url)
    hadir.prepare(database_url, around.people, environment)
    return Launch((sys.executable, "-m", "bot", "run"), environment)


AIOGRAM = ("aiogram", "aiohttp")
PTB = Contestant("ptb", "PTB as it comes", ("telegram", "httpx"), _start_module("ptb"))
CONTESTANTS = (
    PTB,
    Contestant("aiogram", "aiogram 3 as it comes", AIOGRAM, _start_module("aiogram3")),
    Contestant("aiogram256", "aiogram 3, 256 tasks", AIOGRAM, _start_module("aiogram3", "--tasks", "256")),
    Contestant("bare", "bare aiohttp (the limit)", ("aiohttp",), _start_module("bare")),
    Contestant("hadir", "**Hadir**, durable", ("bot",), _start_hadir, first_words="Saved"),
)
