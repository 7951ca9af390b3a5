"""Tables in files: CSV, and the first sheet of an XLSX. Every cell is text; the first row names the columns."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import zip_longest
from pathlib import Path
from zipfile import BadZipFile

import python_calamine
import xlsxwriter

from bot.cli.ending import fail
from bot.cli.inputs import read_text

Rows = list[dict[str, str | None]]

CSV, XLSX = ".csv", ".xlsx"


def check_kind(file: Path) -> None:
    """Ends the program unless the name says which kind of table it is."""
    if file.suffix.lower() not in (CSV, XLSX):
        fail(f"{file} is neither {CSV} nor {XLSX}: name the kind of table at the end of its name.")


def read_table(file: Path) -> Rows:
    """Ends the program with a sentence where the file cannot be read."""
    check_kind(file)
    return _read_xlsx(file) if file.suffix.lower() == XLSX else _read_csv(file)


def _read_csv(file: Path) -> Rows:
    try:
        # As one text: a cell may hold more than one line.
        return _name_cells(file, list(csv.reader(StringIO(read_text(file)))))
    except csv.Error as problem:
        fail(f"{file} is no CSV: {problem}")


def _read_xlsx(file: Path) -> Rows:
    try:
        with file.open("rb") as opened:
            sheet = python_calamine.CalamineWorkbook.from_filelike(opened).get_sheet_by_index(0)
            # With the empty rows above, so that a line's number is the one that the spreadsheet shows.
            cells = sheet.to_python(skip_empty_area=False)
    except OSError as problem:
        fail(f"{file} cannot be read: {problem.strerror or problem}")
    except (python_calamine.CalamineError, BadZipFile) as problem:
        fail(f"{file} is no XLSX: {problem}")
    return _name_cells(file, [[_text(cell) for cell in row] for row in cells])


def _name_cells(file: Path, rows: Sequence[Sequence[str]]) -> Rows:
    """Without the columns that have neither name nor value, and without the empty rows at the end."""
    names, *below = rows or [[]]
    header = [name.strip() for name in names]
    # The second would win, and nobody would know which one was meant.
    if twice := next((name for name in header if name and header.count(name) > 1), None):
        fail(f"{file} has the column {twice} twice.")
    while below and not any(below[-1]):
        below = below[:-1]
    return [{name: cell for name, cell in zip_longest(header, row, fillvalue="") if name or cell} for row in below]


def _text(cell: object) -> str:
    """What the spreadsheet keeps as a number or a date was typed as one: 1001, not 1001.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def write_table(file: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Raises OSError."""
    lines = [list(columns), *([row[column] for column in columns] for row in rows)]
    if file.suffix.lower() == XLSX:
        _write_xlsx(file, lines)
        return
    # Spreadsheets take a CSV for UTF-8 by its mark.
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(lines)


def _write_xlsx(file: Path, lines: Sequence[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("People")
        for row, column, cell in _cells(lines):
            # As text whatever it looks like: 007 keeps its zeros, and "=1+1" is a name and no formula.
            sheet.write_string(row, column, cell)


def _cells(lines: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, str]]:
    return ((row, column, cell) for row, line in enumerate(lines) for column, cell in enumerate(line))
