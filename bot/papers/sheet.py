"""Time cards as an XLSX: real dates, times and durations; names are text whatever they look like, and no formulas."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from bot.i18n import Translator, translator_for
from bot.papers.cells import Cells, frame, new_book
from bot.papers.colours import LIGHT
from bot.papers.ledger import COLUMNS, Entry, Ledger, describe_person, totals_of, values_of
from bot.services.workdays import Mark

_LINE = LIGHT.line
# In characters; the widest of what stands in them.
_WIDTHS = {"workdate": 21, "mark": 17, "timetable": 18}
_WIDTH = 12


def write_sheet(ledger: Ledger) -> bytes:
    out, t = BytesIO(), translator_for(ledger.language)
    with new_book(out, t("Time cards"), ledger.made_on) as book:
        _Sheet(book, t).write(ledger)
    return out.getvalue()


class _Sheet:
    def __init__(self, book: Any, t: Translator) -> None:
        self._t = t
        self._sheet = book.add_worksheet(t("Time cards")[:31])
        self._cells = Cells(book, self._sheet, t, {})

    def write(self, ledger: Ledger) -> None:
        t, sheet = self._t, self._sheet
        if t.rtl:
            sheet.right_to_left()
        for n, (name, _) in enumerate(COLUMNS):
            sheet.set_column(n, n, _WIDTHS.get(name, _WIDTH))
        self._cells.text(0, 0, t("Time cards"), bold=True, font_size=18)
        sheet.set_row(0, 28)
        person = describe_person(t, ledger)
        for row, (label, value) in enumerate(person, start=1):
            self._cells.text(row, 0, label, font_color=LIGHT.quiet)
            self._cells.text(row, 1, value)
        head = len(person) + 2
        self._write_head(head)
        for row, entry in enumerate(ledger.entries, start=head + 1):
            self._write_entry(row, entry)
        self._write_totals(head + 1 + len(ledger.entries), ledger.entries)
        frame(self._sheet, head, len(ledger.entries), len(COLUMNS))

    def _write_head(self, row: int) -> None:
        self._sheet.set_row(row, 32)
        for column, (name, label) in enumerate(COLUMNS):
            self._cells.text(
                row, column, self._t.gettext(label), align=self._cells.start if name in _WIDTHS else "center",
                bold=True, text_wrap=True, valign="vcenter", bg_color=LIGHT.ink, font_color="#ffffff",
            )  # fmt: skip

    def _write_entry(self, row: int, entry: Entry) -> None:
        fill, ink = LIGHT.marks[entry.mark]
        for column, ((name, _), value) in enumerate(zip(COLUMNS, values_of(self._t, entry), strict=True)):
            look: dict[str, object] = {"bottom": 1, "bottom_color": _LINE}
            if name == "mark" and entry.mark is not Mark.PRESENT:
                look |= {"bg_color": fill, "font_color": ink}
            self._cells.value(row, column, value, look)

    def _write_totals(self, row: int, entries: Sequence[Entry]) -> None:
        """As values: a formula is nowhere in the file."""
        t, totals = self._t, totals_of(entries)
        for column, (name, _) in enumerate(COLUMNS):
            look: dict[str, object] = {"bold": True, "top": 2, "top_color": LIGHT.ink}
            self._cells.value(row, column, t("Total") if column == 0 else totals.get(name), look)
