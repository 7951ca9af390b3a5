"""Days and months out of an address."""

import re
from datetime import date, timedelta

from bot.gateway.api.att_setup_bodies import FIRST, LAST
from bot.gateway.hr.visits import Visit
from bot.gateway.records.reports import Period
from bot.gateway.rest.errors import Invalid

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


def read_day(visit: Visit, name: str) -> date | None:
    """Raises Invalid."""
    text = visit.asked(name)
    return _day(name, text) if text else None


def read_month(visit: Visit) -> Period:
    """`2026-11` as `month`, else the one it is. Raises Invalid."""
    text = visit.asked("month") or f"{visit.office.day(visit.now):%Y-%m}"
    if not _MONTH.fullmatch(text):
        raise Invalid({"month": ["A month is written like 2026-11."]})
    first = _day("month", f"{text}-01")
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: ["A day is written like 2026-11-24."]}) from None
    if not FIRST <= day <= LAST:
        raise Invalid({name: [f"A day lies between {FIRST} and {LAST}."]})
    return day
