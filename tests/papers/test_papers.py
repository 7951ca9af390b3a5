"""The sheet and the document of time cards, opened again."""

import zipfile
from dataclasses import replace
from datetime import date, time, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from bot.i18n import LANGUAGES, translator_for
from bot.papers.ledger import COLUMNS, Entry, Ledger, build_entries, totals_of
from bot.papers.names import NAMES
from bot.papers.pdf import write_pdf
from bot.papers.sheet import write_sheet
from bot.services.workdays import Mark
from tests.services.cards_of_days import CARD

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = date(2026, 3, 1)
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "https://x.example", "007", "1e5"]


def build_entry(on: date) -> Entry:
    if on.weekday() >= 5:
        return Entry(on, Mark.REST if on.day % 7 else Mark.NONE, "", *[None] * 11)
    return Entry(
        workdate=on,
        mark=Mark.LATE,
        timetable="Office",
        check_in=time(9),
        check_out=time(18),
        clock_in=time(9, 25),
        clock_out=time(18, 5),
        due=8 * HOUR,
        worked=7 * HOUR + 35 * MINUTE,
        late=25 * MINUTE,
        early_leave=None,
        absent=None,
        leave=None,
        overtime=None,
    )


def build_ledger(language: str, days: int = 31, name: str = "Mona Saleh") -> Ledger:
    entries = tuple(build_entry(FIRST + timedelta(days=n)) for n in range(days))
    last = entries[-1].workdate
    return Ledger(language, name, "0013", "Sales", "Executive", "Demo Trading", FIRST, last, last, entries)


def read_sheet(made: bytes) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()]


def members(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(made)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


# -- the sheet ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_sheet_holds_dates_times_and_durations(language: str) -> None:
    t, ledger = translator_for(language), build_ledger(language)
    rows = read_sheet(write_sheet(ledger))
    assert rows[0][0] == t("Time cards")
    assert [t("Name"), "Mona Saleh"] in [row[:2] for row in rows]
    head = next(n for n, row in enumerate(rows) if row[0] == t("Date"))
    assert rows[head] == [t.gettext(label) for _, label in COLUMNS]
    monday = rows[head + 2]
    assert monday[:3] == [date(2026, 3, 2), t.gettext(NAMES[Mark.LATE]), "Office"]
    assert monday[3:7] == [time(9), time(18), time(9, 25), time(18, 5)]
    assert monday[7:10] == [8 * HOUR, 7 * HOUR + 35 * MINUTE, 25 * MINUTE]
    assert monday[10:] == [""] * 4
    assert rows[-1][0] == t("Total")
    # "Total" is French and Spanish, too.
    assert language in ("en", "fr", "es") or rows[-1][0] != "Total", "it is in the catalogues"


def test_the_totals_are_of_what_stands_above() -> None:
    ledger = build_ledger("en")
    *_, total = read_sheet(write_sheet(ledger))
    assert total[0] == "Total"
    # Twenty-two days of work.
    assert total[7:10] == [176 * HOUR, 22 * (7 * HOUR + 35 * MINUTE), 22 * 25 * MINUTE]
    assert totals_of(ledger.entries)["late"] == 550 * MINUTE


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    plain = build_ledger("en", 3, name)
    entries = tuple(replace(entry, timetable=name) for entry in plain.entries)
    made = write_sheet(replace(plain, entries=entries, department=name, position=name, company=name, emp_code=name))
    cells = [cell for row in read_sheet(made) for cell in row]
    assert cells.count(name) == 5 + 3
    sheets = [text for member, text in members(made).items() if member.startswith("xl/worksheets/")]
    assert sheets
    for text in sheets:
        assert "<f>" not in text
        assert "<f " not in text
        assert "hyperlink" not in text


def test_a_sheet_is_read_from_the_side_its_language_begins() -> None:
    arabic, english = (members(write_sheet(build_ledger(code)))["xl/worksheets/sheet1.xml"] for code in ("ar", "en"))
    assert 'rightToLeft="1"' in arabic
    assert "rightToLeft" not in english


# -- the document ------------------------------------------------------------------------------------------------------


def test_a_document_says_everything() -> None:
    pages = PdfReader(BytesIO(write_pdf(build_ledger("en")))).pages
    assert len(pages) == 1, "a month is one page"
    said = pages[0].extract_text()
    for expected in (
        "Time cards",
        "Mona Saleh",
        "0013",
        "Mon, 2 Mar 2026",
        "09:25",
        "18:05",
        "7:35",
        "Day of rest",
        "No timetable",
        "Late",
    ):
        assert expected in said, expected
    assert "176:00" in said, "the total"
    assert "1 / 1" in said


def test_arabic_is_laid_out_from_the_right() -> None:
    t = translator_for("ar")
    page = PdfReader(BytesIO(write_pdf(build_ledger("ar", 5, "منى صالح")))).pages[0]
    found: list[tuple[float, str]] = []
    page.extract_text(visitor_text=lambda text, _user, at, _font, _size: found.append((float(at[4]), text.strip())))
    # The dots of a letter are glyphs of their own, without a meaning: they stand among the letters.
    assert set(t("Late") + "صالح" + "مارس") <= {letter for _, text in found for letter in text}
    middle = float(page.mediabox.width) / 2
    assert [x > middle for x, text in found if text == "09:25"] == [False] * 4, "the punch is left of the date"
    assert [x > middle for x, text in found if "Office" in text] == [True] * 4


@pytest.mark.parametrize("name", ["محمد Ali", "अनिल", "Éloïse", "Сергей", "Zoë 李"])
def test_a_name_of_another_script_does_not_break_it(name: str) -> None:
    for language in ("en", "ar"):
        assert write_pdf(build_ledger(language, 2, name)).startswith(b"%PDF")


def test_a_year_has_its_heading_on_every_page() -> None:
    pages = PdfReader(BytesIO(write_pdf(build_ledger("en", 90)))).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        said = page.extract_text()
        assert "Timetable" in said
        assert f"{number} / 3" in said
    assert pages[-1].extract_text().count("Total") == 1


@pytest.mark.parametrize("write", [write_sheet, write_pdf])
def test_a_period_without_cards_can_be_written(write: object) -> None:
    assert callable(write)
    assert write(replace(build_ledger("en"), entries=()))


def test_a_day_of_rest_has_no_scheduled_hours() -> None:
    """BioTime says midnight where it means none."""
    rest = replace(CARD, timetable="", check_in=time(0), check_out=time(0), duty_duration=timedelta(0))
    (entry,) = build_entries([rest])
    assert (entry.check_in, entry.check_out) == (None, None)
