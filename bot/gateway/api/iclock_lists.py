"""What the lists of terminals and transactions can be asked for (manual 4.1, 9.1; wire notes, "Resources")."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from starlette.requests import Request

from bot.biotime.wire.times import read_utc_text
from bot.gateway.api.web_lists import WebListing
from bot.gateway.records.ladders import Direction
from bot.gateway.records.punches import select_onprem_transactions, select_transactions
from bot.gateway.records.tables import areas, terminals, transactions
from bot.gateway.records.terminals import select_terminals
from bot.gateway.rest.filters import MOMENT, BadValueError, Condition, Typed, contains, number, since, texts, until
from bot.gateway.rest.paging import Order, read_ordering

_terminal, _punch = terminals.c, transactions.c
# Sorted by hand, so to speak: read in the order of ids, an index of ids would be walked to its end for a filter that
# few rows pass. Without a filter `Ladders` finds the page.
_BY_ID = _punch.id + 0


def _area_contains(value: str, zone: ZoneInfo) -> Condition:
    return _terminal.area_id.in_(sa.select(areas.c.id).where(contains(areas.c.area_name)(value, zone)))


def _uploaded_since(value: str, _: ZoneInfo) -> Condition:
    return _punch.uploaded_at >= _read_utc(value)


def _uploaded_until(value: str, _: ZoneInfo) -> Condition:
    # Shown in whole seconds and kept in parts of them: what is shown as this second is in.
    return _punch.uploaded_at < _read_utc(value, timedelta(seconds=1))


def _read_utc(value: str, later: timedelta = timedelta()) -> datetime:
    try:
        return read_utc_text(value).replace(microsecond=0) + later
    except (ValueError, OverflowError):
        raise BadValueError("Enter a valid date/time.") from None


TERMINALS = WebListing(
    select_terminals(),
    _terminal.id,
    _terminal.company_id,
    {
        **texts(sn=_terminal.sn, alias=_terminal.alias, terminal_name=_terminal.terminal_name),
        "area": number(_terminal.area_id),
        "area_icontains": _area_contains,
    },
    {name: _terminal[name] for name in ("id", "sn", "alias", "terminal_name")}
    | {"area": _terminal.area_id, "last_activity": _terminal.last_activity_at},
    (_terminal.id.asc(),),
)
TRANSACTIONS = WebListing(
    select_transactions(),
    _punch.id,
    _punch.company_id,
    {
        **texts(
            emp_code=_punch.emp_code,
            terminal_sn=_punch.terminal_sn,
            terminal_alias=_punch.terminal_alias,
            area_alias=_punch.area_alias,
        ),
        "start_time": since(_punch.punched_at),
        "end_time": until(_punch.punched_at),
        # Punches that were handed in late have an early punch time: whoever keeps up asks for these.
        "upload_time__gte": Typed(_uploaded_since, MOMENT),
        "upload_time__lte": Typed(_uploaded_until, MOMENT),
    },
    {"id": _BY_ID, "punch_time": _punch.punched_at, "upload_time": _punch.uploaded_at, "emp_code": _punch.emp_code},
    (_BY_ID.asc(),),
    select_onprem_transactions(),
)


def asks_for_all(request: Request) -> bool:
    """Whether no filter narrows the transactions down."""
    return not any(request.query_params.get(name, "").strip(" /") for name in TRANSACTIONS.filters)


def read_whole_order(request: Request) -> Direction | Order:
    """Of all transactions: by id, or among equals by id the way the first is ordered, as the indexes have them."""
    names = request.query_params.get("ordering", "").split(",")
    first = next((name for name in names if name.removeprefix("-") in TRANSACTIONS.orders), "id")
    if first in ("id", "-id"):
        # An id decides by itself: whatever is named after it says nothing more.
        return Direction(first)
    return read_ordering(request, TRANSACTIONS.orders, (_punch.id.desc() if first[0] == "-" else _punch.id.asc(),))
