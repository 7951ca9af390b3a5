"""`hadir check`: tries everything the bot depends on and says what to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy.exc import OperationalError
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import utc_now
from bot.attendance.stamps import is_zone
from bot.biotime.errors import BioTimeError, WrongCredentials
from bot.chat.transport import build_requests
from bot.companies import NoCompany, open_tenants
from bot.config.options import Settings
from bot.gateway.records.companies import CompanyDiffers
from bot.i18n import LANGUAGES, translator_for
from bot.opening import CannotOpen, describe_fault, open_database
from bot.services.probing import Probing
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.services.sessions import Sessions
from bot.services.tenants import Tenants
from bot.store.cipher import Cipher

LATER = "run this again once somebody has clocked in through the bot"


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do where it is not well; empty where there is nothing to do."""

    what: str
    well: bool
    found: str
    advice: str = ""


async def run_checks(settings: Settings, console: Console) -> bool:
    """Whether all is well."""
    findings = [await _attempt(what, check, settings) for what, check in CHECKS.items()]
    for finding in findings:
        mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
        console.print(f"{mark} {finding.what}: {finding.found}", highlight=False)
        if finding.advice:
            console.print(f"  → {finding.advice}", highlight=False)
    return all(finding.well for finding in findings)


async def _attempt(what: str, check: "Check", settings: Settings) -> Finding:
    """What one check cannot even open is what it found; the others go on."""
    try:
        return await check(settings)
    except CannotOpen as problem:
        return Finding(what, False, f"{problem.option}: {problem.reason}", problem.advice)
    except NoCompany:
        return Finding(what, False, "there is no company yet", "name one in HADIR_COMPANY, or see `hadir company init`")
    except CompanyDiffers as problem:
        return Finding(what, False, str(problem), "see HADIR_COMPANY")


async def check_telegram(settings: Settings) -> Finding:
    sending, polling = build_requests()
    api = settings.telegram_api_url
    token = settings.telegram_token.get_secret_value()
    bot = Bot(token, base_url=f"{api}/bot", request=sending, get_updates_request=polling)
    try:
        async with bot:
            return Finding("Telegram", True, f"the token is @{bot.username}'s")
    except InvalidToken:
        return Finding("Telegram", False, "the token is not known", "copy it again from @BotFather")
    except TelegramError as problem:
        advice = f"see whether this machine reaches {api}"
        return Finding("Telegram", False, f"no answer ({type(problem).__name__})", advice)


async def check_database(settings: Settings) -> Finding:
    async with open_database(settings) as db:
        try:
            await db.write(lambda c: c.exec_driver_sql("SELECT 1"))
        except OperationalError as problem:
            advice = "see HADIR_DATABASE_URL: has the disk room, may we write?"
            return Finding("Database", False, describe_fault(problem), advice)
    return Finding("Database", True, "opens, is up to date, takes writes")


async def check_biotime(settings: Settings) -> Finding:
    """A login that cannot succeed: BioTime's own refusal proves that it is there and speaks its language."""
    async with open_tenants(settings, utc_now) as tenants:
        companies = tenants.companies
        answers = await asyncio.gather(*(_knock(tenants, company) for company in companies))
    wrong = [f"{company}: {said}" for company, said in zip(companies, answers, strict=True) if said]
    if wrong:
        advice = "see HADIR_BIOTIME_URL and HADIR_COMPANY; open the address in a browser"
        return Finding("BioTime", False, "; ".join(wrong), advice)
    return Finding("BioTime", True, f"answers for {', '.join(companies)}")


async def _knock(tenants: Tenants, company: str) -> str | None:
    try:
        await tenants[company].client.fetch_token("hadir-check", "hadir-check", "0" * 32)
    except WrongCredentials:
        return None
    except BioTimeError as problem:
        return str(problem)
    return None


async def check_service_account(settings: Settings) -> Finding:
    """Without one, alerts and summaries have nothing to look at."""
    async with open_tenants(settings, utc_now) as tenants:
        account = ServiceAccount(tenants, utc_now)
        wrong = [f"{company}: {said}" for company in tenants.companies if (said := await _enter(account, company))]
    if wrong:
        advice = "see HADIR_SERVICE_USER and HADIR_SERVICE_PASSWORD: a system user, the same at every company"
        return Finding("Service account", False, "; ".join(wrong), advice)
    return Finding("Service account", True, "is let in")


async def _enter(account: ServiceAccount, company: str) -> str | None:
    try:
        await account.call(company, lambda office, token: anext(office.personnel.departments.fetch(token), None))
    except NoServiceAccount:
        return "there is none, so no alerts and no summaries"
    except BioTimeError as problem:
        return str(problem)
    return None


@asynccontextmanager
async def _probing(settings: Settings) -> AsyncIterator[tuple[Probing, Tenants]]:
    async with open_database(settings) as db, open_tenants(settings, utc_now) as tenants:
        sessions = Sessions(db, tenants, Cipher(settings.secret_key.get_secret_value()), utc_now)
        yield Probing(db, tenants, sessions, utc_now), tenants


async def check_marker(settings: Settings) -> Finding:
    """Whether the tenant gives our marker back: looked for in punches already made, so that none is made for this."""
    async with _probing(settings) as (probing, _):
        found = await probing.run()
    said = ", ".join(f"{company}: {keeping or 'not known yet'}" for company, keeping in found.items())
    missing = any(keeping is None for keeping in found.values())
    return Finding("Marker", True, said, LATER if missing else "")


async def check_time_zone(settings: Settings) -> Finding:
    """In a wrong zone every punch is stamped hours off, and goes in as a correction."""
    async with _probing(settings) as (probing, tenants):
        shifts = await probing.compare_stamps()
        zones = {company: tenants.zone_of(company) for company in shifts}
    said = ", ".join(f"{name}: {_describe_shift(zones[name], shift)}" for name, shift in shifts.items())
    wrong = [shift for shift in shifts.values() if shift]
    if any(is_zone(shift) for shift in wrong):
        return Finding("Time zone", False, said, "set HADIR_TIMEZONE to the zone in which BioTime shows its times")
    if wrong:
        return Finding("Time zone", False, said, "have BioTime's clock set right")
    return Finding("Time zone", True, said, LATER if None in shifts.values() else "")


def _describe_shift(zone: ZoneInfo, shift: timedelta | None) -> str:
    if shift is None:
        return f"{zone.key}, not known yet whether BioTime's"
    if not shift:
        return f"{zone.key}, as BioTime's stamps are"
    minutes = abs(shift) // timedelta(minutes=1)
    side = "ahead of" if shift > timedelta(0) else "behind"
    return f"BioTime stamps punches {minutes // 60}:{minutes % 60:02} h {side} the true time in {zone.key}"


async def check_languages(settings: Settings) -> Finding:
    names = [translator_for(code).own_name for code in LANGUAGES]
    return Finding("Languages", True, f"{', '.join(names)}; {settings.language} where nothing else is known")


Check = Callable[[Settings], Awaitable[Finding]]
CHECKS: Mapping[str, Check] = {
    "Telegram": check_telegram,
    "Database": check_database,
    "BioTime": check_biotime,
    "Service account": check_service_account,
    "Marker": check_marker,
    "Time zone": check_time_zone,
    "Languages": check_languages,
}
