"""People as a table of text cells: what a row says, and what is wrong with a table before anything is looked up.

Columns: `emp_code first_name department area` and, where wanted, `last_name email position hire_date app_role
password`. Several areas stand in one cell with `;` between them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.gateway.access.passwords import random_password
from bot.gateway.api.personnel_bodies import SHORTEST_PASSWORD
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.people import EMAIL, EMP_CODE
from bot.gateway.records.tables import EMAIL_LENGTH, NAME_LENGTH
from bot.gateway.rest.fields import unprintable

REQUIRED_COLUMNS = ("emp_code", "first_name", "department", "area")
EXPORTED_COLUMNS = (*REQUIRED_COLUMNS, "last_name", "email", "position", "hire_date", "app_role")
COLUMNS = (*EXPORTED_COLUMNS, "password")
BETWEEN_AREAS = "; "
FIRST_ROW = 2
"""The header is line 1, as a spreadsheet counts."""

Rows = Iterable[Mapping[str, str | None]]

_ROLES = {"": AppRole.EMPLOYEE} | {name: role for role in AppRole for name in (str(role.value), role.name.casefold())}


@dataclass(frozen=True, slots=True)
class CellError:
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


class ImportRefused(Exception):
    """Nothing was imported; `errors` says why, cell by cell."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A row whose cells are fine by themselves. Every member is stripped; the empty ones are None."""

    line: int
    emp_code: str
    first_name: str
    department: str
    areas: tuple[str, ...]
    last_name: str | None
    email: str | None
    position: str | None
    hire_date: date | None
    app_role: AppRole
    password: str = field(repr=False)


def read_staff(rows: Rows) -> Sequence[StaffRow]:
    """A row without a password gets a random one. Raises ImportRefused with everything that is wrong with the table."""
    errors: list[CellError] = []
    staff = [_read_row(line, row, errors) for line, row in enumerate(rows, FIRST_ROW) if _says_anything(row)]
    errors += _repeated(staff, "emp_code", lambda row: row.emp_code)
    errors += _repeated(staff, "email", lambda row: row.email and row.email.casefold())
    if errors:
        raise ImportRefused(sorted(errors, key=lambda error: error.line))
    return staff


def _says_anything(row: Mapping[str, str | None]) -> bool:
    """An empty row between others is passed over, and counts as a line."""
    return any(cell and cell.strip() for cell in row.values())


def _read_row(line: int, row: Mapping[str, str | None], errors: list[CellError]) -> StaffRow:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    errors += [CellError(line, column, reason) for column, reason in _problems(row, cells)]
    return StaffRow(
        line=line,
        emp_code=cells["emp_code"],
        first_name=cells["first_name"],
        department=cells["department"],
        areas=tuple(name for part in cells["area"].split(";") if (name := part.strip())),
        last_name=cells["last_name"] or None,
        email=cells["email"] or None,
        position=cells["position"] or None,
        hire_date=_read_day(cells["hire_date"]),
        app_role=_ROLES.get(cells["app_role"].casefold(), AppRole.EMPLOYEE),
        password=cells["password"] or random_password(),
    )


def _problems(row: Mapping[str, str | None], cells: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for column in row:
        if column not in COLUMNS:
            yield column or "a column without a name", f"no such column; there are {', '.join(COLUMNS)}"
    for column, cell in cells.items():
        if problem := _cell_problem(column, cell):
            yield column, problem


def _cell_problem(column: str, cell: str) -> str | None:
    if not cell.strip("; "):
        return "is empty" if column in REQUIRED_COLUMNS else None
    limit = EMAIL_LENGTH if column == "email" else NAME_LENGTH
    # An address is found by its small letters, and ß is two of them.
    if len(cell) > limit or (column == "email" and len(cell.casefold()) > limit):
        return f"is longer than {limit} characters"
    checks: Mapping[str, tuple[bool, str]] = {
        "emp_code": (bool(EMP_CODE.fullmatch(cell)), "takes up to 20 letters, digits, dots and dashes"),
        "email": (bool(EMAIL.fullmatch(cell)), "is no e-mail address"),
        "hire_date": (_read_day(cell) is not None, "is no date; one looks like 2026-03-02"),
        "app_role": (cell.casefold() in _ROLES, "is 1 (employee) or 2 (administrator)"),
        "password": (len(cell) >= SHORTEST_PASSWORD, f"has fewer than {SHORTEST_PASSWORD} characters"),
    }
    fine, reason = checks.get(column, (True, ""))
    return unprintable(cell) if fine else reason


def _read_day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _repeated(staff: Sequence[StaffRow], column: str, key: Callable[[StaffRow], str | None]) -> Iterable[CellError]:
    first: dict[str, int] = {}
    for row in staff:
        value = key(row)
        if value and first.setdefault(value, row.line) != row.line:
            yield CellError(row.line, column, f"is that of line {first[value]}, too")
