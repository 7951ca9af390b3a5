"""Schedules, temporary ones over them, holidays and pay codes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.gateway.api.att_setup_bodies import LONGEST_HOLIDAY
from bot.gateway.api.att_setup_rows import HOLIDAYS, PAY_CODES, SCHEDULES, TEMPORARY_SCHEDULES
from bot.gateway.api.web_lists import WebListing
from bot.gateway.hr.choices import employee_id_of, load_choices
from bot.gateway.hr.forms import SELECT, Field, Group, body_of
from bot.gateway.hr.people import full_name
from bot.gateway.hr.sections import AnyRow, Section
from bot.gateway.hr.visits import Form
from bot.gateway.records import schedule_tables as tables
from bot.gateway.records.offices import Office
from bot.gateway.records.tables import areas, employees

WHO = Field("emp_code", "Employee code", required=True)


def _named(listing: WebListing) -> WebListing:
    """With the employee's name."""
    return replace(listing, query=listing.query.add_columns(employees.c.first_name, employees.c.last_name))


def with_employee(conn: Connection, office: Office, groups: Sequence[Group], form: Form) -> Mapping[str, object]:
    """The API knows employees by id, people by their code."""
    return {**body_of(groups, form), "employee": employee_id_of(conn, office, form)}


def _owner(row: AnyRow) -> str:
    return f"{full_name(row)} ({row.emp_code})"


def _schedule_groups(conn: Connection, office: Office, _form: Form) -> Sequence[Group]:
    known = load_choices(conn, office, tables.shifts.c.alias, empty="Choose …")
    fields = (
        WHO,
        Field("shift", "Shift", SELECT, "shift_id", required=True, choices=known),
        Field("start_date", "First day", "date", required=True),
        Field("end_date", "Last day", "date", hint="Empty: until further notice."),
    )
    return (Group("", fields),)


def _temporary_groups(conn: Connection, office: Office, _form: Form) -> Sequence[Group]:
    known = load_choices(conn, office, tables.timetables.c.alias, empty="A day off")
    fields = (
        WHO,
        Field("att_date", "Day", "date", required=True),
        Field("timetable", "Instead", SELECT, "timetable_id", choices=known),
    )
    return (Group("", fields),)


def _holiday_groups(conn: Connection, office: Office, _form: Form) -> Sequence[Group]:
    known = load_choices(conn, office, areas.c.area_name, empty="All")
    fields = (
        Field("alias", "Name", required=True),
        Field("start_date", "First day", "date", required=True),
        Field("duration_day", "Days", "number", low=1, high=LONGEST_HOLIDAY),
        Field("area", "Area", SELECT, "area_id", choices=known),
        Field("emp_code", "Employee code", hint="Only where it is one person's holiday."),
    )
    return (Group("", fields),)


def _pay_code_groups(_conn: Connection, _office: Office, _form: Form) -> Sequence[Group]:
    return (Group("", (Field("symbol", "Code", column="code", required=True), Field("name", "Name", required=True))),)


SCHEDULE = Section(
    key="schedules",
    title="Schedules",
    one="schedule",
    path="/att/api/schedules/",
    listing=_named(SCHEDULES),
    columns={
        "Employee": _owner,
        "Shift": lambda row: row.shift_alias,
        "First day": lambda row: row.start_date,
        "Last day": lambda row: row.end_date,
    },
    groups=_schedule_groups,
    search="emp_code",
    body=with_employee,
    name_of=lambda row: f"{_owner(row)}, {row.shift_alias}",
    new=lambda today: {"start_date": today.isoformat()},
)
TEMPORARY = Section(
    key="temporary-schedules",
    title="Temporary schedules",
    one="temporary schedule",
    path="/att/api/temporaryschedules/",
    listing=replace(
        _named(TEMPORARY_SCHEDULES),
        query=_named(TEMPORARY_SCHEDULES)
        .query.add_columns(tables.timetables.c.alias)
        .outerjoin(tables.timetables, tables.timetables.c.id == tables.temporary_schedules.c.timetable_id),
    ),
    columns={
        "Employee": _owner,
        "Day": lambda row: row.att_date,
        "Instead": lambda row: row.alias or "A day off",
    },
    groups=_temporary_groups,
    search="emp_code",
    body=with_employee,
    name_of=lambda row: f"{_owner(row)}, {row.att_date}",
)
HOLIDAY = Section(
    key="holidays",
    title="Holidays",
    one="holiday",
    path="/att/api/holidays/",
    listing=replace(
        _named(HOLIDAYS),
        query=_named(HOLIDAYS)
        .query.add_columns(areas.c.area_name)
        .outerjoin(areas, areas.c.id == tables.holidays.c.area_id),
        default=(tables.holidays.c.start_date.desc(), tables.holidays.c.id),
    ),
    columns={
        "Name": lambda row: row.alias,
        "First day": lambda row: row.start_date,
        "Days": lambda row: row.duration_day,
        "For": lambda row: _owner(row) if row.emp_code else row.area_name or "Everybody",
    },
    groups=_holiday_groups,
    search="alias_icontains",
    body=with_employee,
    new=lambda _today: {"duration_day": "1"},
)
PAY_CODE = Section(
    key="pay-codes",
    title="Pay codes",
    one="pay code",
    path="/att/api/paycodes/",
    listing=PAY_CODES,
    columns={"Code": lambda row: row.code, "Name": lambda row: row.name},
    groups=_pay_code_groups,
    search="name_icontains",
    name_of=lambda row: str(row.name),
)
CALENDARS = (SCHEDULE, TEMPORARY, HOLIDAY, PAY_CODE)
