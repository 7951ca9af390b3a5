"""A table as a PDF: A4 across, over as many pages as it takes, mirrored where people read from the right."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from babel.dates import format_skeleton
from fpdf import FPDF
from fpdf.drawing_primitives import color_from_hex_string
from fpdf.enums import Align, TextMode

from bot.i18n import Translator
from bot.papers.colours import LIGHT
from bot.papers.fonts import families_of, path_of
from bot.papers.ledger import Value
from bot.services.workdays import Mark

# In millimetres.
MARGIN, HEAD = 12.0, 10.0
# A month fits on one page.
ROW = 4.4
_FOOT = 13.0
_LABEL = 32.0
_SIZE, _SMALL = 8.0, 7.0
# In points, on paper: what is smaller nobody reads.
_SMALLEST = 6.0
# A heading's words are known, and may be smaller than be parted.
_HEAD_LINE, _LEAST_HEADING = 4.0, 5.5
_SANS = "sans"
_SURE = 6
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"


class Document(FPDF):
    """`columns`: the names of what stands in them, and their headings; `words` are those that hold words. `widths` in
    millimetres of some; the others share the rest."""

    def __init__(
        self,
        t: Translator,
        title: str,
        made_on: date,
        columns: Sequence[tuple[str, str]],
        *,
        words: Collection[str],
        widths: Mapping[str, float],
    ) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self._t = t
        self._title = title
        self._columns = columns
        self._words = words
        self.set_auto_page_break(False)
        self.set_margin(MARGIN)
        self.set_title(title)
        self.set_author("Hadir")
        self.set_lang(t.language)
        self.set_creation_date(datetime.combine(made_on, time(), UTC))
        self._add_fonts()
        rest = self.w - 2 * MARGIN - sum(widths.values())
        each = rest / (len(columns) - len(widths))
        self._widths = [widths.get(name, each) for name, _ in columns]

    def _add_fonts(self) -> None:
        """The language's font, and the others for names in other scripts."""
        own, *others = families_of(self._t.language)
        self.add_font(_SANS, "", path_of(own))
        for family in others:
            self.add_font(family, "", path_of(family))
        self.set_fallback_fonts(others, exact_match=False)
        self._shape()

    def _shape(self) -> None:
        self.set_text_shaping(True, direction="rtl" if self._t.rtl else "ltr")

    # -- parts ---------------------------------------------------------------------------------------------------------

    def write_facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """The title, and below it each label with its value, in two columns."""
        self._text(self.epw, 9, self._title, size=17)
        self.ln(10)
        self.ln(1)
        half = -(-len(lines) // 2)
        top, room = self.get_y(), self.epw / 2
        for n, (label, value) in enumerate(lines):
            column, line = divmod(n, half)
            self.set_y(top + line * 5)
            self._place(column * room, _LABEL)
            self._text(_LABEL, 5, label, colour=LIGHT.quiet)
            self._place(column * room + _LABEL, room - _LABEL)
            self._text(room - _LABEL, 5, value)
        self.set_y(top + half * 5 + 3)

    def write_head(self) -> None:
        x, labels = 0.0, [self._t.gettext(label) for _, label in self._columns]
        most = max(self._count_lines(width, label) for width, label in zip(self._widths, labels, strict=True))
        high = max(HEAD, _HEAD_LINE * most + 2)
        self.set_fill_color(LIGHT.ink)
        for (name, _), label, width in zip(self._columns, labels, self._widths, strict=True):
            self._place(x, width)
            self.cell(width, high, "", fill=True)
            self._place(x, width)
            self._wrapped(width, high, label, self._align(name))
            x += width
        self.set_xy(MARGIN, self.get_y() + high)

    def write_row(self, values: Sequence[Value], mark: Mark | None = None) -> None:
        """The cell of the column `mark` in that mark's colours."""
        self._row(values, mark)

    def write_sums(self, sums: Mapping[str, Value]) -> None:
        self._break_page()
        self.set_draw_color(LIGHT.ink)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        first, *others = (name for name, _ in self._columns)
        self._row([sums.get(first, self._t("Total")), *(sums.get(name) for name in others)], None, bold=True)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(_SANS, "", _SMALL)
        self.set_text_color(LIGHT.quiet)
        # The same in every language: right to left it would read "2 of 1".
        self.set_text_shaping(True, direction="ltr")
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align=Align.C)
        self._shape()

    # -- cells ---------------------------------------------------------------------------------------------------------

    def _row(self, values: Sequence[Value], mark: Mark | None, *, bold: bool = False) -> None:
        self._break_page()
        x, y = 0.0, self.get_y()
        for (name, _), width, value in zip(self._columns, self._widths, values, strict=True):
            self._place(x, width)
            if name == "mark" and mark not in (None, Mark.PRESENT):
                fill, ink = LIGHT.marks[mark]
                self.set_fill_color(fill)
                self.cell(width, ROW, "", fill=True)
                self._place(x, width)
                self._text(width, ROW, self._show(value), colour=ink, align=self._align(name))
            else:
                self._text(width, ROW, self._show(value), align=self._align(name), bold=bold)
            x += width
        self.set_draw_color(LIGHT.line)
        self.line(MARGIN, y + ROW, self.w - MARGIN, y + ROW)
        self.set_xy(MARGIN, y + ROW)

    def _break_page(self) -> None:
        if self.get_y() + ROW > self.h - _FOOT:
            self.add_page()
            self.write_head()

    def _place(self, x: float, width: float) -> None:
        """At `x` from where reading begins."""
        self.set_x(self.w - MARGIN - x - width if self._t.rtl else MARGIN + x)

    def _text(
        self, width: float, height: float, text: str, *,
        colour: str = LIGHT.ink, size: float = _SIZE, align: Align | None = None, bold: bool = False,
    ) -> None:  # fmt: skip
        """Smaller where it would not fit, as far as it can be read; then it ends in an ellipsis."""
        self.set_text_color(colour)
        self.set_font(_SANS, "", size)
        # Shaping takes its time, and times of day always fit.
        if len(text) > _SURE and (long := self.get_string_width(text)) > (room := width - 2 * self.c_margin):
            self.set_font_size(max(size * room / long, _SMALLEST))
            if size * room / long < _SMALLEST:
                text = self._cut(text, room)
        with self._stroked(colour) if bold else nullcontext(), self._unshaped() if is_figure(text) else nullcontext():
            self.cell(width, height, text, align=align or self._start)

    def _cut(self, text: str, room: float) -> str:
        """As much of it as fits, never half a letter with its marks."""
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            tried = (fits + too_long) // 2
            fits, too_long = (
                (tried, too_long) if self.get_string_width(_shorten(text, tried)) <= room else (fits, tried)
            )
        return _shorten(text, fits)

    @contextmanager
    def _unshaped(self) -> Iterator[None]:
        """Figures look the same, in a tenth of the time: most of a table is them."""
        self.set_text_shaping(False)
        yield
        self._shape()

    @contextmanager
    def _stroked(self, colour: str) -> Iterator[None]:
        """Bold: the fonts hold all their weights, and cutting one out takes half a minute."""
        with self.local_context(
            text_mode=TextMode.FILL_STROKE, line_width=0.12, draw_color=color_from_hex_string(colour)
        ):
            yield

    def _wrapped(self, width: float, high: float, text: str, align: Align) -> None:
        """A heading, in several lines where one is too long."""
        x, y = self.get_x(), self.get_y()
        self.set_text_color("#ffffff")
        self.set_xy(x, y + (high - _HEAD_LINE * self._count_lines(width, text)) / 2)
        self.multi_cell(width, _HEAD_LINE, text, align=align)
        self.set_xy(x, y)

    def _count_lines(self, width: float, heading: str) -> int:
        """Set smaller where a word would be parted."""
        self.set_font(_SANS, "", _SMALL)
        longest, room = max(map(self.get_string_width, heading.split())), width - 2 * self.c_margin
        if longest > room:
            self.set_font_size(max(_SMALL * room / longest - 0.05, _LEAST_HEADING))
        lines: Any = self.multi_cell(width, _HEAD_LINE, heading, dry_run=True, output="LINES")
        return len(lines)

    @property
    def _start(self) -> Align:
        return Align.R if self._t.rtl else Align.L

    def _align(self, name: str) -> Align:
        if name in self._words:
            return self._start
        return Align.L if self._t.rtl else Align.R

    def _show(self, value: Value) -> str:
        match value:
            case None:
                return ""
            case str() | int():
                return str(value)
            case date():
                return format_skeleton("yMMMEd", value, locale=self._t.locale)
            case time():
                return f"{value:%H:%M}"
            case timedelta():
                hours, minutes = divmod(value // timedelta(minutes=1), 60)
                return f"{hours}:{minutes:02}"


def _shorten(text: str, length: int) -> str:
    """The ellipsis goes where the name ends, also in a line that runs the other way."""
    while 0 < length < len(text) and unicodedata.category(text[length]).startswith("M"):
        length -= 1
    kept = text[:length].rstrip()
    strong = next((way for one in reversed(kept) if (way := unicodedata.bidirectional(one)) in ("L", "R", "AL")), "")
    return f"{kept}…" + ("" if not strong else _LEFT_TO_RIGHT if strong == "L" else _RIGHT_TO_LEFT)


def is_figure(text: str) -> bool:
    """ "19", "176:00": nothing of it turns, joins or is written in another font."""
    return text.isascii() and text.replace(":", "").isdecimal()
