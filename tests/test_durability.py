"""Seen from below, system call by system call: an update is on disk before Telegram is told to forget it."""

import asyncio
import os
import re
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.server import Playground, running
from bot.store.cipher import new_secret_key

STRACE = shutil.which("strace")
pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not here: apt-get install strace")

RECEIVED = re.compile(r'\\"update_id\\":\s?(\d+)')
FORGET = re.compile(r"getUpdates\?offset=(\d+)")
SYNCED = re.compile(r"(fsync|fdatasync)\(\d+<[^>]*hadir\.db-wal>")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the program under test runs on the real clock


async def trace(folder: Path) -> list[str]:
    """The system calls of `hadir run` while Mona writes to it."""
    playground = Playground(now)
    async with running(playground) as address:
        program = await asyncio.create_subprocess_exec(
            str(STRACE),
            *("-f", "-y", "-s", "3000", "-o", str(folder / "trace")),
            *("-e", "trace=fsync,fdatasync,sendto,recvfrom,write,read"),
            *(sys.executable, "-m", "bot", "run"),
            env=build_environment(folder, playground.token, address),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            mona = playground.people["mona"]
            mona.say("/start")
            await mona.wait_for("Hadir", 40)
            await playground.settled(20)
        finally:
            os.killpg(program.pid, signal.SIGKILL)  # strace and what it traces
            await program.wait()
    return (folder / "trace").read_text(errors="replace").splitlines()


def build_environment(folder: Path, token: str, address: str) -> dict[str, str]:
    """Of our own environment all but what would set the program up otherwise."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HADIR_")}
    return inherited | {
        "HADIR_TELEGRAM_TOKEN": token,
        "HADIR_TELEGRAM_API_URL": address,
        "HADIR_BIOTIME_URL": "embedded",
        "HADIR_COMPANY": "Demo Trading",
        "HADIR_TIMEZONE": "Asia/Dubai",
        "HADIR_DATABASE_URL": f"sqlite:///{folder}/hadir.db",
        "HADIR_GATEWAY_DATABASE_URL": f"sqlite:///{folder}/gateway.db",
        "HADIR_SECRET_KEY": new_secret_key(),
        "HADIR_LISTEN": "127.0.0.1:0",
    }


async def test_an_update_is_on_disk_before_it_is_confirmed(tmp_path: Path) -> None:
    calls = await trace(tmp_path)
    received, update_id = next((n, int(found[1])) for n, call in enumerate(calls) if (found := RECEIVED.search(call)))
    confirmed = next(
        n for n, call in enumerate(calls) if (offset := FORGET.search(call)) and int(offset[1]) == update_id + 1
    )
    between = calls[received:confirmed]
    assert any(SYNCED.search(call) for call in between), "\n".join(call[:120] for call in between)
