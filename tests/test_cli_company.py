"""`hadir company` as it is typed: people in and out of tables, whole or not at all."""

import csv
import json
import stat
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from tests.commands import call_hadir
from tests.test_cli import count, run_hadir

HEADER = "emp_code,first_name,department,area,last_name,email,position,hire_date,app_role"
MONA = "007,Mona,Sales,Dubai Office; Store,,mona@x.example,Clerk,2020-02-29,employee"
OMAR = "1002,Omar,Sales,Store,,,,2021-01-01,administrator"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A folder with a gateway in which Demo Trading is, and nobody in it."""
    made = call_hadir(
        tmp_path, "company", "create", "Demo Trading", "--timezone", "Asia/Dubai",
        "--administrator", "admin@x.example", "--credentials", "admin.json",
    )  # fmt: skip
    assert (made.returncode, made.stderr) == (0, "")
    return tmp_path


def write_people(folder: Path, *lines: str) -> str:
    (folder / "people.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    return "people.csv"


def write_sheet(folder: Path, *lines: list[object]) -> str:
    with xlsxwriter.Workbook(folder / "people.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([HEADER.split(","), *lines]):
            sheet.write_row(row, 0, cells)
    return "people.xlsx"


def read_export(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [",".join(row) for row in csv.reader(opened)]


def test_a_company_is_made_once_and_its_password_told_once(company: Path) -> None:
    made = json.loads((company / "admin.json").read_text())
    assert (made["company"], made["username"], len(made["password"]) > 15) == ("Demo Trading", "admin@x.example", True)
    assert stat.S_IMODE((company / "admin.json").stat().st_mode) == 0o600
    again = call_hadir(
        company, "company", "create", "demo trading", "--timezone", "Asia/Dubai", "--administrator", "b@x.example"
    )
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "There is a company 'demo-trading' already: choose another name.\n"
    assert (count(company, "companies"), count(company, "system_users")) == (1, 1)


def test_a_dry_run_reports_each_row_and_keeps_nothing(company: Path) -> None:
    file = write_people(company, MONA, OMAR)
    tried = call_hadir(company, "company", "import", file, "--company", "Demo Trading", "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert [line.split()[1:6:2] for line in tried.stdout.splitlines() if "│ 007" in line] == [["2", "007", "Mona"]]
    assert "2 would come in. Nothing was imported" in tried.stdout
    assert (count(company, "employees"), count(company, "departments")) == (0, 0)


def test_one_wrong_row_and_nobody_comes_in(company: Path) -> None:
    file = write_people(company, MONA, "1002,,Sales,Store,,,,yesterday,")
    for arguments in ((), ("--dry-run",)):
        refused = call_hadir(company, "company", "import", file, "--company", "Demo Trading", *arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.splitlines() == [
            "line 3, first_name: is empty",
            "line 3, hire_date: is no date; one looks like 2026-03-02",
            "Nothing was imported.",
        ]
    assert count(company, "employees") == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(company: Path, kind: str) -> None:
    done = call_hadir(company, "company", "import", write_people(company, MONA, OMAR), "--company", "demo trading")
    assert (done.returncode, done.stderr) == (0, "")
    out = run_hadir(company, "company", "export", f"out.{kind}", "--company", "Demo Trading")
    assert (out.returncode, out.stdout) == (0, f"2 people are in out.{kind}.\n")
    assert stat.S_IMODE((company / f"out.{kind}").stat().st_mode) & 0o077 == 0
    second = ("company", "init", f"out.{kind}", "--company", "Second", "--timezone", "Asia/Dubai")
    assert call_hadir(company, *second).returncode == 0
    assert call_hadir(company, "company", "export", "again.csv", "--company", "Second").returncode == 0
    assert read_export(company / "again.csv") == [HEADER, MONA, OMAR]


def test_a_sheet_means_what_it_shows(company: Path) -> None:
    """Numbers, a number as text, a blank in the middle, and empty rows at the end."""
    file = write_sheet(
        company,
        ["007", "Mona", "Sales", "Store", None, None, None, "2020-02-29"],
        [1002, "=Omar", "Sales", 14],
        [None, " "],
    )
    done = call_hadir(company, "company", "import", file, "--company", "Demo Trading", "--credentials", "who.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [person["emp_code"] for person in json.loads((company / "who.json").read_text())] == ["007", "1002"]
    assert call_hadir(company, "company", "export", "out.xlsx", "--company", "Demo Trading").returncode == 0
    sheet = python_calamine.CalamineWorkbook.from_path(company / "out.xlsx").get_sheet_by_index(0).to_python()
    assert [row[:4] for row in sheet[1:]] == [["007", "Mona", "Sales", "Store"], ["1002", "=Omar", "Sales", "14"]]


def test_the_lines_of_a_csv_are_those_of_its_spreadsheet(company: Path) -> None:
    """An empty row counts, and a cell of two lines is in one."""
    file = write_people(
        company, MONA, ",,,,,,,,", "", '1002,Omar,"Sales,\nand more",Store,,,,,', "1003,,Sales,Store,,,,,,x"
    )
    refused = call_hadir(company, "company", "import", file, "--company", "Demo Trading")
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == [
        "line 6, a column without a name", "line 6, first_name", "Nothing was imported.",
    ]  # fmt: skip
    file = write_people(company, MONA, "", '1002,Omar,"Sales,\nand more",Store,,,,,')
    assert call_hadir(company, "company", "import", file, "--company", "Demo Trading").returncode == 0
    assert call_hadir(company, "company", "export", "out.csv", "--company", "Demo Trading").returncode == 0
    assert read_export(company / "out.csv")[2].split(",")[:4] == ["1002", "Omar", "Sales", "\nand more"]


def test_a_column_that_stands_twice_is_refused(company: Path) -> None:
    (company / "people.csv").write_text("emp_code,first_name,department,area, emp_code\n7,Mona,Sales,Store,8\n")
    refused = call_hadir(company, "company", "import", "people.csv", "--company", "Demo Trading")
    assert (refused.returncode, refused.stderr) == (2, "people.csv has the column emp_code twice.\n")


def test_files_that_are_no_tables_are_sentences(company: Path) -> None:
    (company / "people.xlsx").write_text("no zip")
    (company / "people.csv").write_bytes(b"\xff\xfe")
    (company / "people.txt").write_text(HEADER)
    for file, said in (("people.xlsx", "is no XLSX"), ("people.csv", "no UTF-8"), ("people.txt", "neither .csv nor")):
        refused = call_hadir(company, "company", "import", file, "--company", "Demo Trading")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


def test_nothing_is_written_over_unasked(company: Path) -> None:
    (company / "out.csv").write_text("mine")
    refused = call_hadir(company, "company", "export", "out.csv", "--company", "Demo Trading")
    assert (refused.returncode, (company / "out.csv").read_text()) == (2, "mine")
    assert call_hadir(company, "company", "export", "out.csv", "--company", "Demo Trading", "--force").returncode == 0
    assert read_export(company / "out.csv") == [HEADER]


def test_a_company_nobody_made_is_a_sentence(company: Path) -> None:
    refused = call_hadir(company, "company", "export", "out.csv", "--company", "Elsewhere")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "There is no company 'Elsewhere'. There is: Demo Trading.\n"
