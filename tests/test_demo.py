"""`hadir demo --once`: the main job on a bare machine; 0 when it came out, and only then."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from bot.demo import open_demo
from bot.gateway.mail import Mail
from bot.gateway.sample import NAME
from tests import forked
from tests.forked import Order


def run_demo(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return forked.run(Order("bot", ("demo", "--once", *arguments), str(folder), environ))


def test_the_transcript_reads_as_the_main_job(tmp_path: Path) -> None:
    played = run_demo(tmp_path, "--credentials", "who.json")
    assert (played.returncode, played.stderr) == (0, "")
    steps = (
        "Hello Mona!",
        "username",
        "password is deleted",
        "Welcome, Mona!",
        "Where are you?",
        "حضر 6 من 7",
        "[ 📍 Clock in ]",
        "Clocked in at",
        "Dubai Office, ",
        "7HQQ35R5+MF Dubai Internet City",
        '"emp_code": "1001"',
        '"punch_state": "CHECK_IN"',
        "Omar's card edits itself",
        "حضر 7 من 7",
    )
    places = [played.stdout.find(step) for step in steps]
    assert -1 not in places, played.stdout
    assert places == sorted(places), "in this order"
    assert re.search(r"\[TG-[0-9A-Z]{6}\]", played.stdout)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["who.json"], "it leaves nothing behind"
    password = re.search(r'"password": "([^"]+)"', (tmp_path / "who.json").read_text())
    assert password
    assert password[1] not in played.stdout


async def test_mail_arrives_on_the_phones_and_what_is_for_others_is_shown() -> None:
    """From the bot's own gateway and from the one that is served."""
    shown: list[Mail] = []
    async with open_demo(show_mail=shown.append) as demo:
        mona, omar, huda = demo.credentials.employees
        demo.playground.people["huda"].email = ""
        await demo.hadir.tenants[NAME].client.request_code(omar.email)
        async with httpx.AsyncClient(base_url=demo.gateway_address, trust_env=False) as http:
            for email in (huda.email, mona.email):
                body = {"email": email, "company_name": NAME}
                assert (await http.post("/mobile/api/v1.0/reset_password/", json=body)).is_success
        for one in (mona, omar):
            mail = await demo.playground.people[one.name.lower()].wait_for_mail("Your code: ")
            assert mail.to == one.email
    assert [mail.to for mail in shown] == [huda.email]


def test_a_port_that_is_taken_is_no_success(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        failed = run_demo(tmp_path, "--port", str(taken.getsockname()[1]))
    assert failed.returncode != 0
    assert "Address already in use" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_step_that_fails_is_named_and_no_success(tmp_path: Path) -> None:
    """The same command, but Mona's phone sends no place."""
    (tmp_path / "without.py").write_text(
        "import sys, bot.demo\n"
        "from bot import cli\n"
        "from bot.playground.sharing import Sharing\n"
        "bot.demo.PATIENCE = 1.0\n"
        "Sharing.share_location = lambda *a, **k: None\n"
        "sys.argv = ['hadir', 'demo', '--once']\n"
        "cli.main()\n"
    )
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    failed = subprocess.run(
        [sys.executable, "without.py"], cwd=tmp_path, env=known, capture_output=True, text=True, check=False, timeout=60
    )
    assert failed.returncode != 0
    assert "The demo failed at: Mona shares her place" in failed.stderr
