"""`hadir key`."""

import typer

from bot.store.cipher import new_secret_key


def register(app: typer.Typer) -> None:
    app.command()(key)


def key() -> None:
    """Print a new secret key for HADIR_SECRET_KEY."""
    typer.echo(new_secret_key())
