"""`hadir gateway`."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app import utc_now
from bot.cli.ending import fail
from bot.cli.faults import finish
from bot.cli.inputs import check_credentials, load, secrets_of, write_secret
from bot.companies import gateway_settings
from bot.config.options import ServerSettings
from bot.gateway.app import build_gateway
from bot.gateway.sample import build_sample
from bot.gateway.settings import GatewaySettings
from bot.opening import open_gateway_records, open_port
from bot.redaction import configure_logging
from bot.store.cipher import new_secret_key
from bot.web.serving import serving_on


def register(app: typer.Typer) -> None:
    app.command()(gateway)


def gateway(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    sample: Annotated[bool, typer.Option("--demo", help="With the sample company.")] = False,
    credentials: Annotated[Path | None, typer.Option(help="Write the sample company's accounts here.")] = None,
) -> None:
    """Serve the BioTimeCloud API alone, over its own database."""
    if credentials is not None and not sample:
        fail("--credentials writes the sample company's accounts: add --demo.")
    check_credentials(credentials)
    # With the sample company it runs from nothing at all; its passwords and key are new each time.
    made_up = {"HADIR_SECRET_KEY": new_secret_key(), "HADIR_GATEWAY_DATABASE_URL": "sqlite:///gateway-demo.db"}
    settings = load(ServerSettings, made_up) if sample else load(ServerSettings)
    configure_logging(settings.log_format, settings.log_level, secrets_of(settings))
    finish(_gateway(settings, host, port, sample, credentials))


async def _gateway(settings: ServerSettings, host: str, port: int, sample: bool, credentials: Path | None) -> None:
    with open_port("--host, --port", host, port) as listening:
        async with open_gateway_records(settings) as records:
            own = gateway_settings(settings)
            async with serving_on(listening, build_gateway(records, own, utc_now)) as address:
                if sample:
                    await _write_sample(records, own, address, credentials)
                typer.echo(f"The HR page: {address}/hr/")
                typer.echo(f"The BioTimeCloud API is served at {address}")
                await asyncio.Event().wait()


async def _write_sample(records: Any, own: GatewaySettings, address: str, credentials: Path | None) -> None:
    made = await build_sample(records, own, utc_now(), address, lively=True)
    if credentials is not None:
        write_secret(credentials, made.model_dump_json(indent=2))
        return
    typer.echo(made.model_dump_json(indent=2))
