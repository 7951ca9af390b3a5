"""The commands as they are typed, each in a process of its own."""

import asyncio
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from bot.demo import OFFICE
from bot.playground.server import Playground, running
from bot.store.cipher import Cipher, new_secret_key
from tests import forked
from tests.faults import Clock
from tests.forked import Order

HEADER = "emp_code,first_name,department,area\n"


def run_hadir(folder: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    return forked.run(Order("bot", arguments, str(folder), given))


def init_company(folder: Path, name: str, rows: str) -> subprocess.CompletedProcess[str]:
    (folder / "people.csv").write_text(HEADER + rows)
    return run_hadir(folder, "company", "init", "people.csv", "--company", name, "--timezone", "Asia/Dubai")


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "gateway.db")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_wrong_row_leaves_neither_people_nor_company(tmp_path: Path) -> None:
    for rows in ("1001,Mona,Sales,Store\n,Omar,Sales,Store\n", "1001,Mona,Sales,Store\n1001,Omar,Sales,Store\n"):
        refused = init_company(tmp_path, "Demo Trading", rows)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.endswith("Nothing was imported.\n")
        assert (count(tmp_path, "companies"), count(tmp_path, "employees")) == (0, 0)


def test_a_company_comes_in_and_its_files_are_private(tmp_path: Path) -> None:
    """In a process from nothing."""
    (tmp_path / "people.csv").write_text(HEADER + "1001,Mona,Sales,Store\n")
    command = ["-m", "bot", "company", "init", "people.csv", "--company", "Demo Trading", "--timezone", "Asia/Dubai"]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (count(tmp_path, "companies"), count(tmp_path, "employees")) == (1, 1)
    made = [file for file in tmp_path.iterdir() if ".db" in file.name]
    assert made
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in made} == {0}


def test_a_company_without_a_letter_is_a_sentence(tmp_path: Path) -> None:
    refused = init_company(tmp_path, "!!!", "1001,Mona,Sales,Store\n")
    assert (refused.returncode, refused.stderr) == (2, "A company's name needs a letter or a digit.\n")
    assert not (tmp_path / "gateway.db").exists()


def test_a_table_of_nobody_is_a_sentence(tmp_path: Path) -> None:
    for table in ("", HEADER):
        (tmp_path / "people.csv").write_text(table)
        refused = run_hadir(
            tmp_path, "company", "init", "people.csv", "--company", "Demo Trading", "--timezone", "Asia/Dubai"
        )
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith("people.csv names nobody: ")
    assert not (tmp_path / "gateway.db").exists()


def test_passwords_that_could_not_be_written_down_are_not_made(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(HEADER + "1001,Mona,Sales,Store\n")
    refused = run_hadir(
        tmp_path, "company", "init", "people.csv", "--company", "Demo Trading", "--timezone", "Asia/Dubai",
        "--credentials", "nowhere/who.json",
    )  # fmt: skip
    assert (refused.returncode, refused.stderr.split(":")[0]) == (2, "--credentials")
    assert not (tmp_path / "gateway.db").exists()


def test_a_key_is_new_and_good(tmp_path: Path) -> None:
    made = run_hadir(tmp_path, "key").stdout.strip()
    assert Cipher(made)
    assert made != new_secret_key()


def test_an_unknown_variable_names_the_nearest_known_one(tmp_path: Path) -> None:
    refused = run_hadir(tmp_path, "gateway", "--demo", HADIR_DATABSE_URL="sqlite:///x.db")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "HADIR_DATABSE_URL is no option; the nearest is HADIR_DATABASE_URL\n"


def test_health_without_a_bot_says_so(tmp_path: Path) -> None:
    asked = run_hadir(tmp_path, "health", HADIR_LISTEN="127.0.0.1:1")
    assert asked.returncode != 0
    assert "nothing answers at 127.0.0.1:1" in asked.stderr


@pytest.mark.parametrize(
    ("asked", "spared"),
    [
        ("health", "telegram fastapi bot.app"),
        ("key", "telegram fastapi sqlalchemy bot.app"),
        ("api", "telegram bot.app"),
    ],
)
def test_what_is_asked_often_imports_little(asked: str, spared: str) -> None:
    code = f"import sys, bot.cli; bot.cli.build_app({asked!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint(spared.split())


# -- areas -------------------------------------------------------------------------------------------------------------


def import_areas(
    folder: Path, file: str, company: str = "Demo Trading", **given: str
) -> subprocess.CompletedProcess[str]:
    return run_hadir(folder, "areas", "import", file, "--company", company, **given)


def test_areas_come_in_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "areas.json").write_text(json.dumps(OFFICE))
    done = import_areas(tmp_path, "areas.json", HADIR_COMPANY="Demo Trading")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Dubai Office: 1 fence(s), punches are marked outside" in done.stdout
    kept = stored_areas(tmp_path)
    bad = json.loads(json.dumps(OFFICE))
    bad["features"].append({"type": "Feature", "properties": {"code": "2"}, "geometry": {"type": "Line"}})
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    for file in ("bad.json", "nowhere.json"):
        refused = import_areas(tmp_path, file, HADIR_COMPANY="Demo Trading")
        assert refused.returncode == 2
        assert refused.stderr
        assert "Traceback" not in refused.stderr
    assert stored_areas(tmp_path) == kept


def test_areas_of_a_company_that_nobody_serves_are_refused(tmp_path: Path) -> None:
    (tmp_path / "areas.json").write_text(json.dumps(OFFICE))
    nobody = import_areas(tmp_path, "areas.json")
    assert (nobody.returncode, nobody.stderr.split(":")[0]) == (2, "There is no company yet")
    init_company(tmp_path, "Demo Trading", "1001,Mona,Sales,Store\n")
    for given in ({}, {"HADIR_COMPANY": "Demo Trading"}):
        refused = import_areas(tmp_path, "areas.json", "Elsewhere", **given)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr == "There is no company 'Elsewhere'. There is: Demo Trading.\n"
    done = import_areas(tmp_path, "areas.json", "demo trading")
    assert (done.returncode, done.stderr) == (0, "")
    assert [company for company, _ in stored_areas(tmp_path)] == ["Demo Trading"], "as the bot calls it"


def stored_areas(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "hadir.db")) as connection:
        return connection.execute("SELECT company, document FROM areas").fetchall()


# -- gateway -----------------------------------------------------------------------------------------------------------


@contextmanager
def started(folder: Path, *arguments: str, until: str, **given: str) -> Iterator[str]:
    """A command that goes on running; gives the line that says it is up. SIGTERM ends it, with 0."""
    reading, writing = os.pipe()
    process = forked.start(Order("bot", arguments, str(folder), given), writing, writing)
    os.close(writing)
    with os.fdopen(reading) as said:
        try:
            line = next((line for line in said if until in line), None)
            assert line is not None, "it ended"
            yield line.strip()
        finally:
            process.send_signal(signal.SIGTERM)
            said.read()
        assert process.returncode == 0


def test_the_gateway_alone_with_its_sample_company(tmp_path: Path) -> None:
    file = tmp_path / "who.json"
    with started(tmp_path, "gateway", "--demo", "--port", "0", "--credentials", str(file), until="served at") as line:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        made = json.loads(file.read_text())
        assert line.endswith(made["host"])
        assert {one["name"] for one in made["employees"]} == {"Mona", "Omar", "Huda"}
        with httpx.Client(base_url=made["host"], trust_env=False, headers={"Client": "0" * 32}) as http:
            for one in made["employees"]:
                account = {"company": made["company"], "username": one["username"], "password": one["password"]}
                answer = http.post("/mobile/api/v1.0/auth_token/", json=account)
                assert answer.status_code == 200, answer.text
                assert answer.json()["token"]
            wrong = http.post("/mobile/api/v1.0/auth_token/", json=account | {"password": "wrong"})
            assert wrong.status_code in (400, 401)
            assert "Log in" in http.get("/hr/", follow_redirects=True).text


def test_credentials_need_the_sample_company(tmp_path: Path) -> None:
    refused = run_hadir(tmp_path, "gateway", "--credentials", "who.json")
    assert refused.returncode == 2
    assert "add --demo" in refused.stderr


# -- run, check, health ------------------------------------------------------------------------------------------------


async def test_run_answers_health_and_is_alone_on_its_database(tmp_path: Path, unused_tcp_port: int) -> None:
    playground = Playground(Clock())
    async with running(playground) as api:
        environ = {
            "HADIR_TELEGRAM_TOKEN": playground.token,
            "HADIR_TELEGRAM_API_URL": api,
            "HADIR_BIOTIME_URL": "embedded",
            "HADIR_COMPANY": "Demo Trading",
            "HADIR_TIMEZONE": "Asia/Dubai",
            "HADIR_SECRET_KEY": new_secret_key(),
            "HADIR_LISTEN": f"127.0.0.1:{unused_tcp_port}",
        }
        checked = await asyncio.to_thread(run_hadir, tmp_path, "check", **environ)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert checked.stdout.count("✓") == 7
        said = tmp_path / "said"
        with said.open("w") as file:
            process = forked.start(Order("bot", ("run",), str(tmp_path), environ), file.fileno(), file.fileno())
        try:
            mona = playground.people["mona"]
            mona.say("/start")
            assert "Hello Mona!" in (await mona.wait_for("Hello", 20)).text
            asked = await asyncio.to_thread(run_hadir, tmp_path, "health", **environ)
            assert (asked.returncode, asked.stdout) == (0, "ok\n")
            async with httpx.AsyncClient(trust_env=False) as http:
                page = await http.get(f"http://{environ['HADIR_LISTEN']}/hr/login/")
            assert "Log in" in page.text
            second = await asyncio.to_thread(run_hadir, tmp_path, "run", **environ)
            assert second.returncode == 2
            assert "Another process has hadir.db open" in second.stderr
        finally:
            process.send_signal(signal.SIGTERM)
            ended = await asyncio.to_thread(lambda: process.returncode)
        assert ended == 0, said.read_text()
        assert playground.token not in said.read_text()


def test_check_says_what_to_do(tmp_path: Path) -> None:
    checked = run_hadir(
        tmp_path, "check", HADIR_TELEGRAM_TOKEN="1:nobody", HADIR_TELEGRAM_API_URL="http://127.0.0.1:1",
        HADIR_BIOTIME_URL="embedded", HADIR_COMPANY="Demo Trading", HADIR_TIMEZONE="Asia/Dubai",
        HADIR_SECRET_KEY=new_secret_key(),
    )  # fmt: skip
    assert checked.returncode == 1
    assert "✗ Telegram: no answer" in checked.stdout
    assert "→ see whether this machine reaches http://127.0.0.1:1" in checked.stdout
    assert "✓ Database" in checked.stdout
