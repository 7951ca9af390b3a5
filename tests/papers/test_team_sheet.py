"""The sheet of a team's month, opened again."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bot.i18n import LANGUAGES, translator_for
from bot.papers.team_ledger import COLUMNS, TeamLedger
from bot.papers.team_sheet import MOST_DEPARTMENTS, name_sheets, write_team_sheet
from bot.services.totals import Member, Totals
from tests.papers.test_papers import NASTY, members

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def build_totals(code: str, name: str, department: str) -> Totals:
    return Totals(
        Member(code, name, department), days=19, due=176 * HOUR, worked=150 * HOUR + 30 * MINUTE, late=2,
        late_by=25 * MINUTE, absent=1, leave=2, overtime=3 * HOUR, missing=(date(2026, 3, 6),), early=3,
        early_by=40 * MINUTE,
    )  # fmt: skip


def build_ledger(language: str, *totals: Totals, people: int = 0) -> TeamLedger:
    shown = totals or (build_totals("1001", "Mona", "Sales"), build_totals("0017", "عمر", "Stores"))
    return TeamLedger(language, "Demo Trading", FIRST, LAST, LAST, people or len(shown), shown)


def read_book(made: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_line_for_each_person_and_the_sums_below(language: str) -> None:
    t = translator_for(language)
    book = read_book(write_team_sheet(build_ledger(language)))
    assert list(book) == [t("Team"), "Sales", "Stores"]
    rows = book[t("Team")]
    head = next(n for n, row in enumerate(rows) if row[0] == t("Name"))
    assert rows[head] == [t.gettext(label) for _, label in COLUMNS]
    assert rows[head + 1] == [
        "Mona", "1001", "Sales", 19.0, 176 * HOUR, 150 * HOUR + 30 * MINUTE, 2.0, 25 * MINUTE, 3.0, 40 * MINUTE,
        1.0, 2.0, 3 * HOUR, 1.0,
    ]  # fmt: skip
    assert rows[head + 2][1] == "0017", "a code is text"
    assert rows[-1][0] == t("Total")
    assert rows[-1][3:6] == [38.0, 352 * HOUR, 301 * HOUR]
    assert [row[0] for row in book["Stores"][head + 1 :]] == ["عمر", t("Total")]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    one = build_totals(name, name, name)
    made = write_team_sheet(replace(build_ledger("en", one, build_totals("2", "Mona", "Sales")), company=name))
    cells = [cell for rows in read_book(made).values() for row in rows for cell in row]
    # In two sheets as person, code and department; the company's in three.
    assert cells.count(name) >= 2 * 3 + 3
    for member, text in members(made).items():
        if member.startswith("xl/worksheets/"):
            assert "<f>" not in text
            assert "<f " not in text
            assert "hyperlink" not in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_long_name_is_there_whole_in_a_row_as_high_as_it_needs(language: str) -> None:
    name = "Maximiliano Alejandro Rodríguez-Fernández de la Torre y González del Castillo"
    short, long = build_totals("1", "Mona", "Sales"), build_totals("2", name, f"Stores of {name}")
    made = write_team_sheet(build_ledger(language, replace(short, days=0), replace(long, days=0)))
    assert name in [row[0] for row in read_book(made)[translator_for(language)("Team")]]
    (sheet,) = (text for member, text in members(made).items() if member == "xl/worksheets/sheet1.xml")
    rows = re.findall(r"<row .*?>", sheet)
    heights = [float(found[1]) if (found := re.search(r'ht="([\d.]+)"', row)) else 0 for row in rows]
    assert heights[-3] == 0, "Mona's is as others are"
    assert heights[-2] >= 4 * 15
    assert 'wrapText="1"' in members(made)["xl/styles.xml"]


def test_of_whom_there_is_no_room_it_says_so() -> None:
    rows = read_book(write_team_sheet(build_ledger("en", people=6000)))["Team"]
    assert ["People", "2 of 6,000 people, the absent and the late first"] in [row[:2] for row in rows]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_each_sheet_counts_its_own_people(language: str) -> None:
    t = translator_for(language)
    stores = [build_totals(str(n), f"Store {n}", "Stores") for n in range(3)]
    book = read_book(write_team_sheet(build_ledger(language, build_totals("9", "Mona", "Sales"), *stores)))
    told = {name: row[1] for name, rows in book.items() for row in rows if row[0] == t("People")}
    people = {n: t.plural("{n} person", "{n} people", n) for n in (1, 3, 4)}
    assert told == {t("Team"): people[4], "Sales": people[1], "Stores": people[3]}


def test_names_of_sheets_are_those_that_excel_takes() -> None:
    odd = ["Team", "team", "A/B: [C]*?\\", "'quoted'", "", "History", "x" * 40, "x" * 41]
    names = name_sheets(odd)
    assert names == ["Team", "team (2)", "A B   C", "quoted", "-", "History (2)", "x" * 31, "x" * 27 + " (2)"]
    assert len({name.casefold() for name in names}) == len(odd)


def test_nobody_is_left_out_where_there_are_too_many_departments() -> None:
    many = [build_totals(str(n), f"Store {n}", f"Department {n}") for n in range(MOST_DEPARTMENTS + 1)]
    book = read_book(write_team_sheet(build_ledger("en", *many)))
    assert list(book) == ["Team"]
    assert len([row for row in book["Team"] if str(row[0]).startswith("Store")]) == len(many)


def test_it_is_read_from_the_side_its_language_begins() -> None:
    arabic = members(write_team_sheet(build_ledger("ar")))
    sheets = [text for member, text in arabic.items() if member.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert all('rightToLeft="1"' in text for text in sheets)
