"""The sheet of a rehearsal, opened again."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bot.i18n import LANGUAGES, translator_for
from bot.papers.rehearsal_sheet import write_rehearsal_sheet
from bot.papers.rehearsal_table import COLUMNS, RehearsalTable, Row
from tests.papers.test_papers import NASTY, members

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
MONA = Row(date(2026, 3, 2), time(0), "By name", "Mona", "0017", "Office", "Dubai Office", "was absent")
OMAR = Row(date(2026, 3, 3), None, "", "عمر", "1002", "Office", "", "was absent, and nobody told.")


def build_table(language: str, *rows: Row) -> RehearsalTable:
    return RehearsalTable(language, "Demo Trading", FIRST, LAST, LAST, ("Told as missing: 1", "-"), rows)


def read_rows(table: RehearsalTable) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(write_rehearsal_sheet(table)))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_row_for_each_alert_below_the_sums(language: str) -> None:
    t, rows = translator_for(language), read_rows(build_table(language, MONA, OMAR))
    assert rows[0][0] == t("Rehearsal of alerts")
    assert [row[0] for row in rows[3:5]] == ["Told as missing: 1", "-"]
    assert rows[6] == [t.gettext(label) for _, label in COLUMNS]
    day, told, *rest = rows[7]
    assert day == date(2026, 3, 2)
    assert told in (time(0), timedelta(0)), "midnight is a time, and no empty cell"
    assert rest == ["By name", "Mona", "0017", "Office", "Dubai Office", "was absent"]
    assert rows[8][1:3] == ["", ""], "nobody was told"
    assert len(rows) == 9


def test_without_an_alert_there_are_the_sums() -> None:
    assert len(read_rows(build_table("en"))) == 7


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    row = replace(MONA, name=name, emp_code=name, timetable=name, place=name, said=name)
    table = replace(build_table("en", row), company=name, sums=(name,))
    assert [cell for one in read_rows(table) for cell in one].count(name) == 7
    for member, text in members(write_rehearsal_sheet(table)).items():
        if member.startswith("xl/worksheets/"):
            assert "<f>" not in text
            assert "<f " not in text
            assert "hyperlink" not in text


def test_a_long_sentence_takes_as_many_lines_as_it_needs() -> None:
    long = replace(OMAR, name="Maximiliano Alejandro Rodríguez-Fernández de la Torre", said="was absent, and " * 9)
    sheet = members(write_rehearsal_sheet(build_table("en", MONA, long)))["xl/worksheets/sheet1.xml"]
    short, high = (re.search(r'ht="([\d.]+)"', row) for row in re.findall(r"<row .*?>", sheet)[-2:])
    assert short is None
    assert high is not None
    assert float(high[1]) >= 3 * 15


def test_it_is_read_from_the_side_its_language_begins() -> None:
    sheet = members(write_rehearsal_sheet(build_table("ar", MONA)))["xl/worksheets/sheet1.xml"]
    assert 'rightToLeft="1"' in sheet
