"""The month and the week as pictures: the right colour at every day, nothing cut off, every letter there."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import metadata
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from babel import Locale
from babel.dates import get_day_names, get_month_names
from fontTools.ttLib import TTFont
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image, ImageChops

from bot.i18n import LANGUAGES, translator_for
from bot.papers.canvas import WIDTH, Box, Canvas
from bot.papers.colours import DARK, LIGHT, Theme, theme_of
from bot.papers.figures import Figures, TeamFigures
from bot.papers.fonts import families_of, path_of
from bot.papers.month import draw_month, square_of
from bot.papers.names import NAMES
from bot.papers.rehearsal import KINDS, draw_rehearsal, parts_of
from bot.papers.rehearsal_figures import Figures as RehearsalFigures
from bot.papers.team_week import draw_team
from bot.papers.team_week import square_of as team_square
from bot.papers.week import draw_week, sign_of
from bot.services.workdays import Mark
from tests.papers.samples import FIRST, TODAY, build_month, build_rehearsal, build_team, build_week

ALL_LANGUAGES = ("en", "ar", "hi", "ur", "fr", "es", "ru", "id")
EN = translator_for("en")


def open_picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def colour_at(picture: Image.Image, x: float, y: float, *, rtl: bool) -> str:
    pixel = picture.getpixel((round(WIDTH - 1 - x if rtl else x), round(y)))
    assert isinstance(pixel, tuple)
    return "#" + "".join(f"{part:02x}" for part in pixel)


def edge_of(box: Box) -> tuple[float, float]:
    """Inside of it, where neither a number nor a shape is."""
    return box.x + box.width / 2, box.y + 9


# -- what is where -----------------------------------------------------------------------------------------------------

# In the dark are other colours in the same places: once in each direction of writing is enough.
EVERYWHERE = [
    (language, dark) for language in LANGUAGES for dark in (False, True) if not dark or language in ("en", "ar")
]


@pytest.mark.parametrize(("language", "dark"), EVERYWHERE)
def test_every_day_of_the_month_has_its_colour(language: str, dark: bool) -> None:
    t, figures, theme = translator_for(language), build_month(language, dark=dark), theme_of(dark=dark)
    picture = open_picture(draw_month(figures))
    assert picture.width == WIDTH
    for day in figures.days:
        at = edge_of(square_of(t, figures, day))
        assert colour_at(picture, *at, rtl=t.rtl) == theme.marks[day.mark][0], day
    assert colour_at(picture, 4, 4, rtl=t.rtl) == theme.paper


@pytest.mark.parametrize(("language", "dark"), EVERYWHERE)
def test_every_day_of_the_week_has_its_colour(language: str, dark: bool) -> None:
    t, figures, theme = translator_for(language), build_week(language, dark=dark), theme_of(dark=dark)
    picture = open_picture(draw_week(figures))
    for n, day in enumerate(figures.days):
        assert colour_at(picture, *edge_of(sign_of(n)), rtl=t.rtl) == theme.marks[day.mark][0], day


@pytest.mark.parametrize(("language", "dark"), EVERYWHERE)
def test_every_day_of_everybody_in_a_team_has_its_colour(language: str, dark: bool) -> None:
    t, figures, theme = translator_for(language), build_team(language, dark=dark), theme_of(dark=dark)
    picture = open_picture(draw_team(figures))
    for row, stripe in enumerate(figures.stripes):
        for column, mark in enumerate(stripe.marks):
            at = edge_of(team_square(figures, row, column))
            assert colour_at(picture, *at, rtl=t.rtl) == theme.marks[mark][0], (stripe.name, column)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_part_of_a_rehearsal_s_days_has_its_colour(language: str, dark: bool) -> None:
    t, figures, theme = translator_for(language), build_rehearsal(language, dark=dark), theme_of(dark=dark)
    picture = open_picture(draw_rehearsal(figures))
    seen = set()
    for n, mark, box in parts_of(figures.days):
        at = box.x + 4, box.y + box.height / 2
        assert colour_at(picture, *at, rtl=t.rtl) == theme.marks[mark][0], (n, mark)
        seen.add(mark)
    assert seen == {mark for _, mark, _ in KINDS}


def test_a_rehearsal_s_bars_are_as_high_as_there_were_many() -> None:
    days = build_rehearsal("en").days
    heights = {(n, mark): box.height for n, mark, box in parts_of(days)}
    one = heights[0, Mark.LATE]
    assert days[0].tally.late == 1
    for (n, mark), height in heights.items():
        name = next(name for name, kind, _ in KINDS if kind is mark)
        assert height == pytest.approx(one * getattr(days[n].tally, name))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_calendar_is_the_weeks_of_the_language(language: str) -> None:
    """March 2026 begins on a Sunday: the last column of a week from Monday, on the other side in Arabic."""
    t, figures = translator_for(language), build_month(language)
    first, second = (square_of(t, figures, figures.days[n]) for n in (0, 1))
    assert first.x > second.x
    assert first.y < second.y


def test_the_bars_are_as_long_as_the_work() -> None:
    picture = open_picture(draw_month(build_month("en")))
    lengths = {day: _bar_length(picture, day) for day in (2, 4, 5, 11, 23)}
    assert lengths[4] == 0
    for day, hours in ((5, 6.5), (11, 10), (23, 2)):
        assert lengths[day] == pytest.approx(lengths[2] * hours / 8, abs=8), day


def _bar_length(picture: Image.Image, day: int) -> int:
    """From the base upwards, in the middle of the day's column; the line of the schedule lies over it."""
    column = (WIDTH - 44 - 100) / 31
    x = 100 + (day - 0.5) * column
    bar = [y for y in range(900, picture.height) if colour_at(picture, x, y, rtl=False) == LIGHT.bar]
    return max(bar) - min(bar) + 1 if bar else 0


def test_today_has_a_frame() -> None:
    figures = build_month("en")
    picture = open_picture(draw_month(figures))
    box = square_of(EN, figures, figures.days[TODAY.day - 1])
    assert colour_at(picture, box.x + box.width / 2, box.y + 1, rtl=False) == LIGHT.ink


# -- what can be read --------------------------------------------------------------------------------------------------

DRAWN: list[tuple[str, Callable[[Any], bytes], Figures | TeamFigures | RehearsalFigures]] = [
    (f"{language}-{name}", draw, figures)
    for language in LANGUAGES
    for name, draw, figures in (
        ("month", draw_month, build_month(language)),
        ("week", draw_week, build_week(language)),
        ("team", draw_team, build_team(language)),
        ("rehearsal", draw_rehearsal, build_rehearsal(language)),
        ("rehearsal of a week", draw_rehearsal, build_rehearsal(language, days=7)),
        ("rehearsal of many", draw_rehearsal, build_rehearsal(language, busy=400)),
        ("large team", draw_team, build_team(language, rows=30, people=120)),
    )
]


@pytest.fixture
def canvases(monkeypatch: pytest.MonkeyPatch) -> list[Canvas]:
    """Those that are drawn on from now on; where the texts stand is known before there are pixels, and without them."""
    found: list[Canvas] = []

    def note(canvas: Canvas) -> bytes:
        found.append(canvas)
        return b""

    monkeypatch.setattr(Canvas, "png", note)
    return found


def _texts(canvas: Canvas) -> list[tuple[str, Bbox]]:
    texts = [artist for artist in canvas._figure.get_children() if isinstance(artist, Text)]
    return [(text.get_text(), text.get_window_extent(canvas._renderer)) for text in texts]


@pytest.mark.parametrize(("draw", "figures"), [case[1:] for case in DRAWN], ids=[case[0] for case in DRAWN])
def test_no_text_is_cut_off_or_written_over(
    canvases: list[Canvas], draw: Callable[[Any], bytes], figures: Figures | TeamFigures
) -> None:
    draw(figures)
    (canvas,) = canvases
    texts = _texts(canvas)
    assert len(texts) > 12
    for said, box in texts:
        assert 8 <= box.x0 < box.x1 <= WIDTH - 8, said
        assert 0 <= box.y0 < box.y1 <= canvas.height, said
        # On a phone a picture is a third as wide: eight of its pixels at least.
        assert box.height > 12 or said == "-", said
    for (said, box), (other, its) in combinations(texts, 2):
        across = min(box.x1, its.x1) - max(box.x0, its.x0)
        up = min(box.y1, its.y1) - max(box.y0, its.y0)
        # A line has room above and below its letters, more so in Arabic: that may be shared.
        assert across <= 1 or up <= 0.25 * (box.height + its.height), (said, other)


def said_in(canvas: Canvas) -> list[str]:
    return [said for said, _ in _texts(canvas)]


@pytest.mark.parametrize(
    ("people", "told"), [(30, "30 people"), (120, "30 of 120 people, the absent and the late first")]
)
def test_how_many_of_a_team_are_shown_is_said(canvases: list[Canvas], people: int, told: str) -> None:
    draw_team(build_team("en", rows=30, people=people))
    assert told in said_in(canvases[0])


def test_a_name_in_a_script_without_letters_here_is_the_code(canvases: list[Canvas]) -> None:
    """No boxes; and of a name that is too long the beginning."""
    figures = build_team("ar")
    odd = [replace(figures.stripes[0], name=name) for name in ("李小龍", "Ali 👷", "Жан-Люк", "x" * 200)]
    draw_team(replace(figures, stripes=tuple(odd)))
    said = said_in(canvases[0])
    assert said.count("1000") == 2
    assert "Жан-Люк" in said
    assert not [text for text in said if "李" in text or len(text) > 60]


@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_every_letter_is_in_the_fonts(language: str) -> None:
    """Also of languages that nobody has translated yet: names of days and months, digits, and what the marks are."""
    letters = {number for family in families_of(language) for number in TTFont(path_of(family)).getBestCmap()}
    locale = Locale(language)
    said = [*get_day_names("abbreviated", "stand-alone", locale).values(), *get_month_names(locale=locale).values()]
    said += ["0123456789:·–?", locale.display_name or ""]
    if language in LANGUAGES:
        said += [translator_for(language).gettext(name) for name in NAMES.values()]
    wanted = {letter for text in said for letter in text if unicodedata.category(letter) not in ("Cf", "Zs")}
    assert {letter for letter in wanted if ord(letter) not in letters} == set()


def test_the_language_s_own_font_comes_first() -> None:
    """Latin letters stand in Noto Sans Arabic, too, but not the other way round."""
    assert [families_of(language)[0] for language in ("en", "ru", "ar", "ur", "hi")] == [
        "Noto Sans", "Noto Sans", "Noto Sans Arabic", "Noto Sans Arabic", "Noto Sans Devanagari",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["fontpkg-noto-sans", "fontpkg-noto-sans-arabic", "fontpkg-noto-sans-devanagari"])
def test_the_fonts_are_free(name: str) -> None:
    assert metadata(name)["License-Expression"] == "OFL-1.1"


# -- who does not tell colours apart -----------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_on_a_colour_stands_out(theme: Theme) -> None:
    """WCAG's 4.5 for text; 3 for what is no text."""
    for mark in Mark:
        fill, ink = theme.marks[mark]
        assert _contrast(fill, ink) >= 4.5, mark
    assert _contrast(theme.paper, theme.ink) >= 7
    assert _contrast(theme.paper, theme.quiet) >= 4.5
    assert _contrast(theme.paper, theme.bar) >= 3
    assert _contrast(theme.bar, theme.ink) >= 2


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_mark_has_a_shape_of_its_own() -> None:
    drawn = {}
    for mark in Mark:
        canvas = Canvas(EN, LIGHT, 120)
        canvas.mark(mark, 60, 60, 60, "#000000")
        drawn[mark] = open_picture(canvas.png())
    for one, other in combinations(Mark, 2):
        assert ImageChops.difference(drawn[one], drawn[other]).getbbox(), (one, other)


def test_the_same_figures_are_the_same_bytes() -> None:
    assert draw_week(build_week("en")) == draw_week(build_week("en"))
    assert FIRST.day == 1
