"""`hadir demo`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import demo as demonstration
from bot.cli.ending import out
from bot.cli.faults import finish
from bot.cli.inputs import check_credentials, write_secret
from bot.redaction import configure_logging


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the main job and exit; not 0 when a step fails.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The playground's port; 0 takes a free one.")] = 0,
    credentials: Annotated[Path | None, typer.Option(help="Write the accounts of the sample company here.")] = None,
) -> None:
    """Play the main job on embedded parts, and leave the playground open."""
    configure_logging("console", "error")
    check_credentials(credentials)
    finish(_demo(once, port, credentials))


async def _demo(once: bool, port: int, credentials: Path | None) -> None:
    async with demonstration.open_demo(port, show_mail=lambda mail: demonstration.show_letter(mail, out)) as playing:
        if credentials is not None:
            write_secret(credentials, playing.credentials.model_dump_json(indent=2))
        await demonstration.play(playing, out)
        if once:
            return
        demonstration.show_accounts(playing, out)
        typer.echo(f"\nThe playground is open (Ctrl-C ends it): {playing.address}")
        await asyncio.Event().wait()
