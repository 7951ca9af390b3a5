"""A rehearsal of alerts as a table: a line for each person of whom would have been told, or ought to have been."""

from dataclasses import dataclass
from datetime import date, time

from bot.i18n import N_
from bot.papers.ledger import Value

COLUMNS: tuple[tuple[str, str], ...] = (
    ("workdate", N_("Date")),
    ("told", N_("Told at")),
    ("kind", N_("Told as")),
    ("name", N_("Name")),
    ("emp_code", N_("Employee code")),
    ("timetable", N_("Timetable")),
    ("place", N_("Area")),
    ("said", N_("What the records say")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`told` is None where nobody would have been told; `said` is a sentence in the table's language."""

    workdate: date
    told: time | None
    kind: str
    name: str
    emp_code: str
    timetable: str
    place: str
    said: str


@dataclass(frozen=True, slots=True)
class RehearsalTable:
    """`sums`: what stands above the rows, a sentence a line; `made_on` is the company's date when it was asked for."""

    language: str
    company: str
    first: date
    last: date
    made_on: date
    sums: tuple[str, ...]
    rows: tuple[Row, ...]


def values_of(row: Row) -> list[Value]:
    """A row's cells; nothing of nothing."""
    return [getattr(row, name) or None for name, _ in COLUMNS]
