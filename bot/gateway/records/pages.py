"""One page of an ordered query and how many rows and pages there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Row, Select


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
    number, last = _place(count, wanted)
    if number > last:
        return None
    rows = conn.execute(query.limit(wanted.size).offset((number - 1) * wanted.size)).all()
    return Page(number, count, last, rows)


def fetch_lean_page(
    conn: Connection, query: Select[*tuple[Any, ...]], key: "Column[int]", wanted: PageRequest
) -> Page | None:
    """The same for a query that joins to its rows only from the left, by primary keys.

    Both databases leave such joins out where nothing of them is asked for: so rows are counted and skipped by the
    index alone, and only those of the page are fetched whole.
    """
    keys = query.with_only_columns(key, maintain_column_froms=True)
    counted = keys.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
    count = conn.execute(counted).scalar_one()
    number, last = _place(count, wanted)
    if number > last:
        return None
    found = conn.scalars(keys.limit(wanted.size).offset((number - 1) * wanted.size)).all()
    rows = conn.execute(query.where(key.in_(found))).all()
    return Page(number, count, last, rows)


def _place(count: int, wanted: PageRequest) -> tuple[int, int]:
    """The page's number and the last one's."""
    last = max(1, -(-count // wanted.size))
    return (last if wanted.number is None else wanted.number), last
