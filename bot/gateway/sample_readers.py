"""What *Demo Trading* punches at: a terminal at each of three doors, and the app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.gateway.records.kinds import APP_TERMINAL, Source
from bot.gateway.records.places import find_or_add_area
from bot.gateway.records.terminals import add_terminal, change_terminal
from bot.gateway.sample_staff import BRANCH, OFFICE, WAREHOUSE

_OFFICE_AT = (25.0916434, 55.1586873)


@dataclass(frozen=True, slots=True)
class Reader:
    """Without keys it does not know the direction. What is `in_touch` is heard of between two punches, too."""

    sn: str
    alias: str
    area: str
    has_keys: bool
    in_touch: bool = True


READERS = (
    Reader("DXB0000001", "Office lobby", OFFICE, has_keys=True),
    Reader("JAW0000001", "Warehouse gate", WAREHOUSE, has_keys=False),
    Reader("SHJ0000001", "Branch door", BRANCH, has_keys=False, in_touch=False),
)


def add_readers(conn: Connection, company_id: str) -> Mapping[str, int]:
    """Their ids by serial number."""
    return {
        reader.sn: add_terminal(
            conn,
            company_id,
            {
                "sn": reader.sn,
                "alias": reader.alias,
                "terminal_name": reader.alias,
                "area_id": find_or_add_area(conn, company_id, reader.area),
            },
        )
        for reader in READERS
    }


def note_punches(conn: Connection, ids: Mapping[str, int], rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """How many each has taken, and when it was heard of."""
    for reader in READERS:
        own = [row["uploaded_at"] for row in rows if row["terminal_sn"] == reader.sn]
        heard_at = now - timedelta(minutes=1) if reader.in_touch else max(own, default=None)
        change_terminal(conn, ids[reader.sn], {"transaction_count": len(own), "last_activity_at": heard_at})


def columns_of(reader: Reader | None, ids: Mapping[str, int]) -> dict[str, Any]:
    """What a transaction says of where it was made; None is the app, in the office."""
    return {
        "source": (Source.DEVICE if reader else Source.APP).value,
        "verify_type": 1 if reader else 0,
        "terminal_sn": reader.sn if reader else APP_TERMINAL,
        "terminal_alias": reader.alias if reader else APP_TERMINAL,
        "terminal_id": ids[reader.sn] if reader else None,
        "area_alias": reader.area if reader else None,
        "latitude": None if reader else _OFFICE_AT[0],
        "longitude": None if reader else _OFFICE_AT[1],
        "gps_location": None if reader else OFFICE,
    }
