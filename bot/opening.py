"""Opens what the program stands on: its databases, the gateway's records, the port it listens on.

What cannot be opened is the fault of an option: CannotOpen names it and says what to do.
"""

import asyncio
import errno
import fcntl
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from alembic.util import CommandError
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot.config.options import StorageSettings
from bot.database import Database, upgrade
from bot.gateway.records import open_records
from bot.store.schema import MIGRATIONS
from bot.web.serving import listen

# A server that is there answers sooner.
PATIENCE = timedelta(seconds=10)
_FAULTS = (sa.exc.DBAPIError, sqlite3.Error, CommandError, OSError)


class AlreadyRunning(Exception):
    """Another process has this database: two would each believe the other dead."""


class CannotOpen(Exception):
    """What an option names cannot be opened. `advice` says what to do."""

    def __init__(self, option: str, reason: str, advice: str) -> None:
        super().__init__(f"{option}: {reason}. {advice}")
        self.option = option
        self.reason = reason
        self.advice = advice


# -- databases ---------------------------------------------------------------------------------------------------------


def open_database(settings: StorageSettings) -> AbstractAsyncContextManager[Database]:
    """The bot's own database, migrated. Raises CannotOpen."""
    return _opened("HADIR_DATABASE_URL", settings.database_url, lambda db: db.write(upgrade(MIGRATIONS)))


def open_gateway_records(settings: StorageSettings) -> AbstractAsyncContextManager[Database]:
    """Raises CannotOpen."""
    return _opened("HADIR_GATEWAY_DATABASE_URL", settings.gateway_database_url, open_records)


@asynccontextmanager
async def _opened(
    option: str, url: SecretStr, prepare: Callable[[Database], Awaitable[None]]
) -> AsyncIterator[Database]:
    async with AsyncExitStack() as stack:
        try:
            db = await Database.open(url.get_secret_value())
            stack.push_async_callback(db.close)
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await db.read(lambda c: c.exec_driver_sql("SELECT 1"))
            await prepare(db)
        except _FAULTS as problem:
            raise _explain_database(option, make_url(url.get_secret_value()), problem) from problem
        yield db


@contextmanager
def only_process(settings: StorageSettings) -> Iterator[bool]:
    """Whether this is provably the only process on the database: on SQLite, a lock on a file beside it says so.

    Raises AlreadyRunning and CannotOpen.
    """
    url = make_url(settings.database_url.get_secret_value())
    if url.get_backend_name() != "sqlite" or not url.database:
        yield False
        return
    with _open_lock(url, Path(url.database)) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise AlreadyRunning(url.database) from problem
        yield True


def _open_lock(url: sa.URL, database: Path) -> TextIO:
    try:
        if database.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return Path(f"{database}.lock").open("w")
    except OSError as problem:
        raise _explain_database("HADIR_DATABASE_URL", url, problem) from problem


def _explain_database(option: str, url: sa.URL, problem: Exception) -> CannotOpen:
    if isinstance(problem, CommandError):
        return CannotOpen(
            option, f"its tables are of another version ({problem})", "Run that version, or name another."
        )
    if url.get_backend_name() == "sqlite":
        return CannotOpen(option, *_explain_file(Path(url.database or ""), problem))
    advice = "See that the server runs, and that host, name, user and password are right."
    return CannotOpen(option, f"the database cannot be reached ({describe_fault(problem)})", advice)


def _explain_file(file: Path, problem: Exception) -> tuple[str, str]:
    folder = file.absolute().parent
    if file.is_dir():
        return f"{file} is a folder", "Name a file in it."
    if not folder.is_dir():
        return f"there is no folder {folder}", "Make it, or name a file elsewhere."
    fault = describe_fault(problem)
    if "not a database" in fault:
        return f"{file} is no SQLite database", "Name another file, or move this one away."
    advice = f"See that the disk has room, and that this user may write {file} and in {folder}."
    return f"{file} cannot be used ({fault})", advice


def describe_fault(problem: Exception) -> str:
    """The driver's own words, in one line and without the statement."""
    if isinstance(problem, TimeoutError):
        return "no answer"
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    words = str(problem.orig if isinstance(problem, sa.exc.DBAPIError) else problem)
    return next(iter(words.splitlines()), "") or type(problem).__name__


# -- the port ----------------------------------------------------------------------------------------------------------


@contextmanager
def open_port(option: str, host: str, port: int) -> Iterator[socket.socket]:
    """Taken at once; what connects waits until somebody serves. Raises CannotOpen."""
    try:
        listening = listen(host, port)
    except OSError as problem:
        raise explain_port(option, host, port, problem) from problem
    with listening:
        yield listening


def explain_port(option: str, host: str, port: int, problem: OSError) -> CannotOpen:
    advice = {
        errno.EADDRINUSE: "End what listens there, or choose another port.",
        errno.EACCES: "Choose a port from 1024 on.",
    }.get(problem.errno or 0, "Name an address of this machine, for instance 127.0.0.1.")
    # asyncio puts an explanation into its own, and a resolver has numbers of its own.
    reason = os.strerror(problem.errno) if problem.errno and problem.errno > 0 else describe_fault(problem)
    return CannotOpen(option, f"cannot listen at {host}:{port} ({reason})", advice)
