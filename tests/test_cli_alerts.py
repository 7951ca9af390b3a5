"""`hadir alerts rehearse` on the demo company, each command in a process of its own."""

import asyncio
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from bot.app import utc_now
from bot.database import Database
from bot.gateway.records import open_records
from bot.gateway.sample import build_sample
from bot.gateway.settings import GatewaySettings, PasswordCost
from bot.papers.canvas import WIDTH
from bot.store.cipher import new_secret_key
from tests.test_cli import run_hadir

KEY = new_secret_key()
SETTINGS = GatewaySettings(secret_key=b"a key for tests only", password_cost=PasswordCost(1, 8, 1))
YESTERDAY = utc_now().date() - timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where *Demo Trading* lies, with its sixty days until now."""
    made = tmp_path_factory.mktemp("demo")

    async def build() -> None:
        records = await Database.open(f"sqlite:///{made}/gateway.db")
        await open_records(records)
        await build_sample(records, SETTINGS, utc_now(), "biotime.test", lively=True)
        await records.close()

    asyncio.run(build())
    return made


def run(folder: Path, *arguments: str, days: int = 5, **given: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "HADIR_SECRET_KEY": KEY,
        "HADIR_BIOTIME_URL": "embedded",
        "HADIR_TIMEZONE": "Asia/Dubai",
        "COLUMNS": "200",
    }
    period = ("--from", str(YESTERDAY - timedelta(days=days - 1)), "--to", str(YESTERDAY))
    command = ("alerts", "rehearse", "--company", "demo trading", *period, *arguments)
    return run_hadir(folder, *command, **(environ | given))


def test_the_rehearsal_of_the_demo_company_is_a_table_and_its_sums(folder: Path) -> None:
    done = run(folder, days=31)
    assert (done.returncode, done.stderr) == (0, "")
    assert "what the records say" in done.stdout
    assert "✅ was absent" in done.stdout
    assert " min late" in done.stdout
    assert "❌ False alarms: 0" in done.stdout
    assert "Not known: how fresh BioTime's data was then." in done.stdout
    told = next(line for line in done.stdout.splitlines() if line.startswith("🔔 Told as missing"))
    assert int(told.rpartition(" ")[2]) > 20


def test_other_rules_can_be_tried(folder: Path) -> None:
    done = run(folder, "--grace", "0", "--delay", "0", "--incident", "100")
    assert "⏳ Grace: 0 min" in done.stdout
    assert "🚨 One incident when missing: 100%" in done.stdout


def test_it_is_a_picture_too(folder: Path) -> None:
    done = run(folder, "--png", "rehearsal.png", days=2)
    assert done.returncode == 0
    assert done.stdout.endswith("The picture: rehearsal.png\n")
    with Image.open(folder / "rehearsal.png") as picture:
        assert picture.width == WIDTH
    nowhere = run(folder, "--png", "nowhere/rehearsal.png", days=2)
    assert (nowhere.returncode, nowhere.stderr) == (
        2, "--png: nowhere/rehearsal.png cannot be written: No such file or directory\n",
    )  # fmt: skip


def test_it_is_a_sheet_too(folder: Path) -> None:
    done = run(folder, "--xlsx", "rehearsal.xlsx", days=31)
    assert done.returncode == 0
    assert done.stdout.endswith("The sheet: rehearsal.xlsx\n")
    rows = CalamineWorkbook.from_path(folder / "rehearsal.xlsx").get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(rows) if row[0] == "Date")
    told = next(line for line in done.stdout.splitlines() if line.startswith("🔔 Told as missing"))
    assert sum(row[1] != "" for row in rows[head + 1 :]) == int(told.rpartition(" ")[2])
    assert "✅ was absent" in {row[7] for row in rows}
    nowhere = run(folder, "--xlsx", "nowhere/rehearsal.xlsx", days=2)
    assert (nowhere.returncode, nowhere.stderr) == (
        2, "--xlsx: nowhere/rehearsal.xlsx cannot be written: No such file or directory\n",
    )  # fmt: skip


def test_what_cannot_be_rehearsed_is_said(folder: Path) -> None:
    long = run(folder, days=32)
    assert (long.returncode, long.stderr) == (2, "That is more than 31 days: please choose fewer.\n")
    ahead = run(folder, "--from", "2999-01-01", "--to", "2999-01-02")
    assert (ahead.returncode, ahead.stderr) == (2, "These days are still to come. Which days?\n")
    unknown = run(folder, "--company", "Nowhere")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    away = run(folder, HADIR_BIOTIME_URL="http://127.0.0.1:1", HADIR_COMPANY="Demo Trading")
    assert (away.returncode, away.stderr) == (
        2, "Set HADIR_SERVICE_USER and HADIR_SERVICE_PASSWORD: BioTime is read in their name.\n",
    )  # fmt: skip
