"""The companies that are served: a client for each, to its tenant or to the embedded gateway; what browsers get."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from starlette.types import ASGIApp

from bot.biotime.client import BioTimeClient
from bot.biotime.office import Office
from bot.biotime.pace import Pace
from bot.biotime.transport import open_embedded_http, open_http
from bot.config.options import ServerSettings, Settings, StorageSettings
from bot.database import Database
from bot.gateway.access.service import ServiceDoor
from bot.gateway.app import build_gateway
from bot.gateway.hr.diary import Diary
from bot.gateway.mail import Mailbox
from bot.gateway.records.companies import company_label, find_or_add_company, load_companies, same_name
from bot.gateway.settings import GatewaySettings, Rate, SmtpSecurity, SmtpSettings
from bot.opening import open_gateway_records
from bot.services.tenants import Service, Tenant, Tenants
from bot.store.cipher import Cipher

# Everybody comes from one address, this process, and the bot slows each person itself.
_IN_PROCESS = Rate(1000, timedelta(milliseconds=100))


class NoCompany(Exception):
    """The embedded gateway is empty and no company is named."""


class UnknownCompany(Exception):
    """Nobody serves a company of this name; says which there are."""


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
