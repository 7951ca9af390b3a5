"""Terminals: manual chapter 4; registering, changing and removing them is for the company's administrators, too."""

from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.envelope import Wire
from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import answer
from bot.gateway.api.iclock_bodies import Clock, read_terminal
from bot.gateway.api.iclock_lists import TERMINALS
from bot.gateway.api.iclock_rows import build_terminal
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import answer_web_list
from bot.gateway.records.offices import Office
from bot.gateway.records.places import AREAS, known_ids
from bot.gateway.records.terminals import (
    Terminal,
    add_terminal,
    change_terminal,
    find_terminal,
    is_sn_taken,
    remove_terminal,
    state_at,
)
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.fields import Fields, no_such_pk, read_pk
from bot.gateway.rest.filters import number

PATH = "/iclock/api/terminals/"


class TerminalsApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        return {
            PATH: {"GET": self.list, "POST": self.register},
            f"{PATH}{{called}}/": {
                "GET": self.show,
                "PUT": self.change,
                "PATCH": self.change,
                "DELETE": self.remove,
            },
        }

    async def list(self, request: Request) -> Response:
        now = self._gate.now()
        # Whether one is online is a question of now.
        listing = replace(TERMINALS, filters={**TERMINALS.filters, "state": number(state_at(now))})
        return await answer_web_list(
            self._gate, request, listing, lambda row, office: build_terminal(Terminal(*row), office, now)
        )

    async def show(self, request: Request) -> Response:
        now = self._gate.now()

        def load(conn: Connection, office: Office) -> Wire:
            return build_terminal(_load_called(conn, office, request), office, now)

        return answer(await read_as_office(self._gate, request, load))

    async def register(self, request: Request) -> Response:
        body, now = await read_body(request), self._gate.now()

        def store(conn: Connection, office: Office) -> Wire:
            clock = Clock(office.zone, now)
            terminal_id = add_terminal(conn, office.company_id, _read_values(conn, office, body, clock, None))
            return _build_stored(conn, office, terminal_id, clock)

        return answer(await write_as_office(self._gate, request, store), 201)

    async def change(self, request: Request) -> Response:
        body, now = await read_body(request), self._gate.now()

        def store(conn: Connection, office: Office) -> Wire:
            clock, terminal = Clock(office.zone, now), _load_called(conn, office, request)
            change_terminal(conn, terminal.id, _read_values(conn, office, body, clock, terminal))
            return _build_stored(conn, office, terminal.id, clock)

        return answer(await write_as_office(self._gate, request, store))

    async def remove(self, request: Request) -> Response:
        def erase(conn: Connection, office: Office) -> None:
            remove_terminal(conn, _load_called(conn, office, request).id)

        await write_as_office(self._gate, request, erase)
        return Response(status_code=204)


def _load_called(conn: Connection, office: Office, request: Request) -> Terminal:
    """The one the URL names, of this company. Raises NotFound."""
    called = read_pk(request.path_params["called"])
    terminal = None if called is None else find_terminal(conn, office.company_id, called)
    if terminal is None:
        raise NotFound
    return terminal


def _build_stored(conn: Connection, office: Office, terminal_id: int, clock: Clock) -> Wire:
    terminal = find_terminal(conn, office.company_id, terminal_id)
    assert terminal is not None, "written in this transaction"
    return build_terminal(terminal, office, clock.now)


def _read_values(
    conn: Connection, office: Office, body: Body, clock: Clock, terminal: Terminal | None
) -> dict[str, object]:
    """The columns that the body sets: of a new terminal all it needs, of `terminal` what changes. Raises Invalid."""
    fields = Fields(body)
    values = read_terminal(fields, clock, new=terminal is None)
    if fields.given("area"):
        values["area_id"] = area_id = fields.pk("area")
        if area_id and not known_ids(conn, AREAS, office.company_id, [area_id]):
            fields.refuse("area", no_such_pk(area_id))
    if is_sn_taken(conn, office.company_id, str(values.get("sn", "")), but=terminal.id if terminal else None):
        fields.refuse("sn", "terminal with this sn already exists.")
    fields.finish()
    return values
