"""What can be chosen in a form: the company's own records, by name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Column, Connection

from bot.gateway.hr.forms import NOBODY, Choices
from bot.gateway.hr.visits import Form
from bot.gateway.records.offices import Office
from bot.gateway.records.personnel import find_employee
from bot.gateway.records.tables import employees
from bot.gateway.rest.fields import unprintable


def load_choices(conn: Connection, office: Office, label: "Column[str]", *, empty: str | None = None) -> Choices:
    """(id, name) by name; `empty` is shown for none of them."""
    table = label.table
    rows = conn.execute(sa.select(table.c.id, label).where(table.c.company_id == office.company_id).order_by(label))
    none: Sequence[tuple[str, str]] = [] if empty is None else [("", empty)]
    return [*none, *((str(row[0]), str(row[1])) for row in rows)]


def employee_id_of(conn: Connection, office: Office, form: Form) -> str:
    """Of the emp_code that was typed; one that nobody has stays nobody's."""
    code = form.get("emp_code", "").strip()
    if not code:
        return ""
    if unprintable(code):
        return NOBODY
    person = find_employee(conn, office.company_id, employees.c.emp_code == code)
    return person.id if person else NOBODY + code
