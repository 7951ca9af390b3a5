"""`hadir alerts rehearse`: whom the rules would have told of, before they are switched on."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from bot.app import utc_now
from bot.biotime.errors import BioTimeError
from bot.chat import rehearsal_texts
from bot.cli import alert_rules
from bot.cli.ending import Refused as Ended
from bot.cli.ending import err, fail, out
from bot.cli.faults import finish
from bot.cli.inputs import load
from bot.companies import find_served, open_tenants
from bot.config.options import Settings
from bot.i18n import translator_for
from bot.opening import open_database
from bot.papers.rehearsal_figures import build_figures
from bot.papers.rehearsal_sheet import write_rehearsal_sheet
from bot.services.managing import Refused
from bot.services.rehearsing import Changes, Rehearsal, Rehearsing, check_period
from bot.services.service_account import NoServiceAccount, ServiceAccount

MINUTE = timedelta(minutes=1)
# Telegram is not spoken to.
_NO_TELEGRAM = {"HADIR_TELEGRAM_TOKEN": "0:none"}
_T = translator_for("en")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The rules of alerts, and who is left out of them.")
    group.command("rehearse")(rehearse)
    alert_rules.register(group)
    app.add_typer(group, name="alerts")


def rehearse(
    *,
    company: Annotated[str, typer.Option("--company", help="The company's name.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day, 31 days at most.")],
    grace: Annotated[int | None, typer.Option(min=0, max=480, help="Minutes, instead of the company's.")] = None,
    delay: Annotated[int | None, typer.Option(min=0, max=480, help="Minutes, instead of the company's.")] = None,
    incident: Annotated[int | None, typer.Option(min=1, max=100, help="Per cent, instead of the company's.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write it as a picture, too, into this file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the table as a sheet, too, into this file.")] = None,
) -> None:
    """Show whom the rules would have called missing on days that are past, and who was in fact there."""
    changes = Changes(_minutes(grace), _minutes(delay), incident)
    done = finish(_rehearse(load(Settings, _NO_TELEGRAM), company, (first.date(), last.date()), changes))
    if done is None:
        return
    made, zone = done
    if png is not None:
        _draw(made, png)
    if xlsx is not None:
        _write_sheet(made, zone, xlsx)


async def _rehearse(
    settings: Settings, company: str, period: tuple[date, date], changes: Changes
) -> tuple[Rehearsal, ZoneInfo]:
    served = await find_served(settings, company)
    async with open_database(settings) as db, open_tenants(settings, utc_now) as tenants:
        rehearsing = Rehearsing(db, tenants, ServiceAccount(tenants, utc_now), utc_now)
        fault = check_period(*period, rehearsing.today(served))
        if fault is not None:
            raise Ended(rehearsal_texts.describe_period(_T, fault))
        with err.status("Reading BioTime…") as status:

            async def say(done: int, of: int) -> None:
                status.update(f"{done} of {of} days…")

            try:
                made = await rehearsing.rehearse_as_operator(served, *period, say, changes)
            except NoServiceAccount as problem:
                raise Ended("Set HADIR_SERVICE_USER and HADIR_SERVICE_PASSWORD: BioTime is read in their name.") from (
                    problem
                )
            except BioTimeError as problem:
                raise Ended(f"BioTime cannot be read: {problem}", code=5) from problem
        assert not isinstance(made, Refused)
        zone = tenants.zone_of(served)
        _show(made, zone)
        return made, zone


def _show(made: Rehearsal, zone: ZoneInfo) -> None:
    table = Table("day", "told", "emp_code", "name", "shift", "what the records say")
    for entry in made.entries:
        finding = entry.finding
        told = _T.time(finding.told_at, zone) if finding.told_at else "–"
        table.add_row(
            _T.day(finding.shift.workdate),
            f"{told} (incident)" if finding.incident else told,
            *map(
                escape,
                (
                    finding.shift.emp_code,
                    entry.name,
                    rehearsal_texts.describe_shift(_T, entry),
                    rehearsal_texts.describe_verdict(_T, finding, zone),
                ),
            ),
        )
    if made.entries:
        out.print(table)
    out.print(rehearsal_texts.describe_sums(_T, made), markup=False, highlight=False, soft_wrap=True)


def _draw(made: Rehearsal, file: Path) -> None:
    # What it is drawn with takes its time to be imported.
    from bot.papers.rehearsal import draw_rehearsal  # noqa: PLC0415

    _keep("--png", file, draw_rehearsal(build_figures(made, _T.language, dark=False)))
    out.print(f"The picture: {file}", markup=False, highlight=False, soft_wrap=True)


def _write_sheet(made: Rehearsal, zone: ZoneInfo, file: Path) -> None:
    today = utc_now().astimezone(zone).date()
    _keep("--xlsx", file, write_rehearsal_sheet(rehearsal_texts.build_table(_T, made, zone, today)))
    out.print(f"The sheet: {file}", markup=False, highlight=False, soft_wrap=True)


def _keep(option: str, file: Path, made: bytes) -> None:
    try:
        file.write_bytes(made)
    except OSError as problem:
        fail(f"{option}: {file} cannot be written: {problem.strerror}")


def _minutes(given: int | None) -> timedelta | None:
    return None if given is None else given * MINUTE
