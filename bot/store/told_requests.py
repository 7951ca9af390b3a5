"""Which requests a manager was told of, each once, in which message; and what waits for a decision, as last seen."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, select, update

from bot.attendance.model import PunchState
from bot.store.roster_tables import roster_leaves, roster_logs, roster_people, roster_punches
from bot.store.statements import insert_or_ignore
from bot.store.team_tables import told_requests

PENDING, APPROVED, REJECTED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Told:
    """`emp_code` is the manager, `once` the request (`log:17`), `message` the key of its row in the outbox. `ended`: it
    does not wait any more.
    """

    emp_code: str
    once: str
    message: str
    detail: dict[str, Any]
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """A request in the copy of what BioTime has; `until` and `pay_code` are a leave's, `state` a manual log's."""

    once: str
    emp_code: str
    name: str
    at: datetime
    until: datetime | None
    state: PunchState | None
    pay_code: str
    reason: str
    status: int


def add_told(connection: Connection, company: str, told: Told) -> bool:
    """False where that manager was told of it already."""
    key = {"company": company, "emp_code": told.emp_code, "once": told.once}
    detail = json.dumps(told.detail, ensure_ascii=False)
    made = insert_or_ignore(
        connection, told_requests, key="once", **key, message=told.message, detail=detail, ended=False
    )
    return made is not None


def load_told(connection: Connection, company: str, emp_code: str, message: str) -> list[Told]:
    """What one message tells of, in the order of their numbers."""
    c = told_requests.c
    mine = and_(c.company == company, c.emp_code == emp_code, c.message == message)
    found = [_read(row) for row in connection.execute(select(told_requests).where(mine))]
    return sorted(found, key=lambda one: (one.detail["at"], one.once))


def find_told(connection: Connection, company: str, onces: Iterable[str]) -> set[str]:
    """Those of them of which anybody was told."""
    c = told_requests.c
    query = select(c.once).where(c.company == company, c.once.in_(list(onces))).distinct()
    return set(connection.execute(query).scalars())


def find_open(connection: Connection, company: str) -> set[str]:
    """The requests that were told and, as far as those who were told know, wait."""
    c = told_requests.c
    return set(connection.execute(select(c.once).where(c.company == company, c.ended.is_(False)).distinct()).scalars())


def end_told(connection: Connection, company: str, onces: Iterable[str]) -> list[tuple[str, str]]:
    """They wait no more; returns (manager, message) of whom that is news to."""
    c = told_requests.c
    ended = and_(c.company == company, c.once.in_(list(onces)), c.ended.is_(False))
    changed = update(told_requests).where(ended).values(ended=True).returning(c.emp_code, c.message)
    return sorted({(row.emp_code, row.message) for row in connection.execute(changed)})


def load_waiting(connection: Connection, company: str) -> dict[str, Filed]:
    """By `once`."""
    return {one.once: one for one in _load(connection, company, PENDING)}


def find_filed(connection: Connection, company: str, once: str) -> Filed | None:
    kind, _, number = once.partition(":")
    table = roster_logs if kind == "log" else roster_leaves
    return next(_read_filed(connection, company, table, table.c.id == int(number)), None)


def _load(connection: Connection, company: str, status: int) -> Iterator[Filed]:
    for table in (roster_logs, roster_leaves):
        yield from _read_filed(connection, company, table, table.c.audit_status == status)


def _read_filed(connection: Connection, company: str, table: Table, condition: ColumnElement[bool]) -> Iterator[Filed]:
    p = roster_people.c
    whose = and_(p.company == table.c.company, p.emp_code == table.c.emp_code)
    query = select(table, p.name).join(roster_people, whose).where(table.c.company == company, condition)
    for row in connection.execute(query.order_by(table.c.id)):
        yield _read_log(row) if table is roster_logs else _read_leave(row)


def _read_log(row: Row[Any]) -> Filed:
    return Filed(
        once=f"log:{row.id}", emp_code=row.emp_code, name=row.name, at=row.punched_at, until=None,
        state=PunchState(row.punch_state), pay_code="", reason=row.reason or "", status=row.audit_status,
    )  # fmt: skip


def _read_leave(row: Row[Any]) -> Filed:
    return Filed(
        once=f"leave:{row.id}", emp_code=row.emp_code, name=row.name, at=row.starts_at, until=row.ends_at,
        state=None, pay_code=row.pay_code, reason=row.reason or "", status=row.audit_status,
    )  # fmt: skip


def _read(row: Row[Any]) -> Told:
    return Told(row.emp_code, row.once, row.message, json.loads(row.detail), row.ended)


# -- what is near ------------------------------------------------------------------------------------------------------


def load_punches(
    connection: Connection, company: str, emp_code: str, first: datetime, last: datetime
) -> list[tuple[datetime, int, str | None]]:
    """(time, punch state, terminal), the earliest first."""
    c = roster_punches.c
    mine = and_(c.company == company, c.emp_code == emp_code, c.punched_at >= first, c.punched_at <= last)
    query = select(c.punched_at, c.punch_state, c.terminal_alias).where(mine).order_by(c.punched_at, c.id)
    return [(row.punched_at, row.punch_state, row.terminal_alias) for row in connection.execute(query)]


def find_on_leave(
    connection: Connection, company: str, department_id: int, first: datetime, last: datetime
) -> set[str]:
    """Whose approved leave touches that time, in one department."""
    c, p = roster_leaves.c, roster_people.c
    touches = and_(c.company == company, c.audit_status == APPROVED, c.starts_at <= last, c.ends_at > first)
    there = and_(p.company == c.company, p.emp_code == c.emp_code, p.department_id == department_id)
    query = select(c.emp_code).join(roster_people, and_(there, p.left_at.is_(None))).where(touches)
    return set(connection.execute(query).scalars())
