"""Manual logs and leaves of the web API (wire notes, "Resources"): filed, decided, withdrawn while still pending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Table
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import Shown, answer
from bot.gateway.api.att_request_bodies import add_filed_leave, add_filed_manual_log
from bot.gateway.api.att_request_rows import LEAVES, MANUAL_LOGS, build_leave, build_manual_log
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import BuildRow, WebListing, answer_web_list
from bot.gateway.records import approvals, leaves
from bot.gateway.records.approvals import Decision, withdraw
from bot.gateway.records.offices import Office
from bot.gateway.records.schedule_tables import leaves as leave_table
from bot.gateway.records.tables import manual_logs
from bot.gateway.rest.bodies import Body, read_body
from bot.gateway.rest.errors import Invalid, NotFound
from bot.gateway.rest.fields import Fields, read_pk

MAX_REASON = 1000

Decide = Callable[[Connection, int, Decision], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two: its paths, its rows, how one is filed, and what can be decided about it."""

    name: str
    paths: tuple[str, ...]
    table: Table
    listing: WebListing
    build: BuildRow
    file: Callable[[Connection, Office, Body, datetime], int]
    decisions: Mapping[str, Decide]


KINDS = (
    Kind(
        "manual log",
        ("/att/api/manuallogs/", "/att/api/manualLogs/"),
        manual_logs,
        MANUAL_LOGS,
        build_manual_log,
        add_filed_manual_log,
        {"approve": approvals.approve, "reject": approvals.reject, "revoke": approvals.revoke},
    ),
    Kind(
        "leave",
        ("/att/api/leaves/",),
        leave_table,
        LEAVES,
        build_leave,
        add_filed_leave,
        {"approve": leaves.approve_leave, "reject": leaves.reject_leave, "revoke": leaves.revoke_leave},
    ),
)


class RequestsApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        return {path: handlers for kind in KINDS for base in kind.paths for path, handlers in self._of(kind, base)}

    def _of(self, kind: Kind, base: str) -> list[tuple[str, Handlers]]:
        one = f"{base}{{called}}/"
        return [
            (base, {"GET": partial(self.list, kind), "POST": partial(self.add, kind)}),
            (one, {"GET": partial(self.show, kind), "DELETE": partial(self.remove, kind)}),
            *((f"{one}{verb}/", {"POST": partial(self.decide, kind, verb)}) for verb in kind.decisions),
        ]

    async def list(self, kind: Kind, request: Request) -> Response:
        return await answer_web_list(self._gate, request, kind.listing, kind.build)

    async def show(self, kind: Kind, request: Request) -> Response:
        return answer(
            await read_as_office(self._gate, request, lambda conn, office: _load(conn, kind, office, _called(request)))
        )

    async def add(self, kind: Kind, request: Request) -> Response:
        body, now = await read_body(request), self._gate.now()

        def store(conn: Connection, office: Office) -> Shown:
            return _load(conn, kind, office, kind.file(conn, office, body, now))

        return answer(await write_as_office(self._gate, request, store), 201)

    async def decide(self, kind: Kind, verb: str, request: Request) -> Response:
        reason, now = _read_reason(await read_body(request)), self._gate.now()

        def store(conn: Connection, office: Office) -> Shown:
            filed_id = _called(request)
            _load(conn, kind, office, filed_id)
            if not kind.decisions[verb](conn, filed_id, Decision(office.company_id, office.by, now, reason)):
                before = "approved" if verb == "revoke" else "pending"
                raise Invalid({"non_field_errors": [f"Only a {kind.name} that is {before} can be {_DONE[verb]}."]})
            return _load(conn, kind, office, filed_id)

        return answer(await write_as_office(self._gate, request, store))

    async def remove(self, kind: Kind, request: Request) -> Response:
        def erase(conn: Connection, office: Office) -> None:
            filed_id = _called(request)
            _load(conn, kind, office, filed_id)
            if not withdraw(conn, kind.table, filed_id, office.company_id):
                raise Invalid({"non_field_errors": [f"Only a {kind.name} that is pending can be deleted."]})

        await write_as_office(self._gate, request, erase)
        return Response(status_code=204)


_DONE = {"approve": "approved", "reject": "rejected", "revoke": "revoked"}


def _called(request: Request) -> int:
    """Raises NotFound."""
    called = read_pk(request.path_params["called"])
    if called is None:
        raise NotFound
    return called


def _load(conn: Connection, kind: Kind, office: Office, filed_id: int) -> Shown:
    """Its row, if it is the company's. Raises NotFound."""
    row = conn.execute(kind.listing.query_of(office).where(kind.table.c.id == filed_id)).one_or_none()
    if row is None:
        raise NotFound
    return kind.build(row, office)


def _read_reason(body: Body) -> str:
    fields = Fields(body)
    reason = fields.optional_text("audit_reason" if "audit_reason" in body else "reason", MAX_REASON)
    fields.finish()
    return reason or ""
