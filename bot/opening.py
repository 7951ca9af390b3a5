"""Opens what the program stands on: its databases, the gateway's records, a client per company, the port it listens on.

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
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import httpx
import sqlalchemy as sa
from alembic.util import CommandError
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp

from bot.biotime.client import BioTimeClient
from bot.biotime.office import Office
from bot.biotime.pace import Pace
from bot.biotime.transport import open_embedded_http, open_http
from bot.config.options import ServerSettings, Settings, StorageSettings
from bot.database import Database, upgrade
from bot.gateway.access.service import ServiceDoor
from bot.gateway.app import build_gateway
from bot.gateway.hr.diary import Diary
from bot.gateway.mail import Mailbox
from bot.gateway.records import open_records
from bot.gateway.records.companies import company_label, find_or_add_company, load_companies, same_name
from bot.gateway.settings import GatewaySettings, Rate, SmtpSecurity, SmtpSettings
from bot.services.tenants import Service, Tenant, Tenants
from bot.store.cipher import Cipher
from bot.store.schema import MIGRATIONS
from bot.web.serving import listen

# A server that is there answers sooner.
PATIENCE = timedelta(seconds=10)
# Everybody comes from one address, this process, and the bot slows each person itself.
_IN_PROCESS = Rate(1000, timedelta(milliseconds=100))
_FAULTS = (sa.exc.DBAPIError, sqlite3.Error, CommandError, OSError)


class AlreadyRunning(Exception):
    """Another process has this database: two would each believe the other dead."""


class NoCompany(Exception):
    """The embedded gateway is empty and no company is named."""


class UnknownCompany(Exception):
    """Nobody serves a company of this name; says which there are."""


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


# -- companies ---------------------------------------------------------------------------------------------------------


def gateway_settings(settings: ServerSettings) -> GatewaySettings:
    """Its tokens are signed with a key of its own, made from ours."""
    key = Cipher(settings.secret_key.get_secret_value()).subkey("hadir gateway tokens")
    return GatewaySettings(secret_key=key, trusted_proxies=settings.trusted_proxies, smtp=_smtp_settings(settings))


def _smtp_settings(settings: ServerSettings) -> SmtpSettings | None:
    if settings.smtp_host is None or settings.smtp_sender is None:
        return None
    return SmtpSettings(
        settings.smtp_host,
        settings.smtp_sender,
        settings.smtp_port,
        SmtpSecurity(settings.smtp_security),
        settings.smtp_user or "",
        settings.smtp_password.get_secret_value() if settings.smtp_password else "",
    )


@asynccontextmanager
async def open_tenants(
    settings: Settings, now: Callable[[], datetime], mailbox: Mailbox | None = None
) -> AsyncIterator[Tenants]:
    """One client per company: over TLS to its tenant, or in process to the embedded gateway, whose mail goes into the
    `mailbox` or, without one, through the mail server of the settings.

    Raises CannotOpen, NoCompany and CompanyDiffers.
    """
    async with AsyncExitStack() as stack:
        if settings.embedded:
            records = await stack.enter_async_context(open_gateway_records(settings))
            companies = await _embedded_companies(records, settings, now)
            own = replace(
                gateway_settings(settings),
                logins_per_user=_IN_PROCESS,
                logins_per_address=_IN_PROCESS,
                codes_per_address=_IN_PROCESS,
            )
            gateway = build_gateway(records, own, now, mailbox)
            clients = {name: open_embedded_http(gateway, f"{company_label(name)}.localhost") for name in companies}
            door = ServiceDoor(records, own, now)
        else:
            companies = dict.fromkeys(settings.company, settings.timezone)
            clients = {name: open_http(settings.biotime_url_of(name)) for name in companies}
            door = None
        for http in clients.values():
            stack.push_async_callback(http.aclose)
        yield Tenants(_build_tenant(settings, name, zone, clients[name], door) for name, zone in companies.items())


def _build_tenant(
    settings: Settings, name: str, zone: ZoneInfo, http: httpx.AsyncClient, door: ServiceDoor | None
) -> Tenant:
    client = BioTimeClient(http, name, zone, takes_keys=settings.embedded)
    log_in = _service_login(settings, name, client, door)
    office = Office.build(http, zone, Pace(settings.service_rate))
    return Tenant(name, zone, client, service=Service(office, log_in) if log_in else None)


def _service_login(
    settings: Settings, company: str, client: BioTimeClient, door: ServiceDoor | None
) -> Callable[[], Awaitable[str]] | None:
    """Embedded, a token is made in this process, and no password is anywhere."""
    if door is not None:
        return lambda: door.issue(company)
    user, password = settings.service_user, settings.service_password
    if user is None or password is None:
        return None
    return lambda: client.fetch_system_jwt(user, password.get_secret_value())


@asynccontextmanager
async def open_hr_page(
    settings: Settings, now: Callable[[], datetime], diary: Diary | None = None
) -> AsyncIterator[ASGIApp | None]:
    """What serves /hr/ for people in browsers, who are slowed as at any gateway; None where BioTime is a tenant's. The
    `diary` is the bot's.

    Raises CannotOpen.
    """
    if not settings.embedded:
        yield None
        return
    async with open_gateway_records(settings) as records:
        yield build_gateway(records, gateway_settings(settings), now, diary=diary)


async def _embedded_companies(
    records: Database, settings: Settings, now: Callable[[], datetime]
) -> dict[str, ZoneInfo]:
    """Those named, made where they are not there yet; with none named, all there are. Each in the zone that its
    record has: HADIR_TIMEZONE is for those made now.
    """
    if settings.company:
        return {n: await _ensure_company(records, n, settings.timezone, now()) for n in settings.company}
    found = await records.read(lambda c: load_companies(c, 1000))
    if not found:
        raise NoCompany
    return {company.name: company.zone for company in found}


async def _ensure_company(records: Database, name: str, zone: ZoneInfo, now: datetime) -> ZoneInfo:
    return (await records.write(lambda c: find_or_add_company(c, name, zone, now))).zone


async def find_served(settings: StorageSettings, named: str) -> str:
    """The company as the bot calls it: one in HADIR_COMPANY or, with none there, in the embedded gateway.

    Raises UnknownCompany and, where there is none at all, NoCompany.
    """
    known = settings.company or await _load_names(settings)
    if not known:
        raise NoCompany
    for name in known:
        if same_name(name, named):
            return name
    raise UnknownCompany(f"There is no company {named!r}. There is: {', '.join(known)}.")


async def _load_names(settings: StorageSettings) -> tuple[str, ...]:
    async with open_gateway_records(settings) as records:
        return tuple(company.name for company in await records.read(load_companies))
