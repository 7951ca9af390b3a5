"""Gets in: from options to a client with a token, and from what goes wrong to a sentence and an exit code."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.biotime.att import Att
from bot.biotime.auth import BioTimeLogins
from bot.biotime.errors import BioTimeError, NotSent, Refused, Unauthorized, WrongCredentials
from bot.biotime.exchange import Exchange
from bot.biotime.iclock import Iclock
from bot.biotime.personnel import Personnel
from bot.biotime.transport import open_http
from bot.cli import ending
from bot.cli.ending import fail, finish
from bot.cli.inputs import load
from bot.config.api_options import ApiSettings

NOT_LET_IN, REFUSED, UNCLEAR, INTERRUPTED = 3, 4, 5, 130
# A report of a year takes its time.
_TOTAL = timedelta(seconds=60)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says instead of the environment."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Session:
    """A client that was let in."""

    token: str
    personnel: Personnel
    iclock: Iclock
    att: Att


def run(ctx: typer.Context, work: Callable[[Session], Awaitable[Result]]) -> tuple[Result, ZoneInfo]:
    """Logs in and does it: what came of it, and the company's zone. Ends the program with a sentence where it cannot be
    done, or was interrupted.
    """
    overrides: Overrides = ctx.obj
    settings = load(ApiSettings, instead=overrides.values)
    password = _ask_password(settings)

    async def do() -> tuple[Result, ZoneInfo]:
        try:
            async with _open(settings, password) as session:
                return await work(session), settings.api_timezone
        except BioTimeError as problem:
            raise _explain(problem) from problem

    done = finish(do())
    if done is None:
        fail("Interrupted.", code=INTERRUPTED)
    return done


def token(ctx: typer.Context) -> None:
    """Log in, and print a token for HADIR_API_TOKEN: whoever has it comes in."""

    async def tell(session: Session) -> str:
        return session.token

    told, _ = run(ctx, tell)
    typer.echo(told)


def _ask_password(settings: ApiSettings) -> str:
    """Never on the command line, where other users of the machine see it."""
    if settings.api_token:
        return ""
    if settings.api_password:
        return settings.api_password.get_secret_value()
    return str(typer.prompt(f"Password of {settings.api_user}", hide_input=True, err=True))


@asynccontextmanager
async def _open(settings: ApiSettings, password: str) -> AsyncIterator[Session]:
    async with open_http(settings.api_url) as http:
        exchange, zone = Exchange(http, _TOTAL), settings.api_timezone
        logins = BioTimeLogins(http, settings.api_company or "", _TOTAL)
        known = settings.api_token.get_secret_value() if settings.api_token else None
        let_in = known or await _log_in(logins, settings.api_user or "", password)
        yield Session(let_in, Personnel(exchange), Iclock(exchange, zone), Att(exchange, zone))


async def _log_in(logins: BioTimeLogins, user: str, password: str) -> str:
    """System users have an e-mail address, employees a code and perhaps an address, too."""
    if "@" in user:
        try:
            return await logins.fetch_system_jwt(user, password)
        except WrongCredentials:
            pass
    return await logins.fetch_staff_jwt(user, password)


def _explain(problem: BioTimeError) -> ending.Refused:
    match problem:
        case WrongCredentials():
            return ending.Refused("Company, user or password is wrong.", code=NOT_LET_IN)
        case Unauthorized():
            return ending.Refused("The token is not taken (any more): log in anew.", code=NOT_LET_IN)
        case NotSent(status=403):
            return ending.Refused("This is for system users and administrators only.", code=NOT_LET_IN)
        case NotSent(status=429):
            wait = f" in {problem.retry_after.total_seconds():.0f} s" if problem.retry_after else " later"
            return ending.Refused(f"The server has too much to do: try again{wait}.", code=NOT_LET_IN)
        case NotSent():
            return ending.Refused("The server cannot be reached: see whether HADIR_API_URL is right.", code=UNCLEAR)
        case Refused():
            return ending.Refused(*(problem.reasons or (f"{problem}.",)), code=REFUSED)
    said = f"No clear answer ({problem}): what was to be changed may be changed; look before you do it again."
    return ending.Refused(said, code=UNCLEAR)
