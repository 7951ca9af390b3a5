"""Leaves that people ask for: kept once per source, then on their way to BioTime as punches are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from bot.attendance.progress import Neighbours, State
from bot.store.leave_tables import leave_kinds, leave_refusals, leaves
from bot.store.statements import upsert
from bot.store.under_way import UnderWay, UnderWayRows, read_under_way


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLeave(UnderWay):
    """`pay_code` is BioTime's id of the kind, `title` its name; `note` why, where it was said."""

    pay_code: int
    title: str
    end_at: datetime

    @property
    def start_at(self) -> datetime:
        return self.progress.punched_at

    @property
    def leave_id(self) -> int | None:
        """BioTime's, once it has it."""
        return self.progress.manual_log_id


def _columns(leave: AskedLeave) -> dict[str, Any]:
    return {"pay_code": leave.pay_code, "title": leave.title, "end_at": leave.end_at}


def _read(row: Row[Any]) -> AskedLeave:
    return AskedLeave(**read_under_way(row), pay_code=row.pay_code, title=row.title, end_at=row.end_at)


_ROWS = UnderWayRows(leaves, _columns, _read)
add, find, find_by_source, settle = _ROWS.add, _ROWS.find, _ROWS.find_by_source, _ROWS.settle
find_due, find_claimed, find_untold = _ROWS.find_due, _ROWS.find_claimed, _ROWS.find_untold
claim_send, return_send, postpone_telling = _ROWS.claim_send, _ROWS.return_send, _ROWS.postpone_telling
settle_message, settle_told, hasten_decision = _ROWS.settle_message, _ROWS.settle_told, _ROWS.hasten_decision
find_undecided = _ROWS.find_undecided


def load_neighbours(connection: Connection, row: AskedLeave) -> Neighbours:
    """None: leaves go in any order."""
    return Neighbours()


def find_waiting(connection: Connection, company: str, emp_code: str) -> list[int]:
    return []


def find_overlapping(
    connection: Connection, company: str, emp_code: str, start_at: datetime, end_at: datetime
) -> AskedLeave | None:
    """The employee's earliest that has some of that time in it, which ends before `end_at`. What was refused or taken
    back, or could not be filed, is in nobody's way.
    """
    c = leaves.c
    theirs = and_(c.company == company, c.emp_code == emp_code, c.punched_at < end_at, c.end_at > start_at)
    found = [_read(row) for row in connection.execute(select(leaves).where(theirs).order_by(c.punched_at))]
    return next((leave for leave in found if leave.counts and leave.progress.state is not State.HUMAN), None)


def find_asked(connection: Connection, company: str, emp_code: str, limit: int) -> list[AskedLeave]:
    """The employee's, the newest first."""
    c = leaves.c
    query = select(leaves).where(c.company == company, c.emp_code == emp_code)
    return [_read(row) for row in connection.execute(query.order_by(c.recorded_at.desc(), c.id.desc()).limit(limit))]


# -- whether a company takes any ---------------------------------------------------------------------------------------


def settle_refusal(connection: Connection, company: str, until: datetime) -> None:
    """Whoever takes none has no kinds."""
    connection.execute(leave_kinds.delete().where(leave_kinds.c.company == company))
    upsert(connection, leave_refusals, "company", company=company, until=until)


def load_refusal(connection: Connection, company: str) -> datetime | None:
    """Until when the company counts as one that takes none."""
    found = select(leave_refusals.c.until).where(leave_refusals.c.company == company)
    return connection.execute(found).scalar_one_or_none()


def settle_kinds(connection: Connection, company: str, kinds: Sequence[tuple[int, str]], until: datetime) -> None:
    """(BioTime's id, name) each, as they were offered; to be asked anew from `until` on.

    Whoever has kinds takes leaves, whatever was said before.
    """
    connection.execute(leave_refusals.delete().where(leave_refusals.c.company == company))
    upsert(connection, leave_kinds, "company", company=company, kinds=[list(kind) for kind in kinds], until=until)


def load_kinds(connection: Connection, company: str) -> tuple[list[tuple[int, str]], datetime] | None:
    """As they were settled, however long ago."""
    row = connection.execute(select(leave_kinds).where(leave_kinds.c.company == company)).one_or_none()
    return None if row is None else ([(int(kind), str(name)) for kind, name in row.kinds], row.until)
