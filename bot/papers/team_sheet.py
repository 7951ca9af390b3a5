"""A team's period as an XLSX: everybody on the first sheet, and a sheet for each department where there are several."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from bot.i18n import Translator, translator_for
from bot.papers.cells import Cells, frame, new_book
from bot.papers.colours import LIGHT
from bot.papers.team_ledger import COLUMNS, WORDS, TeamLedger, describe_team, sums_of, values_of
from bot.services.totals import Totals

# With more of them nobody finds their sheet; the first one can be filtered.
MOST_DEPARTMENTS = 40
_WIDTHS = {"name": 28, "emp_code": 14, "department": 22, "missing": 16}
_WIDTH = 12
# Excel's rules for a sheet's name.
_LONGEST, _WRONG = 31, re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_team_sheet(ledger: TeamLedger) -> bytes:
    out, t = BytesIO(), translator_for(ledger.language)
    with new_book(out, t("Team"), ledger.made_on) as book:
        formats: dict[Any, Any] = {}
        for name, part in _split(t, ledger):
            sheet = book.add_worksheet(name)
            _write(Cells(book, sheet, t, formats), sheet, t, part)
    return out.getvalue()


def _split(t: Translator, ledger: TeamLedger) -> list[tuple[str, TeamLedger]]:
    """By name of the sheet; each has people of its own."""
    departments: dict[str, list[Totals]] = {}
    for one in ledger.totals:
        departments.setdefault(one.member.department, []).append(one)
    several = 1 < len(departments) <= MOST_DEPARTMENTS
    found = sorted(departments) if several else []
    names = name_sheets([t("Team"), *(name or t("No department") for name in found)])
    parts = [replace(ledger, people=len(departments[name]), totals=tuple(departments[name])) for name in found]
    return list(zip(names, [ledger, *parts], strict=True))


def name_sheets(wanted: Iterable[str]) -> list[str]:
    """As Excel takes them: short, without its own marks, each once."""
    taken = {"history"}
    names = []
    for one in wanted:
        base = _WRONG.sub(" ", one).strip("' ")[:_LONGEST].strip("' ") or "-"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            end = f" ({number})"
            name = base[: _LONGEST - len(end)] + end
        taken.add(name.casefold())
        names.append(name)
    return names


def _write(cells: Cells, sheet: Any, t: Translator, ledger: TeamLedger) -> None:
    if t.rtl:
        sheet.right_to_left()
    widths = [_WIDTHS.get(name, _WIDTH) for name, _ in COLUMNS]
    cells.columns(widths)
    sheet.set_row(0, 28)
    cells.text(0, 0, sheet.get_name(), bold=True, font_size=18)
    lines, totals = describe_team(t, ledger), ledger.totals
    for row, (label, value) in enumerate(lines, start=1):
        cells.text(row, 0, label, font_color=LIGHT.quiet)
        cells.text(row, 1, value)
    head = len(lines) + 2
    _write_head(cells, sheet, t, head)
    for row, one in enumerate(totals, start=head + 1):
        cells.row(row, values_of(one), {"bottom": 1, "bottom_color": LIGHT.line}, widths)
    _write_sums(cells, t, head + 1 + len(totals), totals)
    frame(sheet, head, len(totals), len(COLUMNS))


def _write_head(cells: Cells, sheet: Any, t: Translator, row: int) -> None:
    sheet.set_row(row, 46)
    for column, (name, label) in enumerate(COLUMNS):
        cells.text(
            row, column, t.gettext(label), align=cells.start if name in WORDS else "center", bold=True, text_wrap=True,
            valign="vcenter", bg_color=LIGHT.ink, font_color="#ffffff",
        )  # fmt: skip


def _write_sums(cells: Cells, t: Translator, row: int, totals: Sequence[Totals]) -> None:
    """As values: a formula is nowhere in the file."""
    sums = sums_of(totals)
    for column, (name, _) in enumerate(COLUMNS):
        look: dict[str, object] = {"bold": True, "top": 2, "top_color": LIGHT.ink}
        cells.value(row, column, t("Total") if column == 0 else sums.get(name), look)
