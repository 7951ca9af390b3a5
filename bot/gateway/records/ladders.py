"""How many transactions a company has and where a page of them begins, without walking past all of them.

Both databases count a million rows by visiting each, a tenth of a second here, and skip to a deep page the same way.
So the id of every thousandth one is remembered: a ladder, climbed once per process and lengthened as punches come. What
was counted stays true: ids only grow, and a transaction taken away again (`companies.removals`) throws the ladder away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Row, Select

from bot.gateway.records.pages import Page, PageRequest
from bot.gateway.records.tables import companies, transactions

STEP = 1000
# PostgreSQL gives ids before it commits: what is older than this has no gaps any more that might still be filled.
SETTLED = timedelta(minutes=15)

_punch = transactions.c
# Built once: the first climb asks a thousand times.
_COMPANY, _ABOVE = _punch.company_id == sa.bindparam("company"), _punch.id > sa.bindparam("rung")
_NEXT = (
    sa.select(_punch.id, _punch.uploaded_at)
    .where(_COMPANY, _ABOVE)
    .order_by(_punch.id)
    .limit(1)
    .offset(sa.bindparam("others"))
)
_COUNT = sa.select(sa.func.count()).select_from(transactions).where(_COMPANY, _ABOVE)
_REMOVALS = sa.select(companies.c.removals).where(companies.c.id == sa.bindparam("company"))


class Direction(Enum):
    """Of a list by id."""

    OLDEST_FIRST = "id"
    NEWEST_FIRST = "-id"


@dataclass(frozen=True, slots=True)
class _Ladder:
    """`rungs[n]` is the id of the company's transaction number (n + 1) * STEP, in the order of ids."""

    removals: int
    rungs: tuple[int, ...] = ()

    def below(self, offset: int) -> tuple[int, int]:
        """The highest rung below the row at an offset, and how many rows further on that row is."""
        steps = min(offset // STEP, len(self.rungs))
        return (self.rungs[steps - 1] if steps else 0), offset - steps * STEP


class Ladders:
    """One ladder for each company whose transactions were listed, 8 KB for each million rows."""

    def __init__(self) -> None:
        self._of: dict[str, _Ladder] = {}

    def fetch_page(
        self,
        conn: Connection,
        company_id: str,
        query: Select[*tuple[Any, ...]],
        wanted: PageRequest,
        *,
        order: Direction | Sequence[ColumnElement[Any]],
        now: datetime,
    ) -> Page | None:
        """A page of all transactions of a company. `query` gives the rows, their id first. None past the end."""
        ladder = self._climb(conn, company_id, now)
        count = _count(conn, company_id, ladder)
        last = max(1, -(-count // wanted.size))
        number = last if wanted.number is None else wanted.number
        if number > last:
            return None
        start, end = (number - 1) * wanted.size, min(number * wanted.size, count)
        if not isinstance(order, Direction):
            ids = conn.scalars(_of(company_id).order_by(*order).offset(start).limit(end - start)).all()
        elif order is Direction.OLDEST_FIRST:
            ids = _find_ids(conn, company_id, ladder, start, end)
        else:
            ids = _find_ids(conn, company_id, ladder, count - end, count - start)[::-1]
        return Page(number, count, last, _load(conn, query, ids))

    def _climb(self, conn: Connection, company_id: str, now: datetime) -> _Ladder:
        removals = conn.execute(_REMOVALS, {"company": company_id}).scalar_one()
        known = self._of.get(company_id)
        if known is None or known.removals != removals:
            known = _Ladder(removals)
        rungs = list(known.rungs)
        while (rung := _next_rung(conn, company_id, rungs[-1] if rungs else 0, now)) is not None:
            rungs.append(rung)
        # Another request may have climbed meanwhile: each has climbed its own, and either is right.
        ladder = self._of[company_id] = _Ladder(removals, tuple(rungs)) if len(rungs) > len(known.rungs) else known
        return ladder


def _count(conn: Connection, company_id: str, ladder: _Ladder) -> int:
    top = ladder.rungs[-1] if ladder.rungs else 0
    above: int = conn.execute(_COUNT, {"company": company_id, "rung": top}).scalar_one()
    return len(ladder.rungs) * STEP + above


def _find_ids(conn: Connection, company_id: str, ladder: _Ladder, start: int, end: int) -> Sequence[int]:
    rung, further = ladder.below(start)
    above = _of(company_id).where(_punch.id > rung).order_by(_punch.id)
    return conn.scalars(above.offset(further).limit(end - start)).all()


def _of(company_id: str) -> Select[int]:
    return sa.select(_punch.id).where(_punch.company_id == company_id)


def _load(conn: Connection, query: Select[*tuple[Any, ...]], ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    # Put in order here: asked to sort a hundred rows, SQLite walks the whole index that has them in order.
    rows = {row[0]: row for row in conn.execute(query.where(_punch.id.in_(ids)))}
    return [rows[number] for number in ids]


def _next_rung(conn: Connection, company_id: str, rung: int, now: datetime) -> int | None:
    row = conn.execute(_NEXT, {"company": company_id, "rung": rung, "others": STEP - 1}).one_or_none()
    return row.id if row is not None and row.uploaded_at < now - SETTLED else None
