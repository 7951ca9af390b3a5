"""Employees in the Att API: as filters, in bodies, in rows. UUIDs, or the integers that stand beside them."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection
from starlette.requests import Request

from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.people import is_called
from bot.gateway.records.places import AREAS, filed_under
from bot.gateway.records.tables import employees
from bot.gateway.rest.bodies import Body
from bot.gateway.rest.fields import NULL, REQUIRED, Fields, no_such_pk
from bot.gateway.rest.filters import (
    ID_LIST,
    MOST_IDS,
    NO_FILTER,
    BadValueError,
    Condition,
    Filter,
    Typed,
    among,
    ids,
    read_filters,
    schema_of,
    texts,
)


def is_one_of(column: ColumnElement[str]) -> Filter:
    """`employees=<id>,<id>`; -1 asks for nothing, an id that no employee can have finds nobody."""

    def read(value: str, _: ZoneInfo) -> Condition:
        if value == NO_FILTER:
            return sa.true()
        wanted = [part.strip() for part in value.split(",") if part.strip()]
        if len(wanted) > MOST_IDS:
            raise BadValueError(f"Ensure there are at most {MOST_IDS} values.")
        named = [condition for part in wanted if (condition := is_called(part)) is not None]
        return column.in_(sa.select(employees.c.id).where(sa.or_(sa.false(), *named)))

    return Typed(read, ID_LIST)


def about(column: Column[str]) -> dict[str, Filter]:
    """The filters of rows that belong to an employee: whose, by id, by code, by where they are filed."""

    def of_people(filter_: Filter) -> Filter:
        return Typed(
            lambda value, zone: column.in_(sa.select(employees.c.id).where(filter_(value, zone))), schema_of(filter_)
        )

    return {
        "employee": is_one_of(column),
        "employees": is_one_of(column),
        **{name: of_people(filter_) for name, filter_ in PEOPLE.items() if name != "employees"},
    }


PEOPLE: dict[str, Filter] = {
    **texts(emp_code=employees.c.emp_code, first_name=employees.c.first_name, last_name=employees.c.last_name),
    "departments": ids(employees.c.department_id),
    "department": ids(employees.c.department_id),
    "areas": among(lambda wanted: filed_under(AREAS, wanted)),
    "employees": is_one_of(employees.c.id),
}
"""Whom a report is about. `groups` and `time_table` are not ours, and ignored."""


def people_of(request: Request, office_company_id: str, zone: ZoneInfo) -> ColumnElement[bool]:
    """The company's employees that the parameters ask for; who has left has a past, too. Raises Invalid."""
    return sa.and_(employees.c.company_id == office_company_id, *read_filters(request, PEOPLE, zone))


def read_employee(conn: Connection, office: Office, body: Body, fields: Fields) -> str:
    """Their UUID out of a body; what is wrong goes to `fields`."""
    value = body.get("employee")
    value = value["id"] if isinstance(value, dict) and "id" in value else value
    if value is None or value == "":
        fields.refuse("employee", NULL if "employee" in body else REQUIRED)
        return ""
    named = is_called(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    row = None if named is None else conn.execute(_of(office).where(named)).one_or_none()
    if row is None:
        fields.refuse("employee", no_such_pk(value))
    return str(row.id) if row else ""


def shown_id(office: Office, employee_id: str, number: int) -> str | int:
    return number if office.dialect is Dialect.ONPREM else employee_id


def _of(office: Office) -> "sa.Select[tuple[str]]":
    return sa.select(employees.c.id).where(employees.c.company_id == office.company_id, employees.c.active)
