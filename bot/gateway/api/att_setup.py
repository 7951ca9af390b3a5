"""What says who works when, for HR: holidays (wire notes, "Resources") and, as an extension, pay codes, timetables,
shifts and schedules. One way to list, show, add, change and delete all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Table
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.access.gate import Gate
from bot.gateway.api import att_setup_bodies as bodies
from bot.gateway.api import att_setup_rows as rows
from bot.gateway.api.answers import Shown, answer
from bot.gateway.api.att_setup_bodies import Form, Setup
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import BuildRows, WebListing, answer_web_rows
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import (
    holidays,
    pay_codes,
    schedules,
    shifts,
    temporary_schedules,
    timetables,
)
from bot.gateway.records.schedules import (
    Values,
    add_record,
    change_record,
    remove_record,
    replace_breaks,
    replace_days,
)
from bot.gateway.rest.bodies import read_body
from bot.gateway.rest.errors import NotFound, refused_body
from bot.gateway.rest.fields import read_pk

Replace = Callable[[Connection, int, Sequence[Values]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of them: `replace` writes the rows below it, where it has some."""

    name: str
    paths: tuple[str, ...]
    table: Table
    listing: WebListing
    build: BuildRows
    read: Callable[[Setup], Form]
    replace: Replace | None = None


KINDS = (
    Kind("holiday", ("holidays",), holidays, rows.HOLIDAYS, rows.build_holidays, bodies.read_holiday),
    Kind(
        "pay code",
        ("paycodes", "payCodes"),
        pay_codes,
        rows.PAY_CODES,
        rows.build_pay_codes,
        bodies.read_pay_code,
    ),
    Kind(
        "timetable",
        ("timetables",),
        timetables,
        rows.TIMETABLES,
        rows.build_timetables,
        bodies.read_timetable,
        replace_breaks,
    ),
    Kind("shift", ("shifts",), shifts, rows.SHIFTS, rows.build_shifts, bodies.read_shift, replace_days),
    Kind("schedule", ("schedules",), schedules, rows.SCHEDULES, rows.build_schedules, bodies.read_schedule),
    Kind(
        "temporary schedule",
        ("temporaryschedules", "temporarySchedules"),
        temporary_schedules,
        rows.TEMPORARY_SCHEDULES,
        rows.build_temporary,
        bodies.read_temporary_schedule,
    ),
)


class SetupApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        return {path: handlers for kind in KINDS for name in kind.paths for path, handlers in self._of(kind, name)}

    def _of(self, kind: Kind, name: str) -> list[tuple[str, Handlers]]:
        base, change = f"/att/api/{name}/", partial(self.change, kind)
        one: Handlers = {
            "GET": partial(self.show, kind),
            "PUT": change,
            "PATCH": change,
            "DELETE": partial(self.remove, kind),
        }
        return [
            (base, {"GET": partial(self.list, kind), "POST": partial(self.add, kind)}),
            (f"{base}{{called}}/", one),
        ]

    async def list(self, kind: Kind, request: Request) -> Response:
        return await answer_web_rows(self._gate, request, kind.listing, kind.build)

    async def show(self, kind: Kind, request: Request) -> Response:
        def load(conn: Connection, office: Office) -> Shown:
            return kind.build(conn, [_load(conn, kind, office, request)], office)[0]

        return answer(await read_as_office(self._gate, request, load))

    async def add(self, kind: Kind, request: Request) -> Response:
        body = await read_body(request)

        def store(conn: Connection, office: Office) -> Shown:
            form = kind.read(Setup(conn, office, body, None))
            record_id = add_record(conn, kind.table, office.company_id, form.values)
            return _write_children(conn, kind, office, record_id, form)

        return answer(await write_as_office(self._gate, request, store), 201)

    async def change(self, kind: Kind, request: Request) -> Response:
        """PUT and PATCH alike: what is not said stays."""
        body = await read_body(request)

        def store(conn: Connection, office: Office) -> Shown:
            old = _load(conn, kind, office, request)
            form = kind.read(Setup(conn, office, body, old))
            change_record(conn, kind.table, old.id, form.values)
            return _write_children(conn, kind, office, old.id, form)

        return answer(await write_as_office(self._gate, request, store))

    async def remove(self, kind: Kind, request: Request) -> Response:
        def erase(conn: Connection, office: Office) -> None:
            if not remove_record(conn, kind.table, _load(conn, kind, office, request).id):
                raise refused_body(400, f"This {kind.name} is in use and cannot be deleted.")

        await write_as_office(self._gate, request, erase)
        return Response(status_code=204)


def _write_children(conn: Connection, kind: Kind, office: Office, record_id: int, form: Form) -> Shown:
    """The whole record as its answer."""
    if kind.replace is not None and form.children is not None:
        kind.replace(conn, record_id, form.children)
    row = conn.execute(kind.listing.query_of(office).where(kind.table.c.id == record_id)).one()
    return kind.build(conn, [row], office)[0]


def _load(conn: Connection, kind: Kind, office: Office, request: Request) -> Row[*tuple[Any, ...]]:
    """The one the URL names, of this company. Raises NotFound."""
    called = read_pk(request.path_params["called"])
    row = conn.execute(kind.listing.query_of(office).where(kind.table.c.id == called)).one_or_none()
    if row is None:
        raise NotFound
    return row
