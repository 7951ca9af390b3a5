"""The lists of the web API (manual 4 to 9): filters, ordering, pages, and the envelope around them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.envelope import EmptyWebList, WebList
from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import Shown, answer
from bot.gateway.api.web import read_as_office
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.offices import Office
from bot.gateway.records.pages import Page, fetch_lean_page
from bot.gateway.rest.filters import Filter, read_filters
from bot.gateway.rest.paging import invalid_page, page_links, read_ordering, read_page

# Kept: pydantic forgets a parametrised model that nobody holds, and would build it for each answer anew.
WebPage = WebList[Any]
BuildRow = Callable[[Row[*tuple[Any, ...]], Office], Shown]
BuildRows = Callable[[Connection, Sequence[Row[*tuple[Any, ...]]], Office], Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class WebListing:
    """One list: its rows of all companies, whose they are, what they can be asked for and how they may be ordered.

    `key` is the primary key of the table whose rows are listed, and orders are of that table. Whatever else `query`
    joins, it joins from the left (outer) by its primary key: then no row is lost or doubled, and a page is found
    without the joins, unless a filter asks for them.
    """

    query: Select[*tuple[Any, ...]]
    key: Column[int]
    company_id: Column[str]
    filters: Mapping[str, Filter]
    orders: Mapping[str, ColumnElement[Any]]
    default: tuple[ColumnElement[Any], ...]
    onprem_query: Select[*tuple[Any, ...]] | None = None
    """Where that dialect shows more of the same rows."""

    def query_of(self, office: Office) -> Select[*tuple[Any, ...]]:
        onprem = self.onprem_query if office.dialect is Dialect.ONPREM else None
        query = self.query if onprem is None else onprem
        return query.where(self.company_id == office.company_id)


async def answer_web_list(gate: Gate, request: Request, listing: WebListing, build_row: BuildRow) -> Response:
    """A page of the company's rows. Raises ApiError."""
    return await answer_web_rows(
        gate, request, listing, lambda _, rows, office: [build_row(row, office) for row in rows]
    )


async def answer_web_rows(gate: Gate, request: Request, listing: WebListing, build_rows: BuildRows) -> Response:
    """The same for rows that need one more look into the records, once for the whole page."""
    wanted = read_page(request, gate.settings.max_page_size)
    order = read_ordering(request, listing.orders, listing.default)

    def load(conn: Connection, office: Office) -> tuple[Page, Sequence[Shown]]:
        conditions = read_filters(request, listing.filters, office.zone)
        query = listing.query_of(office).where(*conditions)
        page = fetch_lean_page(conn, query, listing.key, order, wanted)
        if page is None:
            raise invalid_page()
        return page, build_rows(conn, page.rows, office)

    page, rows = await read_as_office(gate, request, load)
    return answer_page(gate, request, page, rows)


def answer_page(gate: Gate, request: Request, page: Page, rows: Sequence[Shown]) -> Response:
    """The envelope around the rows of a page."""
    if page.count == 0:
        return answer(EmptyWebList())
    following, previous = page_links(request, gate.origin(request), page)
    return answer(WebPage(count=page.count, next=following, previous=previous, data=list(rows)))
