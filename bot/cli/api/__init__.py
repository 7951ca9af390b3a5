"""`hadir api`: the whole client on the command line, against a gateway or a tenant."""

from typing import Annotated

import typer

from bot.cli.api.access import Overrides, token
from bot.cli.api.commands import build_group
from bot.cli.api.kinds import KINDS
from bot.cli.api.reports import reports_app

api_app = typer.Typer(no_args_is_help=True)


@api_app.callback()
def connect(
    ctx: typer.Context,
    url: Annotated[str | None, typer.Option(help="Instead of HADIR_API_URL.")] = None,
    company: Annotated[str | None, typer.Option(help="Instead of HADIR_API_COMPANY.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Instead of HADIR_API_TIMEZONE.")] = None,
    user: Annotated[str | None, typer.Option(help="Instead of HADIR_API_USER.")] = None,
) -> None:
    """Ask a BioTime server, through its web API. Where and who: HADIR_API_ variables, or the options here.

    A password is asked for, or taken from HADIR_API_PASSWORD or the file that HADIR_API_PASSWORD_FILE names.

    Exit codes: 0 done, 2 asked wrongly, 3 not let in, 4 refused by the server, 5 no clear answer.
    """
    given = {"URL": url, "COMPANY": company, "TIMEZONE": timezone, "USER": user}
    ctx.obj = Overrides({f"HADIR_API_{name}": value for name, value in given.items() if value is not None})


api_app.command("token")(token)
for kind in KINDS:
    api_app.add_typer(build_group(kind), name=kind.name)
api_app.add_typer(reports_app, name="reports")


def register(app: typer.Typer) -> None:
    app.add_typer(api_app, name="api")
