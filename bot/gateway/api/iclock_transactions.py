"""Transactions: manual chapter 9, and the taking of a terminal's punches.

Whoever speaks for a terminal hands in its punches, one or a list of them: all are kept, or none. One that was handed in
before (terminal, emp_code, time and state) is answered as it is and not kept twice. What is kept of a punch is a fact:
nobody changes or deletes it here (405).
"""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import Members, answer, answer_json, write_json
from bot.gateway.api.iclock_bodies import Clock, read_punches, refuse_items, unknown_terminals
from bot.gateway.api.iclock_lists import TRANSACTIONS, asks_for_all, read_whole_order
from bot.gateway.api.iclock_rows import build_transaction
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web import read_as_office, write_as_office
from bot.gateway.api.web_lists import WebPage, answer_page, answer_web_list
from bot.gateway.records.ladders import Ladders
from bot.gateway.records.offices import Office
from bot.gateway.records.pages import Page
from bot.gateway.records.punches import Transaction
from bot.gateway.records.tables import transactions
from bot.gateway.records.terminals import hold_terminals
from bot.gateway.records.uploads import add_terminal_punches
from bot.gateway.rest.bodies import Body, read_objects
from bot.gateway.rest.errors import NotFound
from bot.gateway.rest.fields import read_pk
from bot.gateway.rest.idempotency import answer_once, read_key
from bot.gateway.rest.paging import invalid_page, read_page

PATH = "/iclock/api/transactions/"


class TransactionsApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._ladders = Ladders()

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        return {
            PATH: {"GET": self.list, "POST": self.upload},
            f"{PATH}{{called}}/": {"GET": self.show},
        }

    async def list(self, request: Request) -> Response:
        if asks_for_all(request):
            return await self._list_all(request)
        return await answer_web_list(
            self._gate, request, TRANSACTIONS, lambda row, office: build_transaction(Transaction(*row), office)
        )

    async def _list_all(self, request: Request) -> Response:
        def load(conn: Connection, office: Office) -> tuple[Page, Sequence[Members]]:
            page = self._fetch_page(conn, request, office)
            if page is None:
                raise invalid_page()
            return page, [build_transaction(Transaction(*row), office) for row in page.rows]

        return answer_page(self._gate, request, *await read_as_office(self._gate, request, load))

    def _fetch_page(self, conn: Connection, request: Request, office: Office) -> Page | None:
        wanted, now = read_page(request, self._gate.settings.max_page_size), self._gate.now()
        query, order = TRANSACTIONS.query_of(office), read_whole_order(request)
        return self._ladders.fetch_page(conn, office.company_id, query, wanted, order=order, now=now)

    async def show(self, request: Request) -> Response:
        def load(conn: Connection, office: Office) -> Members:
            called = read_pk(request.path_params["called"])
            row = conn.execute(TRANSACTIONS.query_of(office).where(transactions.c.id == called)).one_or_none()
            if row is None:
                raise NotFound
            return build_transaction(Transaction(*row), office)

        return answer(await read_as_office(self._gate, request, load))

    async def upload(self, request: Request) -> Response:
        body, now = await read_objects(request), self._gate.now()
        keyed = read_key(request, body)

        def store(conn: Connection, office: Office) -> str:
            clock = Clock(office.zone, now)
            return answer_once(conn, _name(office), keyed, now, lambda: _store(conn, office, body, clock))

        return answer_json(await write_as_office(self._gate, request, store), 201)


def _name(office: Office) -> str:
    """Who is calling, for the keys; hashed, since an e-mail address has no length to speak of."""
    return hashlib.sha256(f"{office.company_id} {office.by}".encode()).hexdigest()


def _store(conn: Connection, office: Office, body: Body | Sequence[Body], clock: Clock) -> str:
    """The answer as JSON: the row to an object, a page of all rows to a list."""
    listed = not isinstance(body, Mapping)
    punches = read_punches([body] if isinstance(body, Mapping) else body, clock, listed=listed)
    held = hold_terminals(conn, office.company_id, sorted({punch.terminal_sn for punch in punches}))
    refuse_items(unknown_terminals(punches, held), listed=listed)
    stored = add_terminal_punches(conn, office.company_id, punches, held, clock.now)
    rows = [build_transaction(transaction, office) for transaction in stored]
    return write_json(WebPage(count=len(rows), data=rows) if listed else rows[0]).decode()
