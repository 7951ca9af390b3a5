"""`hadir health`: asked every few seconds, so it imports little."""

import httpx
import typer

from bot.cli.ending import fail
from bot.cli.inputs import load
from bot.config.options import StorageSettings


def register(app: typer.Typer) -> None:
    app.command()(health)


def health() -> None:
    """Ask the running bot whether it is well (for a container's health check)."""
    address = load(StorageSettings).listen
    host = "127.0.0.1" if address.host in ("0.0.0.0", "::") else address.host  # noqa: S104 - compared, not bound
    try:
        answer = httpx.get(f"http://{host}:{address.port}/health", timeout=5, trust_env=False)
    except httpx.HTTPError as problem:
        fail(f"nothing answers at {address}: {type(problem).__name__}")
    typer.echo(answer.text.strip())
    raise typer.Exit(0 if answer.status_code == 200 else 1)
