"""What each process of the bot does once, the tests' processes do once, too, and not in every test. Imported before
anything is opened.
"""

import asyncio
import gc
from collections import defaultdict
from typing import Any

import uvicorn.server
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_COMPILED: "defaultdict[type, LRUCache[Any, Any]]" = defaultdict(lambda: LRUCache(5000))


class _Asyncio:
    """For uvicorn, which sleeps a tenth of a second and again at the end of every server."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


def rest_collector() -> None:
    """What is imported stays, as `bot/app.py` has it of a process: the collector need not walk it. Done by every bot
    that is opened, it would keep the garbage of all the tests before, too."""
    gc.collect()
    gc.freeze()
    gc.freeze = lambda: None
    gc.set_threshold(20_000, 20, 20)


def hurry() -> None:
    """A statement is compiled once for all engines of a kind, a folder of migrations read once, a server ends soon."""
    vars(uvicorn.server)["asyncio"] = _Asyncio()
    # The cache's keys hold the dialect: all of one class are as one, for no test opens one of another make.
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    compiled: Any = property(lambda engine: _COMPILED[type(engine.dialect)], lambda *_: None)
    Engine._compiled_cache = compiled
    read = ScriptDirectory.from_config
    folders: dict[str | None, ScriptDirectory] = {}

    def read_once(config: Config) -> ScriptDirectory:
        folder = config.get_main_option("script_location")
        if folder not in folders:
            folders[folder] = read(config)
        return folders[folder]

    ScriptDirectory.from_config = staticmethod(read_once)  # type: ignore[method-assign]
