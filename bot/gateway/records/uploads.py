"""What terminals hand in: their punches, each kept once, of people known or not known yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.attendance.model import PunchState
from bot.database import UtcDateTime
from bot.gateway.records.kinds import Source
from bot.gateway.records.punches import Transaction, select_onprem_transactions
from bot.gateway.records.tables import employees, transactions
from bot.gateway.records.terminals import KnownTerminal, note_upload

PunchKey = tuple[str, str, datetime, int]
"""What makes it the same punch: terminal_sn, emp_code, time, state."""


@dataclass(frozen=True, slots=True)
class TerminalPunch:
    """One punch as a terminal tells of it. `punched_at` in whole seconds, as terminals have them."""

    terminal_sn: str
    emp_code: str
    punched_at: datetime
    punch_state: PunchState
    verify_type: int
    work_code: str
    temperature: float | None
    mask_flag: int | None

    @property
    def key(self) -> PunchKey:
        return (self.terminal_sn, self.emp_code, self.punched_at, self.punch_state.value)


def add_terminal_punches(
    conn: Connection,
    company_id: str,
    punches: Sequence[TerminalPunch],
    at: Mapping[str, KnownTerminal],
    now: datetime,
) -> Sequence[Transaction]:
    """The transactions of all of them, in their order: those that were handed in before, as they are. `at` are their
    terminals by serial number, held (`hold_terminals`), so that nobody adds the same ones meanwhile.
    """
    ids = _find_earlier(conn, company_id, punches)
    new = {punch.key: punch for punch in punches if punch.key not in ids}
    if new:
        ids |= zip(new, _insert(conn, company_id, list(new.values()), at, now), strict=True)
    for terminal in at.values():
        note_upload(conn, terminal.id, sum(key[0] == terminal.sn for key in new), now)
    return _load(conn, [ids[punch.key] for punch in punches])


def adopt_punches(conn: Connection, company_id: str, emp_code: str, employee_id: str) -> None:
    """Gives an employee who is new here what terminals have told of their emp_code before."""
    punch = transactions.c
    conn.execute(
        transactions.update()
        .where(punch.company_id == company_id, punch.emp_code == emp_code, punch.employee_id.is_(None))
        .values(employee_id=employee_id)
    )


def _find_earlier(conn: Connection, company_id: str, punches: Sequence[TerminalPunch]) -> dict[PunchKey, int]:
    """Ids of those kept already: one probe of the index (company, emp_code, time) for each."""
    sought = (
        sa.values(sa.column("emp_code", sa.String), sa.column("punched_at", UtcDateTime), name="sought")
        .data(list({(punch.emp_code, punch.punched_at) for punch in punches}))
        .cte("sought")
    )
    punch = transactions.c
    found = conn.execute(
        sa.select(punch.id, punch.terminal_sn, punch.emp_code, punch.punched_at, punch.punch_state)
        .join(sought, sa.and_(punch.emp_code == sought.c.emp_code, punch.punched_at == sought.c.punched_at))
        .where(punch.company_id == company_id, punch.source == Source.DEVICE.value)
        .order_by(punch.id.desc())
    )
    # Backwards, so that the first of several stands.
    return {(row.terminal_sn, row.emp_code, row.punched_at, row.punch_state): row.id for row in found}


def _insert(
    conn: Connection,
    company_id: str,
    punches: Sequence[TerminalPunch],
    at: Mapping[str, KnownTerminal],
    now: datetime,
) -> Sequence[int]:
    """Ids in the order of `punches`."""
    people = _find_people(conn, company_id, {punch.emp_code for punch in punches})
    rows = [
        {
            "company_id": company_id,
            "employee_id": people.get(punch.emp_code),
            "emp_code": punch.emp_code,
            "punched_at": punch.punched_at,
            "uploaded_at": now,
            "punch_state": punch.punch_state.value,
            "source": Source.DEVICE.value,
            "work_code": punch.work_code,
            "terminal_id": at[punch.terminal_sn].id,
            "terminal_sn": punch.terminal_sn,
            "terminal_alias": at[punch.terminal_sn].alias,
            "area_alias": at[punch.terminal_sn].area_name,
            "verify_type": punch.verify_type,
            "temperature": punch.temperature,
            "mask_flag": punch.mask_flag,
        }
        for punch in punches
    ]
    insert = transactions.insert().returning(transactions.c.id, sort_by_parameter_order=True)
    return conn.scalars(insert, rows).all()


def _find_people(conn: Connection, company_id: str, emp_codes: Iterable[str]) -> Mapping[str, str]:
    """Ids by emp_code, also of those who have left: a late upload tells of a time when they had not."""
    person = employees.c
    query = sa.select(person.emp_code, person.id).where(person.company_id == company_id, person.emp_code.in_(emp_codes))
    return {row.emp_code: row.id for row in conn.execute(query)}


def _load(conn: Connection, ids: Sequence[int]) -> Sequence[Transaction]:
    rows = conn.execute(select_onprem_transactions().where(transactions.c.id.in_(set(ids))))
    found = {row.id: Transaction(*row) for row in rows}
    return [found[number] for number in ids]
