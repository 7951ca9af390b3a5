"""The bodies of timetables, shifts, schedules, holidays and pay codes, checked. Each gives the columns to be set."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Row, Table

from bot.gateway.api.att_filters import read_employee
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import pay_codes, shifts, temporary_schedules, timetables
from bot.gateway.records.schedules import Values, is_known
from bot.gateway.records.tables import CODE_LENGTH, NAME_LENGTH, areas
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.errors import Invalid
from bot.gateway.rest.fields import REQUIRED, Fields, no_such_pk

DAY_MINUTES = 24 * 60
LONGEST_CYCLE = 366
LONGEST_HOLIDAY = 366
MOST_BREAKS = 10
MOST_SHIFT_DAYS = 1000
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """The columns that a body sets, and the rows below the record: None leaves those as they are."""

    values: Values
    children: Sequence[Values] | None = None


@dataclass(slots=True)
class Setup:
    """One body being read: of a new record all that is required, of an `old` one what is given."""

    conn: Connection
    office: Office
    body: Body
    old: Row[*tuple[Any, ...]] | None
    fields: Fields = field(init=False)
    values: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields = Fields(self.body)

    def take(self, member: str, read: Callable[[str], object], *, required: bool = False, column: str = "") -> None:
        if self.fields.given(member) or (required and self.old is None):
            self.values[column or member] = read(member)

    def standing(self, column: str) -> object:
        """What the record will have there; None where that is for the database's default."""
        return self.values.get(column, getattr(self.old, column, None))

    def name(self, member: str, column: "Column[str]", limit: int = NAME_LENGTH) -> None:
        """Required, and unique in the company."""
        self.take(member, lambda name: self.fields.text(name, limit, trim=True), required=True, column=column.name)
        named = column == str(self.values.get(column.name, ""))
        if column.name in self.values and _has(self, column.table, named, *self.others(column.table)):
            self.fields.refuse(member, f"{column.table.name.removesuffix('s')} with this {member} already exists.")

    def others(self, table: FromClause) -> tuple[ColumnElement[bool], ...]:
        """All records but the one that is changed."""
        return () if self.old is None else (table.c.id != self.old.id,)

    def minutes(self, *members: str, low: int = 0) -> None:
        for member in members:
            self.take(member, lambda name: self.fields.whole(name, low, DAY_MINUTES))

    def flags(self, *members: str) -> None:
        for member in members:
            self.take(member, self.fields.flag)

    def employee(self, *, required: bool) -> None:
        def read(member: str) -> str | None:
            if not required and self.fields.empty(member):
                return None
            return read_employee(self.conn, self.office, self.body, self.fields)

        self.take("employee", read, required=required, column="employee_id")

    def pk(self, member: str, table: Table, *, required: bool) -> None:
        """Another record of the company."""

        def read(name: str) -> int | None:
            record_id = self.fields.pk(name)
            if record_id is None and required:
                self.fields.refuse(name, REQUIRED)
            if record_id and not _has(self, table, table.c.id == record_id):
                self.fields.refuse(name, no_such_pk(record_id))
            return record_id

        self.take(member, read, required=required, column=f"{member}_id")

    def day(self, member: str, *, required: bool = True) -> None:
        def read(name: str) -> date | None:
            if not required and self.fields.empty(name):
                return None
            day = self.fields.day(name)
            if not self.fields.wrong and not FIRST <= day <= LAST:
                self.fields.refuse(name, f"Ensure this value is between {FIRST} and {LAST}.")
            return day

        self.take(member, read, required=required)

    def clock(self, *members: str, required: bool = False) -> None:
        for member in members:
            self.take(member, lambda name: read_clock(self.fields, name), required=required)

    def finish(self, children: Sequence[Values] | None = None) -> Form:
        """Raises Invalid."""
        self.fields.finish()
        return Form(self.values, children)


def read_timetable(setup: Setup) -> Form:
    setup.name("alias", timetables.c.alias)
    setup.clock("check_in", "check_out", required=True)
    setup.clock("day_change")
    setup.minutes("in_ahead", "in_behind", "out_ahead", "out_behind", "allow_late", "allow_early_leave")
    setup.flags("must_check_in", "must_check_out", "flexible")
    setup.take("work_day", lambda name: setup.fields.number(name, 0, 10)[0])
    duty = "duty_minutes"
    setup.take(duty, lambda name: None if setup.fields.empty(name) else setup.fields.whole(name, 1, DAY_MINUTES))
    if setup.standing("flexible") and not setup.standing(duty):
        setup.fields.refuse(duty, "Flexible hours need so many minutes of duty.")
    return setup.finish(_read_items(setup, "breaks", MOST_BREAKS, _read_break))


def read_shift(setup: Setup) -> Form:
    setup.name("alias", shifts.c.alias)
    setup.take("cycle_days", lambda name: setup.fields.whole(name, 1, LONGEST_CYCLE), required=True)
    cycle = setup.standing("cycle_days")
    days = _read_items(setup, "days", MOST_SHIFT_DAYS, lambda fields: _read_shift_day(setup, fields, cycle))
    if days is None and setup.old is not None and "cycle_days" in setup.values:
        # A shorter cycle would leave days behind that never come.
        setup.fields.refuse("days", "Give the days again with the length of the cycle.")
    once = {(row["day"], row["timetable_id"]): row for row in days or ()}
    return setup.finish(None if days is None else list(once.values()))


def read_schedule(setup: Setup) -> Form:
    setup.employee(required=True)
    setup.pk("shift", shifts, required=True)
    setup.day("start_date")
    setup.day("end_date", required=False)
    start, end = setup.standing("start_date"), setup.standing("end_date")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        setup.fields.refuse("end_date", "A schedule ends on the day it starts, or later.")
    return setup.finish()


def read_temporary_schedule(setup: Setup) -> Form:
    setup.employee(required=True)
    setup.day("att_date")
    setup.pk("timetable", timetables, required=False)
    if not setup.fields.wrong:
        if setup.old is None:
            setup.values.setdefault("timetable_id", None)
        columns = ("employee_id", "att_date", "timetable_id")
        same = (temporary_schedules.c[name] == setup.standing(name) for name in columns)
        if _has(setup, temporary_schedules, *same, *setup.others(temporary_schedules)):
            setup.fields.refuse("timetable", "The employee has that on this day already.")
    return setup.finish()


def read_holiday(setup: Setup) -> Form:
    setup.take("alias", lambda name: setup.fields.text(name, NAME_LENGTH, trim=True), required=True)
    setup.day("start_date")
    setup.take("duration_day", lambda name: setup.fields.whole(name, 1, LONGEST_HOLIDAY))
    setup.pk("area", areas, required=False)
    setup.employee(required=False)
    if setup.standing("area_id") and setup.standing("employee_id"):
        setup.fields.refuse("employee", "A holiday is an area's or an employee's, not both.")
    return setup.finish()


def read_pay_code(setup: Setup) -> Form:
    setup.name("symbol", pay_codes.c.code, CODE_LENGTH)
    setup.take("name", lambda name: setup.fields.text(name, NAME_LENGTH, trim=True), required=True)
    return setup.finish()


def read_clock(fields: Fields, name: str) -> time:
    """`HH:MM` or `HH:MM:SS`."""
    text = fields.text(name, 20, trim=True)
    match = _CLOCK.fullmatch(text)
    if match is None:
        if text:
            fields.refuse(name, "Time has wrong format. Use one of these formats instead: hh:mm[:ss].")
        return time()
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second)


def _read_items(setup: Setup, member: str, most: int, read: Callable[[Fields], Values]) -> list[Values] | None:
    if not setup.fields.given(member):
        return None
    items = setup.body[member]
    if not isinstance(items, list) or len(items) > most or not all(isinstance(item, dict) for item in items):
        setup.fields.refuse(member, f"Expected a list of at most {most} objects.")
        return None
    rows: list[Values] = []
    for position, item in enumerate(items):
        fields = Fields(item)
        rows.append(read(fields))
        try:
            fields.finish()
        except Invalid as problem:
            setup.fields.refuse(member, f"{position}: {_first(problem)}")
    return rows


def _first(problem: Invalid) -> str:
    name, reasons = next(iter(problem.errors.items()))
    return f"{name}: {reasons[0]}"


def _read_break(fields: Fields) -> Values:
    return {
        "alias": fields.optional_text("alias", NAME_LENGTH) or "",
        "starts": read_clock(fields, "starts"),
        "minutes": fields.whole("minutes", 1, DAY_MINUTES),
        "paid": fields.given("paid") and fields.flag("paid"),
        "automatic": not fields.given("automatic") or fields.flag("automatic"),
    }


def _read_shift_day(setup: Setup, fields: Fields, cycle: object) -> Values:
    day = fields.whole("day", 0, (cycle if isinstance(cycle, int) else LONGEST_CYCLE) - 1)
    timetable_id = fields.pk("timetable") or 0
    if not _has(setup, timetables, timetables.c.id == timetable_id):
        fields.refuse("timetable", no_such_pk(timetable_id))
    return {"day": day, "timetable_id": timetable_id}


def _has(setup: Setup, table: FromClause, *conditions: ColumnElement[bool]) -> bool:
    return is_known(setup.conn, table, setup.office.company_id, *conditions)
