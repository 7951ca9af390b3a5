"""The lists of the mobile API (manual 6.3, 6.4, 6.8): whose rows a caller sees, their order, their envelope."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, Connection, Row, Select
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.envelope import MobileList, Wire
from bot.gateway.access.gate import Gate, employee_of
from bot.gateway.api.answers import answer
from bot.gateway.records.approvals import select_manual_logs
from bot.gateway.records.callers import Employee
from bot.gateway.records.pages import Page, fetch_page
from bot.gateway.records.people import select_people
from bot.gateway.records.punches import select_punches
from bot.gateway.records.tables import employees, manual_logs, transactions
from bot.gateway.rest.paging import invalid_page, page_links, read_ordering, read_page

T = TypeVar("T", bound=Wire)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its rows of all companies, whose they are, and how they may be ordered."""

    query: Select[*tuple[Any, ...]]
    employee_id: Column[Any]
    company_id: Column[Any]
    orders: Mapping[str, ColumnElement[Any]]
    default: tuple[ColumnElement[Any], ...]

    def seen_by(self, caller: Employee) -> ColumnElement[bool]:
        if caller.is_administrator:
            return self.company_id == caller.company_id
        return self.employee_id == caller.id


# In the manual: by emp_code; newest punch first; manual logs by id.
PEOPLE = Listing(
    select_people().where(employees.c.active),
    employees.c.id,
    employees.c.company_id,
    {name: employees.c[name] for name in ("emp_code", "first_name", "email")},
    (employees.c.emp_code.asc(), employees.c.number.asc()),
)
PUNCHES = Listing(
    select_punches(),
    transactions.c.employee_id,
    transactions.c.company_id,
    {
        "id": transactions.c.id,
        "emp_code": transactions.c.emp_code,
        "punch_time": transactions.c.punched_at,
        "upload_time": transactions.c.uploaded_at,
    },
    (transactions.c.punched_at.desc(), transactions.c.id.desc()),
)
MANUAL_LOGS = Listing(
    select_manual_logs(),
    manual_logs.c.employee_id,
    manual_logs.c.company_id,
    {
        "id": manual_logs.c.id,
        "punch_time": manual_logs.c.punched_at,
        "apply_time": manual_logs.c.applied_at,
        "audit_status": manual_logs.c.audit_status,
    },
    (manual_logs.c.id.asc(),),
)


async def answer_list(
    gate: Gate,
    request: Request,
    listing: Listing,
    envelope: Callable[..., MobileList[T]],
    build: Callable[[Row[*tuple[Any, ...]], ZoneInfo], T],
) -> Response:
    """A page of the rows that the caller may see. Raises ApiError."""
    credential = await gate.identify(request)
    wanted = read_page(request, gate.settings.max_page_size)
    order = read_ordering(request, listing.orders, listing.default)

    def load(conn: Connection) -> tuple[Page | None, ZoneInfo]:
        caller = employee_of(conn, credential)
        query = listing.query.where(listing.seen_by(caller)).order_by(*order)
        return fetch_page(conn, query, wanted), caller.zone

    page, zone = await gate.db.read(load)
    if page is None:
        raise invalid_page()
    following, previous = page_links(request, gate.origin(request), page)
    rows = [build(row, zone) for row in page.rows]
    return answer(envelope(count=page.count, next=following, previous=previous, results=rows))
