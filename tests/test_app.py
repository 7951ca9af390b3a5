"""What is put together at the start: the companies of the embedded gateway, their zones and their limits."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.model import Position, PunchState
from bot.biotime.errors import WrongCredentials
from bot.biotime.values import PunchUpload
from bot.companies import gateway_settings, open_tenants
from bot.config.loading import load_settings
from bot.config.options import Settings
from bot.gateway.records.companies import add_company
from bot.gateway.sample import NAME, build_sample
from bot.gateway.settings import GatewaySettings
from bot.opening import open_gateway_records
from bot.store.cipher import new_secret_key
from tests.gateway.test_mail import SmtpServer

MORNING = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DUBAI, LONDON = ZoneInfo("Asia/Dubai"), ZoneInfo("Europe/London")


def build_settings(folder: Path, company: str, **more: object) -> Settings:
    return load_settings(
        {
            "HADIR_TELEGRAM_TOKEN": "123456:token",
            "HADIR_BIOTIME_URL": "embedded",
            "HADIR_TIMEZONE": "Asia/Dubai",
            "HADIR_COMPANY": company,
            "HADIR_SECRET_KEY": new_secret_key(),
            "HADIR_DATABASE_URL": f"sqlite:///{folder}/hadir.db",
            "HADIR_GATEWAY_DATABASE_URL": f"sqlite:///{folder}/gateway.db",
        }
        | {f"HADIR_{name.upper()}": str(value) for name, value in more.items()}
    )


@pytest.mark.parametrize("named", ["", "Demo Trading", "Demo Trading, Elsewhere"])
async def test_a_company_keeps_the_zone_it_was_made_in(tmp_path: Path, named: str) -> None:
    """Another one would make every stamp look wrong, and a correction follow each punch."""
    settings = build_settings(tmp_path, named)
    async with open_gateway_records(settings) as records:
        await records.write(lambda c: add_company(c, "Demo Trading", LONDON, MORNING))
    async with open_tenants(settings, lambda: MORNING) as tenants:
        zones = {company: tenants[company].zone for company in tenants.companies}
    assert zones == {"Demo Trading": LONDON} | ({"Elsewhere": DUBAI} if "Elsewhere" in named else {})


async def test_the_embedded_gateway_does_not_slow_people_together(tmp_path: Path) -> None:
    """All of them come from one address, and the bot has its own limit for each."""
    async with open_tenants(build_settings(tmp_path, "Demo Trading"), lambda: MORNING) as tenants:
        for _ in range(12):
            with pytest.raises(WrongCredentials):
                await tenants["Demo Trading"].client.fetch_token("1001", "guess", "0" * 32)


async def test_the_embedded_gateway_is_given_the_punchs_key(tmp_path: Path) -> None:
    settings = build_settings(tmp_path, NAME)
    async with open_gateway_records(settings) as records:
        sample = await build_sample(records, gateway_settings(settings), MORNING, "localhost")
    mona = sample.employees[0]
    punch = PunchUpload(Position(25.09, 55.15), PunchState.CHECK_IN, mona.emp_code, "[TG-7K3Q2H]", "TG-7K3Q2H")
    async with open_tenants(settings, lambda: MORNING) as tenants:
        client = tenants[NAME].client
        token = await client.fetch_token(mona.username, mona.password, "0" * 32)
        stamps = [await client.upload_punch(token, punch) for _ in range(2)]
        listed = [one async for one in client.fetch_punches(token)]
    assert stamps[0] == stamps[1]
    assert len(listed) == 1


async def test_one_time_codes_go_through_the_mail_server(tmp_path: Path) -> None:
    server = SmtpServer()
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listener:
        at = {"smtp_host": "127.0.0.1", "smtp_port": listener.sockets[0].getsockname()[1], "smtp_security": "none"}
        settings = build_settings(tmp_path, NAME, **at, smtp_sender="Hadir <hadir@example.com>")
        async with open_gateway_records(settings) as records:
            mona = (await build_sample(records, gateway_settings(settings), MORNING, "localhost")).employees[0]
        async with open_tenants(settings, lambda: MORNING) as tenants:
            await tenants[NAME].client.request_code(mona.email)
            await server.gone.wait()
    (mail,) = server.mails
    assert (mail["From"], mail["To"]) == ("Hadir <hadir@example.com>", mona.email)
    assert re.match(r"\d{6} is your code for Demo Trading", mail["Subject"])


async def test_the_embedded_gateway_does_not_slow_codes_together(tmp_path: Path) -> None:
    async with open_tenants(build_settings(tmp_path, NAME), lambda: MORNING) as tenants:
        for _ in range(GatewaySettings(secret_key=bytes(16)).codes_per_address.burst + 1):
            await tenants[NAME].client.request_code("nobody@demo-trading.example")
