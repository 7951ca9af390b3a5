"""`hadir gateway`, and `hadir company init` that fills it."""

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.app import utc_now
from bot.cli.ending import Refused, fail, finish, out
from bot.cli.inputs import check_credentials, load, read_text, secrets_of, write_secret
from bot.config.options import ServerSettings, StorageSettings
from bot.gateway.access.passwords import Passwords
from bot.gateway.app import build_gateway
from bot.gateway.records.companies import company_label
from bot.gateway.sample import build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.gateway.staff import Imported, import_company
from bot.gateway.staff_table import REQUIRED_COLUMNS, ImportRefused
from bot.opening import gateway_settings, open_gateway_records, open_port
from bot.redaction import configure_logging
from bot.store.cipher import new_secret_key
from bot.web.serving import serving_on

Rows = list[dict[str, str | None]]


def gateway(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    sample: Annotated[bool, typer.Option("--demo", help="With the sample company.")] = False,
    credentials: Annotated[Path | None, typer.Option(help="Write the sample company's accounts here.")] = None,
) -> None:
    """Serve the BioTimeCloud API alone, over its own database."""
    if credentials is not None and not sample:
        fail("--credentials writes the sample company's accounts: add --demo.")
    check_credentials(credentials)
    # With the sample company it runs from nothing at all; its passwords and key are new each time.
    made_up = {"HADIR_SECRET_KEY": new_secret_key(), "HADIR_GATEWAY_DATABASE_URL": "sqlite:///gateway-demo.db"}
    settings = load(ServerSettings, **made_up) if sample else load(ServerSettings)
    configure_logging(settings.log_format, settings.log_level, secrets_of(settings))
    finish(_gateway(settings, host, port, sample, credentials))


async def _gateway(settings: ServerSettings, host: str, port: int, sample: bool, credentials: Path | None) -> None:
    with open_port("--host, --port", host, port) as listening:
        async with open_gateway_records(settings) as records:
            own = gateway_settings(settings)
            async with serving_on(listening, build_gateway(records, own, utc_now)) as address:
                if sample:
                    await _write_sample(records, own, address, credentials)
                typer.echo(f"The BioTimeCloud API is served at {address}")
                await asyncio.Event().wait()


async def _write_sample(records: Any, own: GatewaySettings, address: str, credentials: Path | None) -> None:
    made = await build_sample(records, own, utc_now(), address, lively=True)
    if credentials is not None:
        write_secret(credentials, made.model_dump_json(indent=2))
        return
    typer.echo(made.model_dump_json(indent=2))


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
        fail(f"{timezone!r} is no time zone; a name looks like Asia/Dubai.")
    if not company_label(company):
        fail("A company's name needs a letter or a digit.")
    check_credentials(credentials)
    finish(_init_company(load(StorageSettings), company, zone, _read_rows(file), credentials))


def _read_rows(file: Path) -> Rows:
    try:
        rows = list(csv.DictReader(read_text(file).splitlines()))
    except csv.Error as problem:
        fail(f"{file} is no CSV: {problem}")
    if not rows:
        columns = ", ".join(REQUIRED_COLUMNS)
        fail(f"{file} names nobody: below a line with the columns ({columns} …) each line is a person.")
    return rows


async def _init_company(
    settings: StorageSettings, company: str, zone: ZoneInfo, rows: Rows, credentials: Path | None
) -> None:
    async with open_gateway_records(settings) as records:
        try:
            people = await import_company(records, Passwords(PasswordCost(), 2), company, zone, rows, now=utc_now())
        except ImportRefused as problem:
            raise Refused(*map(str, problem.errors), "Nothing was imported.") from problem
    if credentials is not None:
        known = [{"emp_code": p.emp_code, "name": p.first_name, "password": p.password} for p in people]
        write_secret(credentials, json.dumps(known, indent=2, ensure_ascii=False))
    out.print(_tabulate(people, hidden=credentials is not None))


def _tabulate(people: Sequence[Imported], *, hidden: bool) -> Table:
    table = Table("emp_code", "name", "password")
    for person in people:
        table.add_row(person.emp_code, person.first_name, "in the file" if hidden else person.password)
    return table
