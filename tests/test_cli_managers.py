"""`hadir managers`, each command in a process of its own."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.test_cli import init_company, run_hadir

PEOPLE = "1001,Mona,Sales,Store\n1002,Omar,Sales,Store\n1003,Huda,Human Resources,Store\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_hadir(folder, "managers", *arguments, "--company", "Demo Trading")


def look(folder: Path) -> None:
    """The bot has looked at BioTime."""
    with closing(sqlite3.connect(folder / "hadir.db")) as db, db:
        db.executemany(
            "INSERT INTO roster_departments VALUES ('Demo Trading', ?, ?, NULL)", [(1, "Sales"), (2, "Human Resources")]
        )
        db.executemany(
            "INSERT INTO roster_people (company, emp_code, emp_id, name, department_id, position) "
            "VALUES ('Demo Trading', ?, ?, ?, ?, '')",
            [("1001", "a", "Mona", 1), ("1002", "b", "Omar", 1), ("1003", "c", "Huda", 2)],
        )


def test_who_manages_whom_is_set_shown_and_taken_away(tmp_path: Path) -> None:
    assert init_company(tmp_path, "Demo Trading", PEOPLE).returncode == 0
    assert "Nobody is a manager yet." in run(tmp_path, "list").stdout
    early = run(tmp_path, "add", "1002", "--department", "Sales")
    assert (early.returncode, early.stderr.strip()) == (
        2,
        "There is no department or area of that name, or more than one: give its number.",
    )
    look(tmp_path)
    added = run(tmp_path, "add", "1002", "--department", "sales")
    assert (added.returncode, added.stdout) == (0, "1002 manages Sales from now on.\n")
    again = run(tmp_path, "add", "1002", "--department", "1")
    assert (again.returncode, again.stderr) == (2, "They manage exactly that already.\n")
    gaps = run(tmp_path, "gaps")
    assert (gaps.returncode, "1003" in gaps.stdout, "1001" in gaps.stdout) == (1, True, False)
    assert "department Sales" in run(tmp_path, "list").stdout
    assert run(tmp_path, "remove", "1").stdout == "Omar no longer manages Sales.\n"
    assert run(tmp_path, "remove", "1").returncode == 2


def test_one_kind_of_scope_is_asked_for(tmp_path: Path) -> None:
    assert init_company(tmp_path, "Demo Trading", PEOPLE).returncode == 0
    for wrong in ((), ("--all", "--area", "Store")):
        refused = run(tmp_path, "add", "1002", *wrong)
        assert refused.returncode == 2
        assert "give one of --department, --area and --all" in " ".join(refused.stderr.replace("│", " ").split())
