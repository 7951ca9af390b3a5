"""Cells of an XLSX: real dates, times and durations; names are text whatever they look like, and no formulas."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from textwrap import wrap
from typing import Any

import xlsxwriter

from bot.i18n import Translator
from bot.papers.ledger import Value

_DAY = timedelta(days=1)
# The months' names in the person's language, whatever Excel's own is: Windows' number of it.
_LOCALES = {"ar": "3801", "en": "809", "es": "C0A", "fr": "40C", "hi": "439", "id": "421", "ru": "419", "ur": "420"}
# In points; Excel's highest row is 409.
_LINE, _MOST_LINES = 15, 27
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def new_book(out: BytesIO, title: str, made_on: date) -> Iterator[Any]:
    with xlsxwriter.Workbook(out, {"in_memory": True, **_SAFE}) as book:
        book.set_properties({"title": title, "author": "Hadir", "created": _at_midnight(made_on)})
        yield book


def frame(sheet: Any, head: int, rows: int, columns: int) -> None:
    """Scrolling keeps the row `head` and the first column in sight; printing puts all columns on a page."""
    sheet.freeze_panes(head + 1, 1)
    if rows:
        sheet.autofilter(head, 0, head + rows, columns - 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&C&P / &N")


class Cells:
    """What is written into one worksheet. Of the same look the book has one format only: Excel counts them."""

    def __init__(self, book: Any, sheet: Any, t: Translator, formats: dict[Any, Any]) -> None:
        self._book = book
        self._sheet = sheet
        self._t = t
        self._formats = formats

    def columns(self, widths: Sequence[int]) -> None:
        """In characters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def row(self, row: int, values: Sequence[Value], look: dict[str, object], widths: Sequence[int]) -> None:
        """A long name takes several lines: in one it would be cut, or run over the empty cells beside it."""
        lines = [_count_lines(one, width) for one, width in zip(values, widths, strict=True) if isinstance(one, str)]
        if (high := max(lines, default=1)) > 1:
            self._sheet.set_row(row, high * _LINE)
        look = {**look, "valign": "vcenter"}
        for column, value in enumerate(values):
            self.value(row, column, value, look | ({"text_wrap": True} if isinstance(value, str) else {}))

    def value(self, row: int, column: int, value: Value, look: dict[str, object]) -> None:
        match value:
            case None:
                self._sheet.write_blank(row, column, None, self._format(look))
            case str():
                self.text(row, column, value, **look)
            case int():
                self._sheet.write_number(row, column, value, self._format(look | {"align": "center"}))
            case date():
                named = f"[$-{_LOCALES.get(self._t.language, '809')}]ddd d mmm yyyy"
                shown = self._format(look | {"num_format": named, "align": self.start})
                self._sheet.write_datetime(row, column, value, shown)
            case time():
                at = timedelta(hours=value.hour, minutes=value.minute)
                self._sheet.write_number(
                    row, column, at / _DAY, self._format(look | {"num_format": "hh:mm", "align": "center"})
                )
            case timedelta():
                shown = self._format(look | {"num_format": "[h]:mm", "align": "center"})
                self._sheet.write_number(row, column, value / _DAY, shown)

    def text(self, row: int, column: int, text: str, **look: object) -> None:
        # Not `write`, which would look at what the text begins with.
        self._sheet.write_string(row, column, text, self._format({"num_format": "@", "align": self.start} | look))

    @property
    def start(self) -> str:
        return "right" if self._t.rtl else "left"

    def _format(self, look: dict[str, object]) -> Any:
        """Of the same look one only: Excel counts them."""
        key = tuple(sorted(look.items(), key=lambda item: item[0]))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**look, "reading_order": 2 if self._t.rtl else 1})
        return self._formats[key]


def _count_lines(text: str, width: int) -> int:
    """Not every program makes a row as high as it needs by itself. Capitals are wider than the digits that a width is
    counted in, and marks stand above other letters."""
    letters = "".join(one for one in text if not unicodedata.category(one).startswith("M"))
    return min(len(wrap(letters, width - 3)), _MOST_LINES)


def _at_midnight(day: date) -> datetime:
    """xlsxwriter would look at the clock for itself; without a zone, as it writes it."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
