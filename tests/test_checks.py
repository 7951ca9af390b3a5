"""`hadir check`: what it finds out of BioTime's stamps about the time zone."""

import sqlite3
from contextlib import closing

import pytest

from bot.checks import Finding, check_time_zone
from bot.gateway.sample import NAME
from tests.talk import AT_OFFICE, Office, _quick, open_office

__all__ = ["_quick"]

SET_ZONE = "set HADIR_TIMEZONE to the zone in which BioTime shows its times"
LATER = "run this again once somebody has clocked in through the bot"


async def clock_in(office: Office, zone: str) -> None:
    """At a tenant that is in this zone; the bot knows the one that was there when it started."""
    move(office, zone)
    await office.log_in(office.person("mona"))
    office.person("mona").press("📍 Clock in", place=AT_OFFICE)
    await office.rest()
    await office.pass_time(hours=1)
    move(office, "Asia/Dubai")


def move(office: Office, zone: str) -> None:
    with closing(sqlite3.connect(office.folder / "gateway.db")) as gateway, gateway:
        gateway.execute("UPDATE companies SET timezone = ?", (zone,))


@pytest.mark.usefixtures("_quick")
async def test_before_the_first_punch_nothing_is_known() -> None:
    async with open_office({}) as office:
        found = await check_time_zone(office.settings)
    assert found == Finding("Time zone", True, f"{NAME}: Asia/Dubai, not known yet whether BioTime's", LATER)


@pytest.mark.usefixtures("_quick")
async def test_the_zone_that_fits() -> None:
    async with open_office({}) as office:
        await clock_in(office, "Asia/Dubai")
        found = await check_time_zone(office.settings)
    assert found == Finding("Time zone", True, f"{NAME}: Asia/Dubai, as BioTime's stamps are")


@pytest.mark.parametrize(
    ("zone", "off"),
    [("Asia/Tehran", "0:30 h behind"), ("Asia/Kathmandu", "1:45 h ahead of"), ("UTC", "4:00 h behind")],
)
@pytest.mark.usefixtures("_quick")
async def test_a_zone_that_is_not_the_tenant_s(zone: str, off: str) -> None:
    async with open_office({}) as office:
        await clock_in(office, zone)
        found = await check_time_zone(office.settings)
    said = f"{NAME}: BioTime stamps punches {off} the true time in Asia/Dubai"
    assert found == Finding("Time zone", False, said, SET_ZONE)
