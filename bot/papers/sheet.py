"""Time cards as an XLSX: real dates, times and durations; names are text whatever they look like, and no formulas."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from bot.i18n import Translator, translator_for
from bot.papers.colours import LIGHT
from bot.papers.ledger import COLUMNS, Entry, Ledger, Value, describe_person, totals_of, values_of
from bot.services.workdays import Mark

_DAY = timedelta(days=1)
_LINE = LIGHT.line
# The months' names in the person's language, whatever Excel's own is: Windows' number of it.
_LOCALES = {"ar": "3801", "en": "809", "es": "C0A", "fr": "40C", "hi": "439", "id": "421", "ru": "419", "ur": "420"}
# In characters; the widest of what stands in them.
_WIDTHS = {"workdate": 21, "mark": 17, "timetable": 18}
_WIDTH = 12
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_sheet(ledger: Ledger) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **_SAFE}) as book:
        _Sheet(book, translator_for(ledger.language)).write(ledger)
    return out.getvalue()


class _Sheet:
    def __init__(self, book: Any, t: Translator) -> None:
        self._book = book
        self._t = t
        self._sheet = book.add_worksheet(t("Time cards")[:31])
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def write(self, ledger: Ledger) -> None:
        t, sheet = self._t, self._sheet
        if t.rtl:
            sheet.right_to_left()
        for n, (name, _) in enumerate(COLUMNS):
            sheet.set_column(n, n, _WIDTHS.get(name, _WIDTH))
        self._text(0, 0, t("Time cards"), bold=True, font_size=18)
        sheet.set_row(0, 28)
        person = describe_person(t, ledger)
        for row, (label, value) in enumerate(person, start=1):
            self._text(row, 0, label, font_color=LIGHT.quiet)
            self._text(row, 1, value)
        head = len(person) + 2
        self._write_head(head)
        for row, entry in enumerate(ledger.entries, start=head + 1):
            self._write_entry(row, entry)
        self._write_totals(head + 1 + len(ledger.entries), ledger.entries)
        self._set_up(head, ledger)

    def _write_head(self, row: int) -> None:
        self._sheet.set_row(row, 32)
        for column, (name, label) in enumerate(COLUMNS):
            self._text(
                row, column, self._t.gettext(label), align=self._start if name in _WIDTHS else "center",
                bold=True, text_wrap=True, valign="vcenter", bg_color=LIGHT.ink, font_color="#ffffff",
            )  # fmt: skip

    def _write_entry(self, row: int, entry: Entry) -> None:
        fill, ink = LIGHT.marks[entry.mark]
        for column, ((name, _), value) in enumerate(zip(COLUMNS, values_of(self._t, entry), strict=True)):
            look: dict[str, object] = {"bottom": 1, "bottom_color": _LINE}
            if name == "mark" and entry.mark is not Mark.PRESENT:
                look |= {"bg_color": fill, "font_color": ink}
            self._value(row, column, value, look)

    def _write_totals(self, row: int, entries: Sequence[Entry]) -> None:
        """As values: a formula is nowhere in the file."""
        t, totals = self._t, totals_of(entries)
        for column, (name, _) in enumerate(COLUMNS):
            look: dict[str, object] = {"bold": True, "top": 2, "top_color": LIGHT.ink}
            self._value(row, column, t("Total") if column == 0 else totals.get(name), look)

    def _value(self, row: int, column: int, value: Value, look: dict[str, object]) -> None:
        match value:
            case None:
                self._sheet.write_blank(row, column, None, self._format(look))
            case str():
                self._text(row, column, value, **look)
            case date():
                named = f"[$-{_LOCALES.get(self._t.language, '809')}]ddd d mmm yyyy"
                shown = self._format(look | {"num_format": named, "align": self._start})
                self._sheet.write_datetime(row, column, value, shown)
            case time():
                at = timedelta(hours=value.hour, minutes=value.minute)
                self._sheet.write_number(
                    row, column, at / _DAY, self._format(look | {"num_format": "hh:mm", "align": "center"})
                )
            case timedelta():
                shown = self._format(look | {"num_format": "[h]:mm", "align": "center"})
                self._sheet.write_number(row, column, value / _DAY, shown)

    def _text(self, row: int, column: int, text: str, **look: object) -> None:
        # Not `write`, which would look at what the text begins with.
        self._sheet.write_string(row, column, text, self._format({"num_format": "@", "align": self._start} | look))

    @property
    def _start(self) -> str:
        return "right" if self._t.rtl else "left"

    def _format(self, look: dict[str, object]) -> Any:
        """Of the same look one only: Excel counts them."""
        key = tuple(sorted(look.items(), key=lambda item: item[0]))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**look, "reading_order": 2 if self._t.rtl else 1})
        return self._formats[key]

    def _set_up(self, head: int, ledger: Ledger) -> None:
        """Scrolling keeps the head in sight; printing puts all columns on a page."""
        sheet, last = self._sheet, len(COLUMNS) - 1
        sheet.freeze_panes(head + 1, 1)
        if ledger.entries:
            sheet.autofilter(head, 0, head + len(ledger.entries), last)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.set_footer("&C&P / &N")
        made = {"title": self._t("Time cards"), "author": "Hadir", "created": _at_midnight(ledger.made_on)}
        self._book.set_properties(made)


def _at_midnight(day: date) -> datetime:
    """xlsxwriter would look at the clock for itself; without a zone, as it writes it."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
