"""The commands as they are typed, each in a process of its own."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

HEADER = "emp_code,first_name,department,area\n"


def run_hadir(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


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
    done = init_company(tmp_path, "Demo Trading", "1001,Mona,Sales,Store\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert (count(tmp_path, "companies"), count(tmp_path, "employees")) == (1, 1)
    made = [file for file in tmp_path.iterdir() if ".db" in file.name]
    assert made
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in made} == {0}


def test_a_company_without_a_letter_is_a_sentence(tmp_path: Path) -> None:
    refused = init_company(tmp_path, "!!!", "1001,Mona,Sales,Store\n")
    assert (refused.returncode, refused.stderr) == (2, "A company's name needs a letter or a digit.\n")
    assert not (tmp_path / "gateway.db").exists()
