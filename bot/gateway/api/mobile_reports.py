"""Time and attendance in the mobile API: manual 6.6, 6.7 and exception_summary. All of it comes from time cards.

Who sees what is as in `mobile`: an employee their own, an administrator their company's, whatever the URL says.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from bot.attendance.summary import summarise
from bot.attendance.timecard import TimeCard
from bot.biotime.wire.envelope import MobileList
from bot.biotime.wire.mobile_time import DayException, Summary
from bot.gateway.access.gate import Gate, employee_of
from bot.gateway.api.answers import answer
from bot.gateway.api.att_cards import Scope, fetch_card_page, load_own_cards
from bot.gateway.api.att_filters import PEOPLE as PEOPLE_FILTERS
from bot.gateway.api.att_reports import answer_cards, read_period
from bot.gateway.api.att_rows import build_exceptions, build_mobile_time_card
from bot.gateway.api.mobile import BASE, load_called
from bot.gateway.api.mobile_lists import PEOPLE
from bot.gateway.api.resource import Handlers
from bot.gateway.records.leaves import load_pay_code_ids
from bot.gateway.records.reports import Period
from bot.gateway.records.tables import employees
from bot.gateway.rest.filters import read_filters
from bot.gateway.rest.paging import invalid_page, read_page

ChooseFrom = Callable[[date], Period]
ChooseIn = Callable[[ZoneInfo], Period]


class MobileReportsApi:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def doors(self) -> dict[str, Handlers]:
        return {}

    def resources(self) -> dict[str, Handlers]:
        person = f"{BASE}/employees/{{called}}"
        return {
            f"{person}/weekly_summary/": {"GET": partial(self.show_summary, _week)},
            f"{person}/monthly_summary/": {"GET": partial(self.show_summary, _month)},
            f"{person}/exception_summary/": {"GET": self.show_exceptions},
            f"{BASE}/total_time_cards/page_data/": {"GET": self.show_time_cards},
        }

    async def show_summary(self, choose: ChooseFrom, request: Request) -> Response:
        now = self._gate.now()
        cards = await self._load_cards(request, lambda zone: choose(now.astimezone(zone).date()))
        summary = summarise(cards)
        return answer(
            Summary(
                late=summary.late,
                early_out=summary.early_out,
                absent=summary.absent,
                leave=summary.leave,
                overtime=summary.overtime,
            )
        )

    async def show_exceptions(self, request: Request) -> Response:
        now = self._gate.now()
        cards = await self._load_cards(request, lambda zone: read_period(request, zone, now))
        rows = build_exceptions(cards)
        return answer(MobileList[DayException](count=len(rows), results=rows))

    async def show_time_cards(self, request: Request) -> Response:
        wanted = read_page(request, self._gate.settings.max_page_size)
        credential, now = await self._gate.identify(request), self._gate.now()

        def read(conn: Connection) -> tuple[Scope, list[int]]:
            caller = employee_of(conn, credential)
            people = sa.and_(PEOPLE.seen_by(caller), *read_filters(request, PEOPLE_FILTERS, caller.zone))
            period = read_period(request, caller.zone, now)
            scope = Scope(caller.company_id, caller.zone, people, period, now)
            return scope, load_pay_code_ids(conn, caller.company_id)

        scope, pay_codes = await self._gate.db.read(read)
        page = await fetch_card_page(self._gate.db, scope, wanted)
        if page is None:
            raise invalid_page()
        rows = [build_mobile_time_card(card, scope.zone, pay_codes) for card in page.cards]
        return answer_cards(self._gate, request, page, rows)

    async def _load_cards(self, request: Request, choose: ChooseIn) -> Sequence[TimeCard]:
        """Of the employee whom the URL names."""
        credential, now = await self._gate.identify(request), self._gate.now()

        def load(conn: Connection) -> Sequence[TimeCard]:
            zone = employee_of(conn, credential).zone
            person = load_called(conn, credential, request)
            scope = Scope(person.company_id, zone, employees.c.id == person.id, choose(zone), now)
            return load_own_cards(conn, scope, person.id)

        return await self._gate.db.read(load)


def _week(today: date) -> Period:
    """From Monday until today."""
    return Period(today - timedelta(days=today.weekday()), today)


def _month(today: date) -> Period:
    return Period(today.replace(day=1), today)
