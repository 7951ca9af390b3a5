"""Employees: manual chapter 5. Both spellings of the path, the manual's own examples use both."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.envelope import Wire
from bot.gateway.access.gate import Gate
from bot.gateway.access.passwords import NO_PASSWORD, Passwords
from bot.gateway.api.answers import Members, answer
from bot.gateway.api.personnel_bodies import APP_STATES, given_password, read_form
from bot.gateway.api.personnel_rows import build_listed, build_onprem, build_receipt, build_single
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import WebListing, answer_web_rows
from bot.gateway.records.kinds import AppRole, Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.people import is_called
from bot.gateway.records.personnel import (
    FullEmployee,
    ListedEmployee,
    change_employee,
    dismiss,
    find_employee,
    hire,
    load_areas,
    select_full,
    select_listed,
)
from bot.gateway.records.places import AREAS, filed_under
from bot.gateway.records.tables import employees
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.filters import among, choice, ids, number, search, texts

LISTING = WebListing(
    query=select_listed(),
    onprem_query=select_full(),
    key=employees.c.number,
    company_id=employees.c.company_id,
    filters={
        **texts(
            emp_code=employees.c.emp_code,
            first_name=employees.c.first_name,
            last_name=employees.c.last_name,
            nickname=employees.c.nickname,
            email=employees.c.email,
            mobile=employees.c.mobile,
            card_no=employees.c.card_no,
        ),
        "department": number(employees.c.department_id),
        "departments": ids(employees.c.department_id),
        "position": number(employees.c.position_id),
        "area": among(lambda wanted: filed_under(AREAS, wanted)),
        "areas": among(lambda wanted: filed_under(AREAS, wanted)),
        "app_status": choice(employees.c.app_status, APP_STATES),
        "search": search(employees.c.emp_code, employees.c.first_name, employees.c.last_name),
    },
    orders={
        "id": employees.c.number,
        "department": employees.c.department_id,
        "position": employees.c.position_id,
        **{name: employees.c[name] for name in ("emp_code", "first_name", "last_name", "hire_date", "app_status")},
    },
    default=(employees.c.number.asc(),),
)


class EmployeesApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._passwords = Passwords(gate.settings.password_cost)

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        many: Handlers = {"GET": self.list, "POST": self.add}
        one: Handlers = {"GET": self.show, "PUT": self.change, "PATCH": self.change, "DELETE": self.remove}
        return {
            path: handlers
            for base in ("/personnel/api/employees/", "/personnel/api/employee/")
            for path, handlers in ((base, many), (f"{base}{{called}}/", one))
        }

    async def list(self, request: Request) -> Response:
        return await answer_web_rows(self._gate, request, LISTING, _build_rows)

    async def show(self, request: Request) -> Response:
        def load(conn: Connection, office: Office) -> Members:
            person = _load_called(conn, office, request)
            return build_single(person, load_areas(conn, [person.id])[person.id], office)

        return answer(await read_as_office(self._gate, request, load))

    async def add(self, request: Request) -> Response:
        body = await read_body(request)
        password_hash = await self._hash_password(request, body)
        now = self._gate.now()

        def store(conn: Connection, office: Office) -> Wire:
            form = read_form(conn, office, body, None)
            values = {
                **_NEW,
                "hire_date": office.day(now),
                **form.values,
                "self_password": password_hash or NO_PASSWORD,
            }
            return _build_receipt(conn, office, hire(conn, office.company_id, values, form.area_ids or (), now))

        return answer(await write_as_office(self._gate, request, store), 201)

    async def change(self, request: Request) -> Response:
        """PUT and PATCH alike: what is not said stays."""
        body = await read_body(request)
        password_hash = await self._hash_password(request, body)

        def store(conn: Connection, office: Office) -> Wire:
            person = _load_called(conn, office, request)
            form = read_form(conn, office, body, person.id)
            hashed = {"self_password": password_hash} if password_hash else {}
            change_employee(conn, person.id, {**form.values, **hashed}, form.area_ids)
            return _build_receipt(conn, office, person.id)

        return answer(await write_as_office(self._gate, request, store))

    async def remove(self, request: Request) -> Response:
        now = self._gate.now()

        def let_go(conn: Connection, office: Office) -> None:
            dismiss(conn, _load_called(conn, office, request).id, office.day(now))

        await write_as_office(self._gate, request, let_go)
        return Response(status_code=204)

    async def _hash_password(self, request: Request, body: Body) -> str | None:
        """Before the transaction, which would wait for it; and only for who may send one, since it costs."""
        password = given_password(body)
        if password is None:
            return None
        await read_as_office(self._gate, request, lambda _conn, _office: None)
        return await asyncio.to_thread(self._passwords.hash, password)


# Where a new employee's body says nothing else.
_NEW: Mapping[str, object] = {
    "first_name": "",
    "enroll_sn": "",
    "enable_att": True,
    "app_role": AppRole.EMPLOYEE.value,
}


def _build_rows(conn: Connection, rows: Sequence[Row[*tuple[Any, ...]]], office: Office) -> Sequence[Members]:
    if office.dialect is Dialect.CLOUD:
        return [build_listed(ListedEmployee(*row)) for row in rows]
    people = [FullEmployee(*row) for row in rows]
    areas = load_areas(conn, [person.id for person in people])
    return [build_onprem(person, areas[person.id]) for person in people]


def _build_receipt(conn: Connection, office: Office, employee_id: str) -> Wire:
    person = find_employee(conn, office.company_id, employees.c.id == employee_id)
    assert person is not None, "written in this transaction"
    return build_receipt(person, load_areas(conn, [employee_id])[employee_id], office)


def _load_called(conn: Connection, office: Office, request: Request) -> FullEmployee:
    """The one the URL names, if they are the company's and have not left. Raises NotFound."""
    called = is_called(request.path_params["called"])
    person = None if called is None else find_employee(conn, office.company_id, called)
    if person is None:
        raise NotFound
    return person
