"""`hadir company`: the companies of the embedded gateway, and their people in and out of tables."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.app import utc_now
from bot.cli.ending import Refused, err, fail, out
from bot.cli.faults import finish
from bot.cli.inputs import check_credentials, load, write_secret
from bot.cli.sheets import Rows, check_kind, read_table, write_table
from bot.companies import UnknownCompany
from bot.config.options import StorageSettings
from bot.database import Database
from bot.gateway.access.passwords import Passwords, random_password
from bot.gateway.records.companies import (
    Company,
    add_company,
    add_system_user,
    company_label,
    find_company,
    load_companies,
)
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.people import EMAIL
from bot.gateway.settings import PasswordCost
from bot.gateway.staff import Imported, import_company, import_people, load_staff, try_people
from bot.gateway.staff_table import EXPORTED_COLUMNS, REQUIRED_COLUMNS, ImportRefused
from bot.opening import open_gateway_records

PeopleFile = Annotated[
    Path, typer.Argument(help="CSV or XLSX: emp_code, first_name, department, area; last_name, email, position …")
]
Name = Annotated[str, typer.Option("--company", help="The company's name.")]
Timezone = Annotated[str, typer.Option(help="Its IANA time zone, for instance Asia/Dubai.")]
Credentials = Annotated[Path | None, typer.Option(help="Write the accounts and their passwords here (JSON).")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Companies of the embedded gateway.")
    group.command("init")(init_company)
    group.command("create")(create_company)
    group.command("import")(import_into)
    group.command("export")(export_people)
    app.add_typer(group, name="company")


def init_company(
    file: PeopleFile,
    company: Annotated[str, typer.Option(help="Its name; made if it is not there yet.")],
    timezone: Timezone,
    credentials: Credentials = None,
) -> None:
    """Fill a company of the embedded gateway from a table: all of it or, with a wrong row, nothing."""
    zone = _check_company(company, timezone)
    check_credentials(credentials)
    finish(_init(load(StorageSettings), company, zone, _read_people(file), credentials))


async def _init(settings: StorageSettings, company: str, zone: ZoneInfo, rows: Rows, credentials: Path | None) -> None:
    async with open_gateway_records(settings) as records:
        try:
            people = await import_company(records, _passwords(), company, zone, rows, now=utc_now())
        except ImportRefused as problem:
            raise _refusal(problem) from problem
    _report(people, credentials)


def create_company(
    name: Annotated[str, typer.Argument(help="Its name.")],
    timezone: Timezone,
    administrator: Annotated[str, typer.Option(help="E-mail address of its system user, who may call the whole API.")],
    dialect: Annotated[Dialect, typer.Option(help="Which BioTime its clients see.")] = Dialect.CLOUD,
    credentials: Credentials = None,
) -> None:
    """Make an empty company in the embedded gateway, and its system user."""
    zone = _check_company(name, timezone)
    if not EMAIL.fullmatch(administrator):
        fail(f"{administrator!r} is no e-mail address.")
    check_credentials(credentials)
    finish(_create(load(StorageSettings), _NewCompany(name, zone, administrator, dialect), credentials))


@dataclass(frozen=True, slots=True)
class _NewCompany:
    name: str
    zone: ZoneInfo
    administrator: str
    dialect: Dialect


async def _create(settings: StorageSettings, new: _NewCompany, credentials: Path | None) -> None:
    password = random_password()
    hashed = _passwords().hash(password)

    def add(conn: Connection) -> None:
        company = add_company(conn, new.name, new.zone, utc_now(), new.dialect)
        add_system_user(conn, company.id, new.administrator, hashed)

    async with open_gateway_records(settings) as records:
        try:
            await records.write(add)
        except IntegrityError as problem:
            raise Refused(f"There is a company {company_label(new.name)!r} already: choose another name.") from problem
    account = {"company": new.name, "username": new.administrator, "password": password}
    if credentials is not None:
        write_secret(credentials, json.dumps(account, indent=2, ensure_ascii=False))
    shown = "is in the file" if credentials else password
    out.print(f"{new.name} is made. {new.administrator} logs in; the password: {shown}", markup=False, highlight=False)


def import_into(
    file: PeopleFile,
    company: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and keep nothing.")] = False,
    credentials: Credentials = None,
) -> None:
    """Take people into a company: all of them or, with a wrong row, nobody."""
    check_credentials(credentials)
    finish(_import(load(StorageSettings), company, _read_people(file), credentials, dry_run=dry_run))


async def _import(
    settings: StorageSettings, named: str, rows: Rows, credentials: Path | None, *, dry_run: bool
) -> None:
    async with open_gateway_records(settings) as records:
        company = await _find(records, named)
        try:
            if dry_run:
                people = await try_people(records, company.id, rows, utc_now())
            else:
                people = await _import_with_progress(records, company, rows)
        except ImportRefused as problem:
            raise _refusal(problem) from problem
    if dry_run:
        out.print(_tabulate(people, ""))
        out.print(f"{len(people)} would come in. Nothing was imported: this was a dry run.")
        return
    _report(people, credentials)


async def _import_with_progress(records: Database, company: Company, rows: Rows) -> Sequence[Imported]:
    columns = TextColumn("Hashing passwords"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=err, transient=True) if err.is_terminal else nullcontext() as progress:
        task = progress.add_task("", total=len(rows)) if progress else None

        def advance() -> None:
            if progress and task is not None:
                progress.advance(task)

        return await import_people(records, _passwords(), company.id, rows, utc_now(), hashed=advance)


def export_people(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX, by the end of its name.")],
    company: Name,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write everybody a company employs into a table that an import takes; passwords are not known."""
    check_kind(file)
    if file.exists() and not force:
        fail(f"{file} is there already: name another file, or add --force.")
    finish(_export(load(StorageSettings), company, file))


async def _export(settings: StorageSettings, named: str, file: Path) -> None:
    async with open_gateway_records(settings) as records:
        company = await _find(records, named)
        people = await records.read(lambda conn: load_staff(conn, company.id))
    write_table(file, EXPORTED_COLUMNS, people)
    out.print(f"{len(people)} people are in {file}.", markup=False, highlight=False)


# -- shared ------------------------------------------------------------------------------------------------------------


def _check_company(name: str, timezone: str) -> ZoneInfo:
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        fail(f"{timezone!r} is no time zone; a name looks like Asia/Dubai.")
    if not company_label(name):
        fail("A company's name needs a letter or a digit.")
    return zone


def _read_people(file: Path) -> Rows:
    rows = read_table(file)
    if not rows:
        columns = ", ".join(REQUIRED_COLUMNS)
        fail(f"{file} names nobody: below a line with the columns ({columns} …) each line is a person.")
    return rows


def _passwords() -> Passwords:
    return Passwords(PasswordCost(), 2)


async def _find(records: Database, named: str) -> Company:
    found = await records.read(lambda conn: find_company(conn, named))
    if found is None:
        names = [company.name for company in await records.read(load_companies)]
        there = f"There is: {', '.join(names)}." if names else "Make one with `hadir company create`."
        raise UnknownCompany(f"There is no company {named!r}. {there}")
    return found


def _refusal(problem: ImportRefused) -> Refused:
    return Refused(*map(str, problem.errors), "Nothing was imported.")


def _report(people: Sequence[Imported], credentials: Path | None) -> None:
    if credentials is not None:
        known = [{"emp_code": p.emp_code, "name": p.first_name, "password": p.password} for p in people]
        write_secret(credentials, json.dumps(known, indent=2, ensure_ascii=False))
    out.print(_tabulate(people, "in the file" if credentials else None))


def _tabulate(people: Sequence[Imported], instead: str | None) -> Table:
    """`instead` of passwords, None shows them."""
    table = Table("line", "emp_code", "name", "", "password")
    for person in people:
        what = "comes back" if person.returned else "new"
        shown = person.password if instead is None else instead
        table.add_row(str(person.line), person.emp_code, person.first_name, what, shown)
    return table
