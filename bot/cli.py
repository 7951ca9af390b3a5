"""The commands, one function each."""

import asyncio
import csv
import json
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

import httpx
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bot import demo as demonstration
from bot.app import (
    AlreadyRunning,
    Hadir,
    NoCompany,
    WrongToken,
    gateway_settings,
    insist,
    open_database,
    open_gateway_records,
    open_hadir,
    utc_now,
)
from bot.attendance.geojson import BadAreas
from bot.checks import run_checks
from bot.config.loading import BadSettings, load_part
from bot.config.options import ServerSettings, Settings, StorageSettings
from bot.gateway.access.passwords import Passwords
from bot.gateway.app import build_gateway
from bot.gateway.records.companies import company_label
from bot.gateway.sample import build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.gateway.staff import ImportRefused, import_company
from bot.redaction import configure_logging
from bot.services.areas import Areas
from bot.store.cipher import new_secret_key
from bot.web.entrance import WEBHOOK_PATH, build_entrance
from bot.web.serving import serving

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Clock in and out of BioTime from Telegram.")
areas_app = typer.Typer(no_args_is_help=True, help="The geofences of a company.")
company_app = typer.Typer(no_args_is_help=True, help="Companies of the embedded gateway.")
app.add_typer(areas_app, name="areas")
app.add_typer(company_app, name="company")

Kind = TypeVar("Kind", bound=StorageSettings)

out = Console()
err = Console(stderr=True)


def main() -> None:
    # python-telegram-bot gives durations as timedelta only when asked to, and warns until then.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    # The databases hold people's places and punches: files made here are their owner's alone.
    os.umask(0o077)
    app()


@app.command()
def run() -> None:
    """Run the bot, configured by HADIR_ variables (see README)."""
    settings = _load(Settings)
    _finish(_run(settings))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the main job and exit; not 0 when a step fails.")] = False,
    port: Annotated[int, typer.Option(help="The playground's port; 0 takes a free one.")] = 0,
    credentials: Annotated[Path | None, typer.Option(help="Write the accounts of the sample company here.")] = None,
) -> None:
    """Play the main job on embedded parts, and leave the playground open."""
    configure_logging("console", "error")
    _finish(_demo(once, port, credentials))


@app.command()
def check() -> None:
    """Try the token, BioTime, the database and the languages; say what to do."""
    settings = _load(Settings)
    configure_logging("console", "critical", _secrets(settings))
    raise typer.Exit(0 if asyncio.run(run_checks(settings, out)) else 1)


@app.command()
def gateway(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    sample: Annotated[bool, typer.Option("--demo", help="With the sample company.")] = False,
    credentials: Annotated[Path | None, typer.Option(help="Write the sample company's accounts here.")] = None,
) -> None:
    """Serve the BioTimeCloud API alone, over its own database."""
    if credentials is not None and not sample:
        _fail("--credentials writes the sample company's accounts: add --demo.")
    # With the sample company it runs from nothing at all; its passwords and key are new each time.
    made_up = {"HADIR_SECRET_KEY": new_secret_key(), "HADIR_GATEWAY_DATABASE_URL": "sqlite:///gateway-demo.db"}
    settings = _load(ServerSettings, **made_up) if sample else _load(ServerSettings)
    configure_logging(settings.log_format, settings.log_level, _secrets(settings))
    _finish(_gateway(settings, host, port, sample, credentials))


@app.command()
def key() -> None:
    """Print a new secret key for HADIR_SECRET_KEY."""
    typer.echo(new_secret_key())


@app.command()
def health() -> None:
    """Ask the running bot whether it is well (for a container's health check)."""
    address = _load(StorageSettings).listen
    host = "127.0.0.1" if address.host in ("0.0.0.0", "::") else address.host  # noqa: S104 - compared, not bound
    try:
        answer = httpx.get(f"http://{host}:{address.port}/health", timeout=5, trust_env=False)
    except httpx.HTTPError as problem:
        _fail(f"nothing answers at {address}: {type(problem).__name__}")
    typer.echo(answer.text.strip())
    raise typer.Exit(0 if answer.status_code == 200 else 1)


@areas_app.command("import")
def import_areas(
    file: Annotated[Path, typer.Argument(help="A GeoJSON FeatureCollection: circles by `radius`, polygons.")],
    company: Annotated[str, typer.Option(help="Whose areas, as in HADIR_COMPANY.")],
) -> None:
    """Replace a company's geofences. Features are keyed by area `code` or `name`, as BioTime has them."""
    _finish(_import_areas(_load(StorageSettings), company, _read(file)))


@company_app.command("init")
def init_company(
    file: Annotated[Path, typer.Argument(help="CSV: emp_code, first_name, last_name, email, department, position …")],
    company: Annotated[str, typer.Option(help="Its name; made if it is not there yet.")],
    timezone: Annotated[str, typer.Option(help="Its IANA time zone, for instance Asia/Dubai.")],
    credentials: Annotated[Path | None, typer.Option(help="Write the people and their passwords here (JSON).")] = None,
) -> None:
    """Fill a company of the embedded gateway from a CSV: all of it or, with a wrong row, nothing."""
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        _fail(f"{timezone!r} is no time zone; a name looks like Asia/Dubai.")
    if not company_label(company):
        _fail("A company's name needs a letter or a digit.")
    rows = list(csv.DictReader(_read(file).splitlines()))
    _finish(_init_company(_load(StorageSettings), company, zone, rows, credentials))


# -- running -----------------------------------------------------------------------------------------------------------


async def _run(settings: Settings) -> None:
    configure_logging(settings.log_format, settings.log_level, _secrets(settings))
    async with open_hadir(settings) as hadir:
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
        entrance = build_entrance(hadir.intake.accept, hadir.is_healthy, hadir.count, secret)
        host, port = settings.listen.host, settings.listen.port
        async with serving(entrance, host, port):
            if settings.webhook_url:
                await insist(lambda: _set_webhook(hadir, settings))
                await _interrupted()
                return
            await insist(hadir.application.bot.delete_webhook)
            polling = asyncio.create_task(hadir.poll())
            await _interrupted()
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


async def _set_webhook(hadir: Hadir, settings: Settings) -> None:
    assert settings.webhook_secret is not None
    await hadir.application.bot.set_webhook(
        f"{settings.webhook_url}{WEBHOOK_PATH}",
        secret_token=settings.webhook_secret.get_secret_value(),
        allowed_updates=["message", "edited_message", "callback_query"],
        max_connections=100,
    )


async def _demo(once: bool, port: int, credentials: Path | None) -> None:
    async with demonstration.open_demo(port) as playing:
        if credentials is not None:
            _write_secret(credentials, playing.credentials.model_dump_json(indent=2))
        await demonstration.play(playing, out)
        if once:
            return
        demonstration.show_accounts(playing, out)
        typer.echo(f"\nThe playground is open (Ctrl-C ends it): {playing.address}")
        await _interrupted()


async def _gateway(settings: ServerSettings, host: str, port: int, sample: bool, credentials: Path | None) -> None:
    async with open_gateway_records(settings) as records:
        own = gateway_settings(settings)
        async with serving(build_gateway(records, own, utc_now), host, port) as address:
            if sample:
                await _write_sample(records, own, address, credentials)
            typer.echo(f"The BioTimeCloud API is served at {address}")
            await _interrupted()


async def _write_sample(records: Any, own: GatewaySettings, address: str, credentials: Path | None) -> None:
    made = await build_sample(records, own, utc_now(), address)
    if credentials is not None:
        _write_secret(credentials, made.model_dump_json(indent=2))
        return
    typer.echo(made.model_dump_json(indent=2))


async def _import_areas(settings: StorageSettings, company: str, document: str) -> None:
    async with open_database(settings) as db:
        try:
            areas = await Areas(db, utc_now).replace(company, document)
        except BadAreas as problem:
            _fail(*problem.problems)
    for area in areas:
        kind = "refused outside" if area.enforce else "marked outside"
        out.print(f"{area.title}: {len(area.fences)} fence(s), punches are {kind}")


async def _init_company(
    settings: StorageSettings,
    company: str,
    zone: ZoneInfo,
    rows: list[dict[str, str | None]],
    credentials: Path | None,
) -> None:
    async with open_gateway_records(settings) as records:
        try:
            passwords = Passwords(PasswordCost(), 2)
            people = await import_company(records, passwords, company, zone, rows, now=utc_now())
        except ImportRefused as problem:
            _fail(*(str(error) for error in problem.errors), "Nothing was imported.")
    if credentials is not None:
        known = [{"emp_code": p.emp_code, "name": p.first_name, "password": p.password} for p in people]
        _write_secret(credentials, json.dumps(known, indent=2, ensure_ascii=False))
    table = Table("emp_code", "name", "password")
    for person in people:
        table.add_row(person.emp_code, person.first_name, "in the file" if credentials else person.password)
    out.print(table)


# -- settings ----------------------------------------------------------------------------------------------------------


def _load(kind: type[Kind], **defaults: str) -> Kind:
    """From the environment; `defaults` fill in what it does not say."""
    given = {name.removesuffix("_FILE") for name in os.environ}
    try:
        return load_part(kind, {n: v for n, v in defaults.items() if n not in given} | dict(os.environ))
    except BadSettings as problem:
        _fail(*problem.problems)


def _secrets(settings: ServerSettings) -> tuple[str, ...]:
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        _fail(f"{file} cannot be read: {problem}")


def _write_secret(file: Path, text: str) -> None:
    """For its owner's eyes: it holds passwords."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text + "\n")


def _finish(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        return
    except demonstration.DemoFailed as problem:
        _fail(f"The demo failed at: {problem}")
    except AlreadyRunning as problem:
        _fail(f"Another process has {problem} open: end it first, or use PostgreSQL for several.")
    except NoCompany:
        _fail("There is no company yet: name one in HADIR_COMPANY, or fill one with `hadir company init`.")
    except WrongToken:
        _fail("Telegram does not know HADIR_TELEGRAM_TOKEN: copy it again from @BotFather.")
    except OSError as problem:
        _fail(f"{problem}")


async def _interrupted() -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        err.print(problem, style="red", markup=False, highlight=False)
    sys.exit(2)
