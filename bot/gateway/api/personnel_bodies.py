"""The bodies of creating and updating an employee (manual 5.3, 5.4), checked by themselves and against the records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.biotime.wire.personnel import MASK
from bot.gateway.records.kinds import AppRole
from bot.gateway.records.offices import Office
from bot.gateway.records.people import EMAIL, EMP_CODE
from bot.gateway.records.personnel import is_email_taken, is_emp_code_taken
from bot.gateway.records.places import AREAS, DEPARTMENTS, POSITIONS, known_ids
from bot.gateway.records.tables import CODE_LENGTH, EMAIL_LENGTH, NAME_LENGTH
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.fields import REQUIRED, Fields, no_such_pk

MAX_EMP_CODE = 20
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
APP_ROLES = frozenset(role.value for role in AppRole)
APP_STATES = frozenset({0, 1})

Read = Callable[[Fields, str], object]


@dataclass(frozen=True, slots=True)
class EmployeeForm:
    """What a body sets: columns of `employees`, and areas (None: not said)."""

    values: Mapping[str, object]
    area_ids: tuple[int, ...] | None


def read_form(conn: Connection, office: Office, body: Body, employee_id: str | None) -> EmployeeForm:
    """Of a new employee (None) all that they need, else what changes. Raises Invalid with all that is wrong."""
    fields = Fields(body)
    wanted = [name for name in (*MEMBERS, "area") if fields.given(name) or (employee_id is None and name in NEEDED)]
    values = {COLUMNS.get(name, name): MEMBERS[name](fields, name) for name in wanted if name in MEMBERS}
    if "email" in values:
        values["email_key"] = str(values["email"]).casefold() if values["email"] else None
    form = EmployeeForm(values, fields.pks("area") if "area" in wanted else None)
    _read_password(fields)
    _check_names(conn, office, form, employee_id, fields)
    _check_places(conn, office, form, fields)
    fields.finish()
    return form


def given_password(body: Body) -> str | None:
    """In clear. None: there is none, or none that `read_form` would take."""
    fields = Fields(body)
    password = _read_password(fields)
    return None if fields.wrong else password


def _check_names(conn: Connection, office: Office, form: EmployeeForm, employee_id: str | None, fields: Fields) -> None:
    for name, column, is_taken in (
        ("emp_code", "emp_code", is_emp_code_taken),
        ("email", "email_key", is_email_taken),
    ):
        value = form.values.get(column)
        if isinstance(value, str) and value and is_taken(conn, office.company_id, value, employee_id):
            fields.refuse(name, f"employee with this {name} already exists.")


def _check_places(conn: Connection, office: Office, form: EmployeeForm, fields: Fields) -> None:
    for name, kind, wanted in (
        ("department", DEPARTMENTS, (form.values.get("department_id"),)),
        ("position", POSITIONS, (form.values.get("position_id"),)),
        ("area", AREAS, form.area_ids or ()),
    ):
        place_ids = [place_id for place_id in wanted if isinstance(place_id, int) and place_id]
        known = known_ids(conn, kind, office.company_id, place_ids)
        for place_id in place_ids:
            if place_id not in known:
                fields.refuse(name, no_such_pk(place_id))


def _read_emp_code(fields: Fields, name: str) -> object:
    emp_code = fields.text(name, MAX_EMP_CODE, trim=True)
    if emp_code and not EMP_CODE.fullmatch(emp_code):
        fields.refuse(name, "Only letters, digits, dots and dashes are allowed.")
    return emp_code


def _read_email(fields: Fields, name: str) -> object:
    email = (fields.optional_text(name, EMAIL_LENGTH) or "").strip()
    if email and not EMAIL.fullmatch(email):
        fields.refuse(name, "Enter a valid email address.")
    # What is kept beside it to find it by is longer where small letters are more than one: ß is ss.
    if len(email) <= EMAIL_LENGTH < len(email.casefold()):
        fields.refuse(name, f"Ensure this field has no more than {EMAIL_LENGTH} characters.")
    return email or None


def _read_department(fields: Fields, name: str) -> object:
    department_id = fields.pk(name)
    if department_id is None:
        fields.refuse(name, "This field may not be null." if fields.given(name) else REQUIRED)
    return department_id


def _read_password(fields: Fields) -> str | None:
    """What was masked on its way out, and nothing, both leave the password as it is."""
    password = fields.optional_text("self_password", LONGEST_PASSWORD)
    if not password or password == MASK:
        return None
    if len(password) < SHORTEST_PASSWORD:
        fields.refuse("self_password", f"Ensure this field has at least {SHORTEST_PASSWORD} characters.")
    return password


def _text(limit: int) -> Read:
    return lambda fields, name: fields.optional_text(name, limit)


def _name(fields: Fields, name: str) -> object:
    return fields.optional_text(name, NAME_LENGTH) or ""


def _day(fields: Fields, name: str) -> date | None:
    return None if fields.empty(name) else fields.day(name)


def _flag(fields: Fields, name: str) -> object:
    return fields.flag(name)


def _whole(low: int, high: int) -> Read:
    return lambda fields, name: fields.whole(name, low, high)


def _choice(choices: frozenset[int], *, nullable: bool = False) -> Read:
    return lambda fields, name: None if nullable and fields.empty(name) else fields.choice(name, choices)


MEMBERS: Mapping[str, Read] = {
    "emp_code": _read_emp_code,
    "first_name": _name,
    "last_name": _text(NAME_LENGTH),
    "nickname": _text(NAME_LENGTH),
    "device_password": _text(CODE_LENGTH),
    "card_no": _text(CODE_LENGTH),
    "department": _read_department,
    "position": lambda fields, name: fields.pk(name),
    "hire_date": _day,
    "gender": lambda fields, name: None if fields.empty(name) else fields.word(name, ("S", "F", "M", "O")),
    "birthday": _day,
    "verify_mode": _whole(-1, 255),
    "emp_type": _choice(frozenset({1, 2, 3}), nullable=True),
    "contact_tel": _text(CODE_LENGTH),
    "office_tel": _text(CODE_LENGTH),
    "mobile": _text(CODE_LENGTH),
    "national": _text(CODE_LENGTH),
    "city": _text(NAME_LENGTH),
    "address": _text(NAME_LENGTH),
    "postcode": _text(CODE_LENGTH),
    "email": _read_email,
    "enroll_sn": _text(CODE_LENGTH),
    "ssn": _text(CODE_LENGTH),
    "religion": _text(CODE_LENGTH),
    "enable_att": _flag,
    "enable_overtime": _flag,
    "enable_holiday": _flag,
    "dev_privilege": _whole(0, 14),
    "app_status": _choice(APP_STATES),
    "app_role": _choice(APP_ROLES),
}
NEEDED = frozenset({"emp_code", "department", "area"})
COLUMNS = {"department": "department_id", "position": "position_id"}
