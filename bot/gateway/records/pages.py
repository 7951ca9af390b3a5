"""One page of an ordered query and how many rows and pages there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`number` counts from 1; None is the last page."""

    number: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    count: int
    last: int
    rows: Sequence[Row[*tuple[Any, ...]]]


def fetch_page(conn: Connection, query: Select[*tuple[Any, ...]], wanted: PageRequest) -> Page | None:
    """None past the end; the first page exists even when it is empty."""
    count = conn.execute(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    last = max(1, -(-count // wanted.size))
    number = last if wanted.number is None else wanted.number
    if number > last:
        return None
    rows = conn.execute(query.limit(wanted.size).offset((number - 1) * wanted.size)).all()
    return Page(number, count, last, rows)
