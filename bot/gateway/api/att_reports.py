"""The reports of the web API: manual "5. Att API", and those that existing clients call beside it."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from bot.biotime.wire.envelope import WebList, Wire
from bot.gateway.access.gate import Gate
from bot.gateway.api.answers import answer
from bot.gateway.api.att_cards import Card, CardPage, Scope, build_cards, fetch_card_page
from bot.gateway.api.att_filters import people_of
from bot.gateway.api.att_rows import (
    build_absence,
    build_first_in_last_out,
    build_first_last,
    build_punch,
    build_time_card,
)
from bot.gateway.api.resource import Handler, Handlers
from bot.gateway.api.web import read_as_office
from bot.gateway.records.offices import Office
from bot.gateway.records.pages import Page, PageRequest, fetch_lean_page, fetch_page
from bot.gateway.records.reports import Period, ReportPerson, count_people, load_report_people, select_days
from bot.gateway.records.tables import employees, transactions
from bot.gateway.rest.errors import Invalid
from bot.gateway.rest.paging import invalid_page, page_links, read_page

LONGEST = 366
MOST_CARDS, LEAST_DAYS = 40_000, 31
"""Of an absence report, whose count needs every card of everybody: a year of a hundred people, or a month of all."""
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)

# Sloppy forms such as `2023-09-1`, and a time that some clients send with the date.
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{1,2}(?::\d{1,2})?)?", re.ASCII)

BuildDay = Callable[[ReportPerson, Row[*tuple[Any, ...]], ZoneInfo], Wire]


class ReportsApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        reports: dict[str, Handler] = {
            "totalTimeCardReport": self.show_time_cards,
            "totalTimeCardReportV2": self.show_time_cards,
            "dailyAbsentReport": self.show_absences,
            "firstLastReport": partial(self.show_days, build_first_last, directed=False),
            "firstInLastOutReport": partial(self.show_days, build_first_in_last_out, directed=True),
            "transactionReport": self.show_punches,
        }
        return {f"/att/api/{name}/": {"GET": handler} for name, handler in reports.items()}

    async def show_time_cards(self, request: Request) -> Response:
        wanted = read_page(request, self._gate.settings.max_page_size)
        scope = await self._read_scope(request)
        page = await fetch_card_page(self._gate.db, scope, wanted)
        if page is None:
            raise invalid_page()
        return answer_cards(self._gate, request, page, [build_time_card(card, scope.zone) for card in page.cards])

    async def show_absences(self, request: Request) -> Response:
        wanted = read_page(request, self._gate.settings.max_page_size)
        scope = await self._read_scope(request)
        check_absences(scope.period, await self._gate.db.read(lambda conn: count_people(conn, scope.people)))
        absences = [card async for card in build_cards(self._gate.db, scope) if card.card.absent]
        page = cut_page(absences, wanted)
        return answer_cards(self._gate, request, page, [build_absence(card, scope.zone) for card in page.cards])

    async def show_days(self, build: BuildDay, request: Request, *, directed: bool) -> Response:
        def load(conn: Connection, office: Office, wanted: PageRequest, period: Period) -> Page | None:
            query = select_days(conn, period, office.zone, directed=directed)
            return fetch_page(conn, query.where(_of(request, office)), wanted)

        return await self._answer_rows(request, load, build)

    async def show_punches(self, request: Request) -> Response:
        def load(conn: Connection, office: Office, wanted: PageRequest, period: Period) -> Page | None:
            punch = transactions.c
            since, until = period.bounds(office.zone)
            people = sa.select(employees.c.id).where(_of(request, office))
            query = sa.select(transactions).where(
                punch.employee_id.in_(people), punch.punched_at >= since, punch.punched_at < until
            )
            order = (punch.emp_code.asc(), punch.punched_at.asc(), punch.id.asc())
            return fetch_lean_page(conn, query, punch.id, order, wanted)

        return await self._answer_rows(request, load, build_punch)

    async def _answer_rows(
        self,
        request: Request,
        load: Callable[[Connection, Office, PageRequest, Period], Page | None],
        build: BuildDay,
    ) -> Response:
        wanted, now = read_page(request, self._gate.settings.max_page_size), self._gate.now()

        def work(conn: Connection, office: Office) -> tuple[Page, Sequence[Wire]]:
            page = load(conn, office, wanted, read_period(request, office.zone, now))
            if page is None:
                raise invalid_page()
            people = load_report_people(conn, list({row.employee_id for row in page.rows}))
            return page, [build(people[row.employee_id], row, office.zone) for row in page.rows]

        page, rows = await read_as_office(self._gate, request, work)
        following, previous = page_links(request, self._gate.origin(request), page)
        return answer(WebList[Any](count=page.count, next=following, previous=previous, data=list(rows)))

    async def _read_scope(self, request: Request) -> Scope:
        now = self._gate.now()

        def read(_conn: Connection, office: Office) -> Scope:
            period = read_period(request, office.zone, now)
            return Scope(office.company_id, office.zone, _of(request, office), period, now)

        return await read_as_office(self._gate, request, read)


def _of(request: Request, office: Office) -> "sa.ColumnElement[bool]":
    return people_of(request, office.company_id, office.zone)


def answer_cards(gate: Gate, request: Request, page: CardPage, rows: Sequence[Wire]) -> Response:
    shown = Page(page.number, page.count, page.last, ())
    following, previous = page_links(request, gate.origin(request), shown)
    return answer(WebList[Any](count=page.count, next=following, previous=previous, data=list(rows)))


def check_absences(period: Period, people: int) -> None:
    """Raises Invalid where too many cards would have to be built."""
    longest = max(LEAST_DAYS, min(LONGEST, MOST_CARDS // max(people, 1)))
    if period.last - period.first >= timedelta(days=longest):
        raise Invalid({"end_date": [f"A report of the absences of {people} employees covers {longest} days at most."]})


def cut_page(cards: Sequence[Card], wanted: PageRequest) -> CardPage:
    """Raises NotFound past the end."""
    last = max(1, -(-len(cards) // wanted.size))
    number = last if wanted.number is None else wanted.number
    if number > last:
        raise invalid_page()
    return CardPage(number, len(cards), last, cards[(number - 1) * wanted.size : number * wanted.size])


def read_period(request: Request, zone: ZoneInfo, now: datetime) -> Period:
    """`start_date` and `end_date`, both included. Without the end until today, without the start from the first of
    that month. Raises Invalid.
    """
    errors: dict[str, list[str]] = {}
    end = _read_date(request, "end_date", errors) or now.astimezone(zone).date()
    start = _read_date(request, "start_date", errors) or end.replace(day=1)
    if not errors and start > end:
        errors["end_date"] = ["The end is before the start."]
    if not errors and end - start >= timedelta(days=LONGEST):
        errors["end_date"] = [f"A report covers {LONGEST} days at most."]
    if errors:
        raise Invalid(errors)
    return Period(start, end)


def _read_date(request: Request, name: str, errors: dict[str, list[str]]) -> date | None:
    # The manual's own example ends in `&end_date=2023-09-1/`.
    text = (request.query_params.get(name) or "").strip().removesuffix("/")
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None  # a 31st of February
    if day is None or not FIRST <= day <= LAST:
        errors[name] = ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]
    return day
