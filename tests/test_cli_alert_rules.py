"""`hadir alerts exclude`, `include`, `exclusions` and `settings`, each command in a process of its own."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_cli import init_company, run_hadir
from tests.test_cli_managers import PEOPLE, look


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert init_company(tmp_path, "Demo Trading", PEOPLE).returncode == 0
    # The first command makes the bot's own database.
    assert run(tmp_path, "exclusions").stdout == "Nobody is left out.\n"
    look(tmp_path)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_hadir(folder, "alerts", *arguments, "--company", "demo trading")


def noted(folder: Path) -> list[tuple[str, str, str, str, str]]:
    with closing(sqlite3.connect(folder / "hadir.db")) as db:
        return db.execute("SELECT by_code, by_name, act, name, detail FROM audit_lines ORDER BY id").fetchall()


def test_who_is_left_out_is_said_shown_and_taken_back(folder: Path) -> None:
    assert run(folder, "exclude", "1001").stdout == "Mona (1001) is left out of alerts from now on.\n"
    assert run(folder, "exclude", "--department", "sales").stdout == (
        "The department Sales is left out of alerts from now on.\n"
    )
    again = run(folder, "exclude", "1001")
    assert (again.returncode, again.stderr) == (2, "They are left out already.\n")
    shown = run(folder, "exclusions").stdout
    assert "Mona" in shown
    assert "Sales" in shown
    assert run(folder, "include", "1001").stdout == "Mona (1001) is told of again.\n"
    assert run(folder, "include", "--department", "1").stdout == "The department Sales is told of again.\n"
    assert run(folder, "include", "1001").returncode == 2
    assert run(folder, "exclusions").stdout == "Nobody is left out.\n"
    assert noted(folder) == [
        ("", "hadir alerts", "excluded", "Mona", '{"text": ""}'),
        ("", "hadir alerts", "excluded", "", '{"text": "Sales"}'),
        ("", "hadir alerts", "included", "Mona", '{"text": ""}'),
        ("", "hadir alerts", "included", "", '{"text": "Sales"}'),
    ]


def test_whom_nobody_knows_is_refused(folder: Path) -> None:
    nobody = run(folder, "exclude", "9999")
    assert (nobody.returncode, nobody.stderr.startswith("Nobody has that employee code.")) == (2, True)
    for place in ("Nowhere", "77"):
        assert "There is no department of that name" in run(folder, "exclude", "--department", place).stderr
    for wrong in ((), ("1001", "--department", "Sales")):
        refused = run(folder, "exclude", *wrong)
        assert refused.returncode == 2
        assert "give one of EMP_CODE and --department" in " ".join(refused.stderr.replace("│", " ").split())


def test_the_rules_are_shown_and_changed(folder: Path) -> None:
    before = run(folder, "settings")
    assert before.returncode == 0
    assert "60%" in before.stdout
    changed = run(folder, "settings", "--off", "--grace", "5", "--incident", "75").stdout
    assert "off" in changed
    assert "5 min" in changed
    assert run(folder, "settings").stdout == changed
    assert noted(folder) == [
        ("", "hadir alerts", "rules_changed", "", '{"text": "enabled=1→0 grace=10→5 incident=60→75"}')
    ]
    assert run(folder, "settings", "--grace", "-1").returncode == 2
