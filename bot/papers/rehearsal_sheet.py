"""A rehearsal of alerts as an XLSX: the sums, and below them a row for each person and shift."""

from io import BytesIO
from typing import Any

from bot.i18n import Translator, translator_for
from bot.papers.cells import Cells, frame, new_book
from bot.papers.colours import LIGHT
from bot.papers.rehearsal_table import COLUMNS, RehearsalTable, values_of

# In characters; the widest of what stands in them.
_WIDTHS = {"workdate": 21, "kind": 16, "name": 28, "emp_code": 14, "timetable": 18, "place": 22, "said": 60}
_COLUMN_WIDTHS = [_WIDTHS.get(name, 12) for name, _ in COLUMNS]


def write_rehearsal_sheet(table: RehearsalTable) -> bytes:
    out, t = BytesIO(), translator_for(table.language)
    with new_book(out, t("Rehearsal of alerts"), table.made_on) as book:
        sheet = book.add_worksheet(t("Rehearsal of alerts")[:31])
        _write(Cells(book, sheet, t, {}), sheet, t, table)
    return out.getvalue()


def _write(cells: Cells, sheet: Any, t: Translator, table: RehearsalTable) -> None:
    if t.rtl:
        sheet.right_to_left()
    cells.columns(_COLUMN_WIDTHS)
    sheet.set_row(0, 28)
    cells.text(0, 0, t("Rehearsal of alerts"), bold=True, font_size=18)
    period = t("{first} to {last}", first=t.date(table.first), last=t.date(table.last))
    for row, (label, value) in enumerate([(t("Company"), table.company), (t("Period"), period)], start=1):
        cells.text(row, 0, label, font_color=LIGHT.quiet)
        cells.text(row, 1, value)
    for row, line in enumerate(table.sums, start=3):
        cells.text(row, 0, line)
    head = len(table.sums) + 4
    _write_rows(cells, sheet, t, table, head)
    frame(sheet, head, len(table.rows), len(COLUMNS))


def _write_rows(cells: Cells, sheet: Any, t: Translator, table: RehearsalTable, head: int) -> None:
    sheet.set_row(head, 32)
    for column, (_, label) in enumerate(COLUMNS):
        cells.text(head, column, t.gettext(label), bold=True, text_wrap=True, valign="vcenter", bg_color=LIGHT.ink,
                   font_color="#ffffff")  # fmt: skip
    for row, one in enumerate(table.rows, start=head + 1):
        cells.row(row, values_of(one), {"bottom": 1, "bottom_color": LIGHT.line}, _COLUMN_WIDTHS)
