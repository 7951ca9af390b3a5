"""`hadir managers`: who manages whom, for whoever runs the installation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.table import Table

from bot.app import utc_now
from bot.cli.ending import Refused as Ended
from bot.cli.ending import out
from bot.cli.faults import finish
from bot.cli.inputs import load
from bot.companies import find_served
from bot.config.options import StorageSettings
from bot.opening import open_database
from bot.services.appointing import Appointing
from bot.services.managing import Managing, Refusal, Refused
from bot.store.managers import Scope

Company = Annotated[str, typer.Option("--company", help="The company's name.")]
_REFUSALS = {
    Refusal.UNKNOWN_PERSON: "Nobody has that employee code. The bot knows people once it has looked at BioTime.",
    Refusal.UNKNOWN_PLACE: "There is no department or area of that name, or more than one: give its number.",
    Refusal.THERE_ALREADY: "They manage exactly that already.",
    Refusal.NOT_THERE: "There is no such line: `hadir managers list` shows their numbers.",
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Who manages whom, and whom nobody does.")
    group.command("list")(list_managers)
    group.command("add")(add_manager)
    group.command("remove")(remove_manager)
    group.command("gaps")(show_gaps)
    app.add_typer(group, name="managers")


def list_managers(company: Company) -> None:
    """Show who manages whom, each with the number that `remove` takes."""
    finish(_list(load(StorageSettings), company))


def add_manager(
    emp_code: Annotated[str, typer.Argument(help="Whose employee code.")],
    company: Company,
    department: Annotated[str, typer.Option(help="With its sub-departments; its name or number.")] = "",
    area: Annotated[str, typer.Option(help="Its name or number.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Everybody in the company.")] = False,
) -> None:
    """Make somebody the manager of a department, of an area, or of all."""
    finish(_add(load(StorageSettings), company, emp_code, _read_scope(department, area, everybody=everybody)))


def remove_manager(
    number: Annotated[int, typer.Argument(help="Its number, as `list` shows it.")], company: Company
) -> None:
    """Take one line away."""
    finish(_remove(load(StorageSettings), company, number))


def show_gaps(company: Company) -> None:
    """Show whom nobody manages; ends with 1 where there is anybody."""
    finish(_show_gaps(load(StorageSettings), company))


@asynccontextmanager
async def _opened(settings: StorageSettings, company: str) -> AsyncIterator[tuple[Appointing, str]]:
    served = await find_served(settings, company)
    async with open_database(settings) as db:
        yield Appointing(db, Managing(db, utc_now), utc_now), served


async def _list(settings: StorageSettings, company: str) -> None:
    async with _opened(settings, company) as (appointing, served):
        charges = await appointing.list_all(served)
    table = Table("number", "emp_code", "name", "manages", "told after")
    for charge in charges:
        manager = charge.manager
        what = "everybody" if manager.scope is Scope.ALL else f"{manager.scope} {manager.scope_name}"
        minutes = int(manager.delay.total_seconds() // 60)
        table.add_row(str(manager.id), manager.emp_code, charge.name, what, f"{minutes} min")
    out.print(table if charges else "Nobody is a manager yet.")


async def _add(settings: StorageSettings, company: str, emp_code: str, scope: tuple[Scope, str]) -> None:
    async with _opened(settings, company) as (appointing, served):
        added = await appointing.add_as_operator(served, emp_code, *scope)
    if isinstance(added, Refused):
        raise Ended(_REFUSALS.get(added.reason, str(added.reason)))
    what = added.scope_name or "everybody"
    out.print(f"{emp_code} manages {what} from now on.", markup=False, highlight=False)


async def _remove(settings: StorageSettings, company: str, number: int) -> None:
    async with _opened(settings, company) as (appointing, served):
        gone = await appointing.drop_as_operator(served, number)
    if isinstance(gone, Refused):
        raise Ended(_REFUSALS.get(gone.reason, str(gone.reason)))
    what = gone.manager.scope_name or "everybody"
    out.print(f"{gone.name} no longer manages {what}.", markup=False, highlight=False)


async def _show_gaps(settings: StorageSettings, company: str) -> None:
    async with _opened(settings, company) as (appointing, served):
        people = await appointing.find_gaps(served)
    if not people:
        out.print("Everybody has a manager.")
        return
    table = Table("emp_code", "name")
    for person in people:
        table.add_row(person.emp_code, person.name)
    out.print(table)
    number = "1 person" if len(people) == 1 else f"{len(people)} people"
    raise Ended(f"Nobody manages {number}: see `hadir managers add`.", code=1)


def _read_scope(department: str, area: str, *, everybody: bool) -> tuple[Scope, str]:
    given = [(Scope.DEPARTMENT, department), (Scope.AREA, area), (Scope.ALL, "all" if everybody else "")]
    chosen = [one for one in given if one[1]]
    if len(chosen) != 1:
        raise typer.BadParameter("give one of --department, --area and --all")
    return chosen[0]
