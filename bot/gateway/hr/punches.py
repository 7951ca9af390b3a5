"""Punches, to look at: a punch is a fact, and nobody changes it."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select
from starlette.responses import Response

from bot.gateway.api.att_filters import about
from bot.gateway.api.resource import Handlers
from bot.gateway.api.web_lists import WebListing
from bot.gateway.hr.days import read_day
from bot.gateway.hr.people import full_name
from bot.gateway.hr.requests import STATE_NAMES
from bot.gateway.hr.sections import fetch_rows
from bot.gateway.hr.visits import Visit, Visits
from bot.gateway.records.kinds import Source
from bot.gateway.records.reports import Period
from bot.gateway.records.tables import employees, manual_logs, transactions

DEFAULT_DAYS = timedelta(days=6)
SOURCES = {Source.DEVICE.value: "Terminal", Source.MANUAL_LOG.value: "Manual log", Source.APP.value: "App"}


def _select() -> Select[*tuple[Any, ...]]:
    log = manual_logs.c
    return sa.select(
        *transactions.c, employees.c.first_name, employees.c.last_name, log.apply_reason, log.approver
    ).select_from(
        transactions.outerjoin(employees, employees.c.id == transactions.c.employee_id).outerjoin(
            manual_logs, log.id == transactions.c.manual_log_id
        )
    )


LISTING = WebListing(
    query=_select(),
    key=transactions.c.id,
    company_id=transactions.c.company_id,
    # A punch may have a code that no employee has.
    filters={**about(transactions.c.employee_id), "emp_code": lambda value, _: transactions.c.emp_code == value},
    orders={},
    default=(transactions.c.punched_at.desc(), transactions.c.id.desc()),
)


class PunchPages:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def pages(self) -> dict[str, Handlers]:
        return {"/hr/punches/": self._visits.shown_by(self.list)}

    async def list(self, visit: Visit) -> Response:
        """Of the last week, where no days are asked for."""
        last = read_day(visit, "last") or max(visit.office.day(visit.now), read_day(visit, "first") or date.min)
        first = read_day(visit, "first") or last - DEFAULT_DAYS
        since, until = Period(first, last).bounds(visit.office.zone)
        at = transactions.c.punched_at
        found = await self._visits.gate.db.read(lambda conn: fetch_rows(conn, visit, LISTING, at >= since, at < until))
        shown: dict[str, Any] = {
            "found": found,
            "first": first,
            "last": last,
            "states": STATE_NAMES,
            "sources": SOURCES,
        }
        return visit.show("punches.html", "Punches", full_name=full_name, seconds=_seconds, **shown)


def _seconds(at: datetime, visit: Visit) -> str:
    return f"{at.astimezone(visit.office.zone):%Y-%m-%d %H:%M:%S}"
