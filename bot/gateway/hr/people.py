"""People: hired, changed and let go through manual chapter 5."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.gateway.api.personnel import LISTING
from bot.gateway.api.personnel_bodies import LONGEST_PASSWORD, SHORTEST_PASSWORD
from bot.gateway.hr.choices import load_choices
from bot.gateway.hr.forms import CHECKBOX, SECRET, SELECT, Field, Group, body_of
from bot.gateway.hr.sections import AnyRow, Section
from bot.gateway.hr.visits import Form
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.offices import Office
from bot.gateway.records.people import is_called
from bot.gateway.records.personnel import load_areas, select_full
from bot.gateway.records.reports import ReportPerson
from bot.gateway.records.tables import areas, departments, employees, positions

GENDERS = (("", "Not said"), ("F", "Female"), ("M", "Male"), ("O", "Other"), ("S", "Secret"))
KINDS = (("", "Not said"), ("1", "Permanent"), ("2", "Temporary"), ("3", "Probation"))
ROLES = ((str(AppRole.EMPLOYEE.value), "Employee"), (str(AppRole.ADMINISTRATOR.value), "Administrator"))
_AREA = "area-"


def full_name(row: AnyRow | ReportPerson) -> str:
    return " ".join(filter(None, (row.first_name, row.last_name))) or str(row.emp_code)


def _groups(conn: Connection, office: Office, _form: Form) -> Sequence[Group]:
    placed = load_choices(conn, office, areas.c.area_name)
    return (
        Group("Person", _PERSON),
        Group("Work", (*_places(conn, office), *_WORK)),
        Group("Areas", [Field(f"{_AREA}{key}", name, CHECKBOX) for key, name in placed], "area", "One or more."),
        Group("Attendance", _ATTENDANCE),
        Group("Contact", _CONTACT),
    )


def _places(conn: Connection, office: Office) -> Sequence[Field]:
    held = load_choices(conn, office, departments.c.dept_name, empty="Choose …")
    posts = load_choices(conn, office, positions.c.position_name, empty="None")
    return (
        Field("department", "Department", SELECT, "department_id", required=True, choices=held),
        Field("position", "Position", SELECT, "position_id", choices=posts),
    )


_PERSON = (
    Field("emp_code", "Employee code", required=True, hint="Letters, digits, dots and dashes."),
    Field("first_name", "First name"),
    Field("last_name", "Last name"),
    Field("nickname", "Nickname"),
    Field("gender", "Gender", SELECT, choices=GENDERS),
    Field("birthday", "Date of birth", "date"),
    Field("national", "Nationality"),
)
_WORK = (
    Field("hire_date", "Hired on", "date"),
    Field("emp_type", "Kind of contract", SELECT, choices=KINDS),
    Field("app_role", "Role in the app", SELECT, choices=ROLES),
    Field(
        "self_password",
        "New password",
        SECRET,
        hint=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; empty leaves it as it is. Ends every session.",
    ),
)
_ATTENDANCE = (
    Field("enable_att", "Attendance is reckoned", CHECKBOX),
    Field("enable_overtime", "Overtime counts", CHECKBOX),
    Field("enable_holiday", "Holidays apply", CHECKBOX),
)
_CONTACT = (
    Field("email", "E-mail", "email"),
    Field("mobile", "Mobile", "tel"),
    Field("office_tel", "Office phone", "tel"),
    Field("contact_tel", "Contact phone", "tel"),
    Field("address", "Address"),
    Field("city", "City"),
    Field("postcode", "Postcode"),
    Field("card_no", "Card number"),
)


def _ticked(conn: Connection, row: AnyRow) -> Form:
    return {f"{_AREA}{area.id}": "on" for area in load_areas(conn, [row.id])[row.id]}


def _body(_conn: Connection, _office: Office, groups: Sequence[Group], form: Form) -> Mapping[str, object]:
    ticked = [name.removeprefix(_AREA) for name in form if name.startswith(_AREA)]
    return {**body_of(groups, form), "area": ticked}


PEOPLE = Section(
    key="people",
    title="People",
    one="employee",
    path="/personnel/api/employees/",
    # All of a person, whatever dialect the company's integrations speak; by code, as people look for them.
    listing=replace(LISTING, query=select_full(), onprem_query=None, default=(employees.c.emp_code.asc(),)),
    columns={
        "Code": lambda row: row.emp_code,
        "Name": full_name,
        "Department": lambda row: row.dept_name,
        "Position": lambda row: row.position_name,
        "Hired": lambda row: row.hire_date,
        "Role": lambda row: dict(ROLES)[str(row.app_role)],
    },
    groups=_groups,
    search="search",
    more=_ticked,
    body=_body,
    called=lambda _listing, text: is_called(text),
    name_of=full_name,
    new=lambda today: {
        "hire_date": today.isoformat(),
        "app_role": str(AppRole.EMPLOYEE.value),
        **dict.fromkeys(("enable_att", "enable_overtime", "enable_holiday"), "on"),
    },
    remove="Let go",
    warning="They can no longer log in. Punches, requests and time cards stay; whoever has none is deleted.",
    links={
        "Time card": lambda row: f"/hr/time-cards/?emp_code={row.emp_code}",
        "Punches": lambda row: f"/hr/punches/?emp_code={row.emp_code}",
        "Schedules": lambda row: f"/hr/schedules/?emp_code={row.emp_code}",
    },
)
