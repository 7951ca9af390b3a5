"""A person's time cards of a period as a table: what both the sheet and the document are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, time, timedelta

from bot.biotime.time_cards import TimeCard
from bot.i18n import N_, Translator
from bot.papers.names import NAMES
from bot.services.workdays import Mark, mark_of

Value = date | time | timedelta | str | int | None
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A time card; durations of nothing are None, empty cells."""

    workdate: date
    mark: Mark
    timetable: str
    check_in: time | None
    check_out: time | None
    clock_in: time | None
    clock_out: time | None
    due: timedelta | None
    worked: timedelta | None
    late: timedelta | None
    early_leave: timedelta | None
    absent: timedelta | None
    leave: timedelta | None
    overtime: timedelta | None


# In the order of the table; the names of Entry's members.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("workdate", N_("Date")),
    ("mark", N_("Day")),
    ("timetable", N_("Timetable")),
    ("check_in", N_("Scheduled in")),
    ("check_out", N_("Scheduled out")),
    ("clock_in", N_("In")),
    ("clock_out", N_("Out")),
    ("due", N_("Scheduled")),
    ("worked", N_("Worked")),
    ("late", N_("Late")),
    ("early_leave", N_("Left early")),
    ("absent", N_("Absent")),
    ("leave", N_("Leave")),
    ("overtime", N_("Overtime")),
)
SUMMED = ("due", "worked", "late", "early_leave", "absent", "leave", "overtime")


@dataclass(frozen=True, slots=True)
class Ledger:
    """`made_on` is the company's date when it was asked for."""

    language: str
    name: str
    emp_code: str
    department: str
    position: str
    company: str
    first: date
    last: date
    made_on: date
    entries: tuple[Entry, ...]


def build_entries(cards: Iterable[TimeCard]) -> tuple[Entry, ...]:
    return tuple(_build_entry(card) for card in cards)


def _build_entry(card: TimeCard) -> Entry:
    return Entry(
        workdate=card.workdate,
        mark=mark_of(card),
        timetable=card.timetable,
        # On a day without a timetable BioTime says midnight, and means nothing.
        check_in=card.check_in if card.timetable else None,
        check_out=card.check_out if card.timetable else None,
        clock_in=card.clock_in,
        clock_out=card.clock_out,
        due=card.duty_duration or None,
        worked=card.total_worked or card.unscheduled or None,
        late=card.late or None,
        early_leave=card.early_leave or None,
        absent=card.absent or None,
        leave=card.leave or None,
        overtime=card.overtime or None,
    )


def values_of(t: Translator, entry: Entry) -> list[Value]:
    """A row's cells."""
    return [t.gettext(NAMES[entry.mark]) if name == "mark" else getattr(entry, name) for name, _ in COLUMNS]


def totals_of(entries: Sequence[Entry]) -> dict[str, timedelta]:
    return {name: sum((getattr(entry, name) or _NOTHING for entry in entries), _NOTHING) for name in SUMMED}


def describe_person(t: Translator, ledger: Ledger) -> list[tuple[str, str]]:
    """What stands above the table; nothing empty."""
    lines = [
        (t("Name"), ledger.name),
        (t("Employee code"), ledger.emp_code),
        (t("Department"), ledger.department),
        (t("Position"), ledger.position),
        (t("Company"), ledger.company),
        (t("Period"), t("{first} to {last}", first=t.date(ledger.first), last=t.date(ledger.last))),
    ]
    return [(label, value) for label, value in lines if value]


assert {name for name, _ in COLUMNS} == {field.name for field in fields(Entry)}
