"""`hadir run`, and `hadir check` before it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager

import typer

from bot.app import Hadir, insist, open_hadir, utc_now
from bot.checks import run_checks
from bot.cli.ending import out
from bot.cli.faults import finish
from bot.cli.inputs import load, secrets_of
from bot.companies import open_hr_page
from bot.config.options import Settings
from bot.diary import build_diary
from bot.opening import CannotOpen, only_process, open_port
from bot.redaction import configure_logging
from bot.web.entrance import WEBHOOK_PATH, build_entrance
from bot.web.serving import serving_on


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(check)


def run() -> None:
    """Run the bot, configured by HADIR_ variables (see README)."""
    settings = load(Settings)
    configure_logging(settings.log_format, settings.log_level, secrets_of(settings))
    finish(_run(settings))


def check() -> None:
    """Try the token, BioTime, the database, the time zone and the languages; say what to do."""
    settings = load(Settings)
    configure_logging("console", "critical", secrets_of(settings))
    raise typer.Exit(0 if finish(run_checks(settings, out)) else 1)


async def _run(settings: Settings) -> None:
    # The port first: Telegram may be away for long, and a port that is taken should not be said only then.
    with _open_port(settings) as listening:
        async with AsyncExitStack() as stack:
            hadir = await stack.enter_async_context(open_hadir(settings))
            diary = build_diary(hadir.db, settings)
            hr_page = await stack.enter_async_context(open_hr_page(settings, utc_now, diary))
            secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
            entrance = build_entrance(hadir.intake.accept, hadir.is_healthy, hadir.count, secret, hr_page)
            async with serving_on(listening, entrance):
                await _receive(hadir, settings)


@contextmanager
def _open_port(settings: Settings) -> Iterator[socket.socket]:
    with ExitStack() as stack:
        try:
            listening = stack.enter_context(open_port("HADIR_LISTEN", settings.listen.host, settings.listen.port))
        except CannotOpen:
            # Of a second `hadir run` the database says more than the port.
            with only_process(settings):
                raise
        yield listening


async def _receive(hadir: Hadir, settings: Settings) -> None:
    """Until it is cancelled."""
    if settings.webhook_url:
        await insist(lambda: _set_webhook(hadir, settings))
        await asyncio.Event().wait()
    await insist(hadir.application.bot.delete_webhook)
    await hadir.poll()


async def _set_webhook(hadir: Hadir, settings: Settings) -> None:
    assert settings.webhook_secret is not None
    await hadir.application.bot.set_webhook(
        f"{settings.webhook_url}{WEBHOOK_PATH}",
        secret_token=settings.webhook_secret.get_secret_value(),
        allowed_updates=["message", "edited_message", "callback_query"],
        max_connections=100,
    )
