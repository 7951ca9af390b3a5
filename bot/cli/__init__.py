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
    "alerts": "alerts",
    "areas": "areas",
    "company": "company",
    "managers": "managers",
    "receipts": "receipts",
}


def build_app(asked: str = "") -> typer.Typer:
    """With the command that is asked for, or with all: to import what the others need takes seconds."""
    app = typer.Typer(no_args_is_help=True, add_completion=False)
    # A command that is the only one keeps its name where there is a callback.
    app.callback(help="Clock in and out of BioTime from Telegram.")(lambda: None)
    for module in dict.fromkeys([MODULES[asked]] if asked in MODULES else MODULES.values()):
        import_module(f"bot.cli.{module}").register(app)
    return app


def main() -> None:
    # python-telegram-bot gives durations as timedelta only when asked to, and warns until then.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    # The databases hold people's places and punches: files made here are their owner's alone.
    os.umask(0o077)
    build_app(*sys.argv[1:2])()
