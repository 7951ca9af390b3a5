"""The document of a team's month, opened again."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.i18n import LANGUAGES, translator_for
from bot.papers.team_ledger import COLUMNS
from bot.papers.team_pdf import write_team_pdf
from tests.papers.test_team_sheet import build_ledger, build_totals


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_line_for_each_person_and_the_sums_below(language: str) -> None:
    (page,) = PdfReader(BytesIO(write_team_pdf(build_ledger(language)))).pages
    said = page.extract_text()
    for expected in ("Demo Trading", "Mona", "0017", "Sales", "150:30", "301:00", "352:00", "1 / 1"):
        assert expected in said, expected


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "id"])
def test_no_word_of_a_heading_is_parted(language: str) -> None:
    t = translator_for(language)
    (page,) = PdfReader(BytesIO(write_team_pdf(build_ledger(language)))).pages
    said = page.extract_text()
    for _, label in COLUMNS:
        assert all(word in said for word in t.gettext(label).split()), label


def test_every_page_has_its_heading_and_the_last_one_the_sums() -> None:
    many = [build_totals(str(n), f"Store {n}", "Stores") for n in range(100)]
    pages = [page.extract_text() for page in PdfReader(BytesIO(write_team_pdf(build_ledger("en", *many)))).pages]
    assert ["Employee code" in page for page in pages] == [True, True, True]
    assert ["Total" in page for page in pages] == [False, False, True]
    assert "Store 99" in pages[-1]


def test_arabic_is_laid_out_from_the_right() -> None:
    t = translator_for("ar")
    (page,) = PdfReader(BytesIO(write_team_pdf(build_ledger("ar")))).pages
    found: list[tuple[float, str]] = []
    page.extract_text(visitor_text=lambda text, _user, at, _font, _size: found.append((float(at[4]), text.strip())))
    assert set("عمر" + t("Team")) <= {letter for _, text in found for letter in text}
    middle = float(page.mediabox.width) / 2
    assert [x > middle for x, text in found if text == "Mona"] == [True]
    assert [x > middle for x, text in found if text == "0:25"] == [False, False]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_very_long_name_ends_in_an_ellipsis_and_can_be_read(language: str) -> None:
    name = "Maximiliano Alejandro Rodríguez-Fernández de la Torre y González del Castillo"
    longish = "Mona Abdulrahman Al Suwaidi Bin Rashid"
    totals = [build_totals("1", name, name), build_totals("2", longish, "x" * 90), build_totals("3", "Mona", "Sales")]
    (page,) = PdfReader(BytesIO(write_team_pdf(build_ledger(language, *totals)))).pages
    sizes: list[float] = []
    page.extract_text(visitor_text=lambda text, _user, at, _font, size: sizes.append(size) if text.strip() else None)
    assert min(sizes) >= 6
    said = page.extract_text()
    assert "Maximiliano Alejandro" in said
    assert longish in said, "a little smaller"
    assert "Castillo" not in said
    assert said.count("…") == 3


def test_nobody_is_a_document_too() -> None:
    assert write_team_pdf(replace(build_ledger("en"), totals=(), people=0)).startswith(b"%PDF")
