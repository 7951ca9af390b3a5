"""The commands by their names, each in its module."""

import os
import sys
from importlib import import_module

import typer

MODULES = {
    "run": "bot",
    "demo": "demo",
    "check": "bot",
    "gateway": "gateway",
    "key": "key",
    "health": "health",
    "api": "api",
    "areas": "areas",
    "company": "company",
    "managers": "managers",
}


def build_app(asked: str = "") -> typer.Typer:
    """With the command that is asked for, or with all: to import what the others need takes seconds."""
    app = typer.Typer(no_args_is_help=True, add_completion=False)
    # A command that is the only one keeps its name where there is a callback.
    app.callback(help="Clock in and out of BioTime from Telegram.")(lambda: None)
    for module in dict.fromkeys([MODULES[asked]] if asked in MODULES else MODULES.values()):
        import_module(f"bot.cli.{module}").register(app)
    return app


from bot.cli.api import api_app
from bot.cli.areas import import_areas
from bot.cli.bot import check, health, run
from bot.cli.company import create_company, export_people, import_into, init_company
from bot.cli.demo import demo
from bot.cli.gateway import gateway
from bot.cli.managers import add_manager, list_managers, remove_manager, show_gaps
from bot.cli.receipts import verify_receipts
from bot.store.cipher import new_secret_key

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Clock in and out of BioTime from Telegram.")
areas_app = typer.Typer(no_args_is_help=True, help="The geofences of a company.")
receipts_app = typer.Typer(no_args_is_help=True, help="The signed receipts of punches.")
company_app = typer.Typer(no_args_is_help=True, help="Companies of the embedded gateway.")
managers_app = typer.Typer(no_args_is_help=True, help="Who manages whom, and whom nobody does.")


def key() -> None:
    """Print a new secret key for HADIR_SECRET_KEY."""
    typer.echo(new_secret_key())


for command in (run, demo, check, gateway, key, health):
    app.command()(command)
areas_app.command("import")(import_areas)
receipts_app.command("verify")(verify_receipts)
for name, company_command in (
    ("init", init_company),
    ("create", create_company),
    ("import", import_into),
    ("export", export_people),
):
    company_app.command(name)(company_command)
for name, managers_command in (
    ("list", list_managers),
    ("add", add_manager),
    ("remove", remove_manager),
    ("gaps", show_gaps),
):
    managers_app.command(name)(managers_command)
app.add_typer(api_app, name="api")
app.add_typer(areas_app, name="areas")
app.add_typer(company_app, name="company")
app.add_typer(managers_app, name="managers")
app.add_typer(receipts_app, name="receipts")


def main() -> None:
    # python-telegram-bot gives durations as timedelta only when asked to, and warns until then.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    # The databases hold people's places and punches: files made here are their owner's alone.
    os.umask(0o077)
    build_app(*sys.argv[1:2])()
