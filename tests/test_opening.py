"""What cannot be opened is one sentence that names the option, for every command that opens it."""

import json
import socket
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from bot.checks import run_checks
from bot.config.loading import load_settings
from bot.config.options import StorageSettings
from bot.demo import OFFICE
from bot.opening import CannotOpen, only_process, open_database, open_gateway_records, open_port
from bot.store.cipher import new_secret_key
from tests import forked
from tests.forked import Order
from tests.test_cli import run_hadir, started

BOT = {
    "HADIR_TELEGRAM_TOKEN": "1:nobody",
    "HADIR_TELEGRAM_API_URL": "http://127.0.0.1:1",
    "HADIR_BIOTIME_URL": "embedded",
    "HADIR_COMPANY": "Demo Trading",
    "HADIR_TIMEZONE": "Asia/Dubai",
    "HADIR_SECRET_KEY": new_secret_key(),
    "HADIR_LISTEN": "127.0.0.1:0",
}
OWN, GATEWAY = "HADIR_DATABASE_URL", "HADIR_GATEWAY_DATABASE_URL"
# What opens which database.
COMMANDS = {
    "run": OWN,
    "gateway --port 0": GATEWAY,
    "company init people.csv --company Acme --timezone Asia/Dubai": GATEWAY,
    "areas import areas.json --company Acme": GATEWAY,
}
# A database that cannot be opened → what is said of it.
DATABASES = {
    "sqlite:///{}/folder": "{}/folder is a folder. Name a file in it.",
    "sqlite:///{}/nowhere/x.db": "there is no folder {}/nowhere. Make it, or name a file elsewhere.",
    "sqlite:///{}/text.db": "{}/text.db is no SQLite database. Name another file, or move this one away.",
    "postgresql://hadir:secret@127.0.0.1:1/hadir": "the database cannot be reached (",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.db").write_text("These are no tables. " * 100)
    (tmp_path / "people.csv").write_text("emp_code,first_name,department,area\n1001,Mona,Sales,Store\n")
    (tmp_path / "areas.json").write_text(json.dumps(OFFICE))
    return tmp_path


@pytest.mark.parametrize("url", DATABASES)
async def test_why_a_database_cannot_be_opened(folder: Path, url: str) -> None:
    given = SecretStr(url.format(folder))
    for opened, option in (
        (open_database(StorageSettings(database_url=given)), OWN),
        (open_gateway_records(StorageSettings(gateway_database_url=given)), GATEWAY),
    ):
        with pytest.raises(CannotOpen) as refused:
            await opened.__aenter__()
        assert str(refused.value).startswith(f"{option}: {DATABASES[url].format(folder)}")
        assert "secret" not in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("file", ["folder", "nowhere/x.db"])
def test_no_lock_is_left_beside_what_is_no_database(folder: Path, file: str) -> None:
    before = sorted(folder.iterdir())
    settings = StorageSettings(database_url=SecretStr(f"sqlite:///{folder}/{file}"))
    with pytest.raises(CannotOpen, match=rf"^{OWN}: .*/{file.split('/', maxsplit=1)[0]}"), only_process(settings):
        pass
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_so_in_a_sentence(folder: Path, command: str) -> None:
    given = {name: value for name, value in BOT.items() if name != "HADIR_COMPANY"}
    refused = run_hadir(folder, *command.split(), **given | {COMMANDS[command]: "sqlite:///folder"})
    said = f"{COMMANDS[command]}: folder is a folder. Name a file in it.\n"
    assert (refused.returncode, refused.stderr) == (2, said)


@pytest.mark.parametrize(("option", "what"), [(OWN, "Database"), (GATEWAY, "BioTime")])
async def test_check_finds_it_and_goes_on(folder: Path, option: str, what: str) -> None:
    said = Console(file=StringIO(), width=300)
    urls = {OWN: f"sqlite:///{folder}/own.db", GATEWAY: f"sqlite:///{folder}/gateway.db"}
    settings = load_settings(BOT | urls | {option: f"sqlite:///{folder}/folder"})
    assert not await run_checks(settings, said)
    assert isinstance(said.file, StringIO)
    assert f"✗ {what}: {option}: {folder}/folder is a folder\n  → Name a file in it." in said.file.getvalue()
    assert "✓ Languages" in said.file.getvalue()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("gateway --port 0", f"{GATEWAY}: gateway.db cannot be used ("),
        ("demo --once", "TMPDIR: "),
    ],
)
def test_a_disk_without_room_is_a_sentence(folder: Path, command: str, said: str) -> None:
    """No file may grow beyond 8 KB."""
    refused = forked.run(Order("bot", tuple(command.split()), str(folder), BOT, largest_file=8192))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert refused.stderr.startswith(said)
    assert "See that the disk has room" in refused.stderr


async def test_a_database_of_a_later_version_is_left_alone(folder: Path) -> None:
    settings = StorageSettings(database_url=SecretStr(f"sqlite:///{folder}/later.db"))
    async with open_database(settings):
        pass
    with closing(sqlite3.connect(folder / "later.db")) as later, later:
        later.execute("UPDATE alembic_version SET version_num = 'of_next_year'")
    with pytest.raises(CannotOpen, match=rf"^{OWN}: its tables are of another version \("):
        await open_database(settings).__aenter__()


# -- ports -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "option"),
    [("run", "HADIR_LISTEN"), ("gateway --port {}", "--host, --port"), ("demo --port {}", "--port")],
)
def test_a_port_that_is_taken_is_said_at_once(folder: Path, command: str, option: str) -> None:
    """Though Telegram cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run_hadir(folder, *command.format(port).split(), **BOT | {"HADIR_LISTEN": f"127.0.0.1:{port}"})
    assert refused.returncode == 2
    said = f"{option}: cannot listen at 127.0.0.1:{port} (Address already in use). "
    assert refused.stderr == f"{said}End what listens there, or choose another port.\n"


def test_an_address_of_another_machine() -> None:
    with pytest.raises(CannotOpen, match=r"^HADIR_LISTEN: cannot listen at 192\.0\.2\.1:8080 \(.*\)\. Name an address"):
        open_port("HADIR_LISTEN", "192.0.2.1", 8080).__enter__()


def test_no_such_port(folder: Path) -> None:
    refused = run_hadir(folder, "gateway", "--port", "999999", **BOT)
    assert refused.returncode == 2
    assert "--port" in refused.stderr
    assert "65535" in refused.stderr


# -- an end in the middle of the start ---------------------------------------------------------------------------------


def test_a_start_that_waits_for_telegram_ends_cleanly(folder: Path) -> None:
    with started(folder, "run", until="Telegram does not answer", **BOT):
        pass
    assert not list(folder.glob("*.db-wal")), "closed, not left"
