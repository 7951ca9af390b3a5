"""`hadir areas import`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app import utc_now
from bot.attendance.geojson import BadAreas
from bot.cli.ending import Refused, out
from bot.cli.faults import finish
from bot.cli.inputs import load, read_text
from bot.companies import find_served
from bot.config.options import StorageSettings
from bot.opening import open_database
from bot.services.areas import Areas


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="The geofences of a company.")
    group.command("import")(import_areas)
    app.add_typer(group, name="areas")


def import_areas(
    file: Annotated[Path, typer.Argument(help="A GeoJSON FeatureCollection: circles by `radius`, polygons.")],
    company: Annotated[str, typer.Option(help="Whose areas: one in HADIR_COMPANY, or in the embedded gateway.")],
) -> None:
    """Replace a company's geofences. Features are keyed by area `code` or `name`, as BioTime has them."""
    finish(_import_areas(load(StorageSettings), company, read_text(file)))


async def _import_areas(settings: StorageSettings, company: str, document: str) -> None:
    served = await find_served(settings, company)
    async with open_database(settings) as db:
        try:
            areas = await Areas(db, utc_now).replace(served, document)
        except BadAreas as problem:
            raise Refused(*problem.problems) from problem
    for area in areas:
        kind = "refused outside" if area.enforce else "marked outside"
        out.print(f"{area.title}: {len(area.fences)} fence(s), punches are {kind}")
