"""`hadir alerts exclusions`, `exclude`, `include` and `settings`: the company's rules of alerts, for whoever runs the
installation.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from bot.app import utc_now
from bot.cli.ending import Refused as Ended
from bot.cli.ending import out
from bot.cli.faults import finish
from bot.cli.inputs import load
from bot.companies import find_served
from bot.config.options import StorageSettings
from bot.database import Database
from bot.opening import open_database
from bot.services.excluding import Excluding, LeftOut
from bot.services.managing import Managing, Refusal, Refused
from bot.services.settling import Settling
from bot.store.manager_settings import AlertSettings

Company = Annotated[str, typer.Option("--company", help="The company's name.")]
Who = Annotated[str, typer.Argument(help="Whose employee code.")]
Department = Annotated[str, typer.Option(help="A department with its sub-departments; its name or number.")]
MINUTE = timedelta(minutes=1)
_REFUSALS = {
    Refusal.UNKNOWN_PERSON: "Nobody has that employee code. The bot knows people once it has looked at BioTime.",
    Refusal.UNKNOWN_PLACE: "There is no department of that name, or more than one: give its number.",
    Refusal.LEFT_OUT_ALREADY: "They are left out already.",
    Refusal.NOT_THERE: "They are not left out: `hadir alerts exclusions` shows who is.",
}


def register(group: typer.Typer) -> None:
    group.command("exclusions")(list_exclusions)
    group.command("exclude")(exclude)
    group.command("include")(include)
    group.command("settings")(change_settings)


def list_exclusions(company: Company) -> None:
    """Show who is left out of alerts."""
    finish(_list(load(StorageSettings), company))


def exclude(company: Company, emp_code: Who = "", department: Department = "") -> None:
    """Leave a person or a department out of alerts: nobody is told when they are missing, and nobody asks them."""
    finish(_change(load(StorageSettings), company, _one_of(emp_code, department), out_of_alerts=True))


def include(company: Company, emp_code: Who = "", department: Department = "") -> None:
    """Take a person or a department back into alerts."""
    finish(_change(load(StorageSettings), company, _one_of(emp_code, department), out_of_alerts=False))


def change_settings(
    *,
    company: Company,
    enabled: Annotated[bool | None, typer.Option("--on/--off", help="Whether managers are told at all.")] = None,
    grace: Annotated[int | None, typer.Option(min=0, max=480, help="Minutes after the start nobody is late.")] = None,
    delay: Annotated[int | None, typer.Option(min=0, max=480, help="Minutes after that managers are told.")] = None,
    nudge: Annotated[int | None, typer.Option(min=0, max=480, help="Minutes before that the person is asked.")] = None,
    incident: Annotated[int | None, typer.Option(min=1, max=100, help="Per cent missing: one incident.")] = None,
) -> None:
    """Show the company's rules of alerts, and change those that are given."""
    given: dict[str, Any] = {
        "enabled": enabled,
        "grace": _minutes(grace),
        "delay": _minutes(delay),
        "nudge": _minutes(nudge),
        "incident_percent": incident,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    finish(_settle(load(StorageSettings), company, changes))


@asynccontextmanager
async def _opened(settings: StorageSettings, company: str) -> AsyncIterator[tuple[Database, str]]:
    served = await find_served(settings, company)
    async with open_database(settings) as db:
        yield db, served


async def _list(settings: StorageSettings, company: str) -> None:
    async with _opened(settings, company) as (db, served):
        left_out = await Excluding(db, utc_now).load_all(served)
    table = Table("what", "emp_code or number", "name")
    for one in left_out:
        table.add_row("person" if one.emp_code else "department", one.emp_code or str(one.department_id), one.name)
    out.print(table if left_out else "Nobody is left out.")


async def _change(settings: StorageSettings, company: str, who: tuple[str, str], *, out_of_alerts: bool) -> None:
    async with _opened(settings, company) as (db, served):
        excluding = Excluding(db, utc_now)
        change = excluding.leave_out_as_operator if out_of_alerts else excluding.take_in_as_operator
        done = await change(served, *who)
    if isinstance(done, Refused):
        raise Ended(_REFUSALS.get(done.reason, str(done.reason)))
    said = "is left out of alerts from now on" if out_of_alerts else "is told of again"
    out.print(f"{_name(done)} {said}.", markup=False, highlight=False)


async def _settle(settings: StorageSettings, company: str, changes: dict[str, Any]) -> None:
    async with _opened(settings, company) as (db, served):
        settling = Settling(db, Managing(db, utc_now), utc_now)
        if changes:
            rules = await settling.change_rules_as_operator(served, lambda before: replace(before, **changes))
        else:
            rules = await settling.load_rules_as_operator(served)
    _show(rules)


def _show(rules: AlertSettings) -> None:
    table = Table("rule", "value")
    table.add_row("alerts", "on" if rules.enabled else "off")
    for name in ("grace", "delay", "nudge"):
        table.add_row(name, f"{getattr(rules, name) // MINUTE} min")
    table.add_row("incident", f"{rules.incident_percent}%")
    table.add_row("left out", str(len(rules.excluded) + len(rules.excluded_departments)))
    out.print(table)


def _name(who: LeftOut) -> str:
    if who.emp_code:
        return f"{who.name} ({who.emp_code})" if who.name else who.emp_code
    return f"The department {who.name or who.department_id}"


def _one_of(emp_code: str, department: str) -> tuple[str, str]:
    if bool(emp_code) == bool(department):
        raise typer.BadParameter("give one of EMP_CODE and --department")
    return emp_code, department


def _minutes(given: int | None) -> timedelta | None:
    return None if given is None else given * MINUTE
