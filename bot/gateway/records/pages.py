"""One page of an ordered query and how many rows and pages there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Connection, FromClause, Row, Select
from sqlalchemy.sql.visitors import ExternallyTraversible

FEW = 1000
"""Rows of one table that are sorted and skipped whole sooner than they are asked for twice."""


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
    conn: Connection,
    query: Select[*tuple[Any, ...]],
    key: "Column[int]",
    order: Sequence[ColumnElement[Any]],
    wanted: PageRequest,
) -> Page | None:
    """The same where `query` joins to the rows of `key`'s table only from the left, by primary keys, and `order` is of
    that table alone: then rows are counted and skipped without the joins, and only those of the page fetched whole.
    """
    keys = _select_keys(query, key)
    count = conn.execute(keys.with_only_columns(sa.func.count(), maintain_column_froms=True)).scalar_one()
    number, last = _place(count, wanted)
    if number > last:
        return None
    if count <= FEW and query.columns_clause_froms == [key.table]:
        whole = query.order_by(*order).limit(wanted.size).offset((number - 1) * wanted.size)
        return Page(number, count, last, conn.execute(whole).all())
    found = conn.scalars(keys.order_by(*order).limit(wanted.size).offset((number - 1) * wanted.size)).all()
    rows = conn.execute(query.where(key.in_(found)).order_by(*order)).all()
    return Page(number, count, last, rows)


def _select_keys(query: Select[*tuple[Any, ...]], key: "Column[int]") -> Select[int]:
    asked = query.whereclause
    if asked is None:
        return sa.select(key)
    if all(table is key.table for table in _tables(asked)):
        return sa.select(key).where(asked)
    # Something is asked of a joined table, too.
    return query.with_only_columns(key, maintain_column_froms=True)


def _tables(clause: ExternallyTraversible) -> Iterator[FromClause]:
    """Of the columns in it; a subquery's are its own. SQLAlchemy's way to know compiles the statement each time."""
    if isinstance(clause, sa.Column):
        yield clause.table
    elif not isinstance(clause, sa.SelectBase):
        for child in clause.get_children():
            yield from _tables(child)


def _place(count: int, wanted: PageRequest) -> tuple[int, int]:
    """The page's number and the last one's."""
    last = max(1, -(-count // wanted.size))
    return (last if wanted.number is None else wanted.number), last
