"""Terminals: registered by an administrator, heard of when their punches arrive.

The terminal under which the mobile API's punches are kept (`App`) is none that stands anywhere: it is not listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from bot.gateway.records.kinds import APP_TERMINAL
from bot.gateway.records.tables import areas, terminals

ONLINE_FOR = timedelta(minutes=10)
"""How long a terminal is online after it was heard of."""


class TerminalState(IntEnum):
    ONLINE = 1
    OFFLINE = 3  # (I)


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal as the lists show one. `terminal_tz` in minutes east of UTC, None: the company's zone."""

    id: int
    sn: str
    ip_address: str | None
    alias: str
    terminal_name: str
    fw_ver: str | None
    push_ver: str | None
    terminal_tz: int | None
    last_activity_at: datetime | None
    user_count: int
    fp_count: int
    face_count: int
    palm_count: int
    transaction_count: int
    push_at: datetime | None
    transfer_time: str
    transfer_interval: int
    is_attendance: int
    area_id: int | None
    area_code: str | None
    area_name: str | None

    def state(self, now: datetime) -> TerminalState:
        heard_of = self.last_activity_at is not None and self.last_activity_at > now - ONLINE_FOR
        return TerminalState.ONLINE if heard_of else TerminalState.OFFLINE


@dataclass(frozen=True, slots=True)
class KnownTerminal:
    """What a punch keeps of the terminal it was made at."""

    id: int
    sn: str
    alias: str
    area_name: str | None


_OWN = [terminals.c[name] for name in list(Terminal.__dataclass_fields__)[:-2]]


def select_terminals() -> Select[*tuple[Any, ...]]:
    """Rows that `Terminal(*row)` takes, of all companies: narrow it down."""
    return (
        sa.select(*_OWN, areas.c.area_code, areas.c.area_name)
        .select_from(terminals.outerjoin(areas, areas.c.id == terminals.c.area_id))
        .where(terminals.c.sn != APP_TERMINAL)
    )


def state_at(now: datetime) -> ColumnElement[int]:
    """`Terminal.state` as a column, to ask for."""
    online = terminals.c.last_activity_at > now - ONLINE_FOR
    return sa.case((online, TerminalState.ONLINE.value), else_=TerminalState.OFFLINE.value)


def find_terminal(conn: Connection, company_id: str, terminal_id: int) -> Terminal | None:
    query = select_terminals().where(terminals.c.id == terminal_id, terminals.c.company_id == company_id)
    row = conn.execute(query).one_or_none()
    return Terminal(*row) if row else None


def is_sn_taken(conn: Connection, company_id: str, sn: str, but: int | None = None) -> bool:
    """`App` always is."""
    table = terminals.c
    query = sa.select(table.id).where(table.company_id == company_id, table.sn == sn, table.id.is_distinct_from(but))
    return conn.execute(query).first() is not None


def add_terminal(conn: Connection, company_id: str, values: Mapping[str, object]) -> int:
    """Raises IntegrityError where the company has that serial number."""
    added = conn.execute(terminals.insert().values(company_id=company_id, **values).returning(terminals.c.id))
    return int(added.scalar_one())


def change_terminal(conn: Connection, terminal_id: int, values: Mapping[str, object]) -> None:
    if values:
        conn.execute(terminals.update().where(terminals.c.id == terminal_id).values(**values))


def remove_terminal(conn: Connection, terminal_id: int) -> None:
    """Its punches stay, with its serial number and name."""
    conn.execute(terminals.delete().where(terminals.c.id == terminal_id))


def hold_terminals(conn: Connection, company_id: str, sns: Sequence[str]) -> Mapping[str, KnownTerminal]:
    """Those of the company by serial number, held until the transaction ends: what is uploaded for one of them twice
    at once is looked at one after the other. In the order of ids, so that no two uploads wait in a circle.
    """
    table = terminals.c
    held = (
        sa.select(table.id)
        .where(table.company_id == company_id, table.sn.in_(sns), table.sn != APP_TERMINAL)
        .order_by(table.id)
        .with_for_update()
    )
    ids = conn.scalars(held).all()
    rows = conn.execute(
        sa.select(table.id, table.sn, table.alias, areas.c.area_name)
        .select_from(terminals.outerjoin(areas, areas.c.id == table.area_id))
        .where(table.id.in_(ids))
    )
    return {row.sn: KnownTerminal(*row) for row in rows}


def note_upload(conn: Connection, terminal_id: int, added: int, now: datetime) -> None:
    """The terminal was heard of, and that many punches are new."""
    table = terminals.c
    conn.execute(
        terminals.update()
        .where(table.id == terminal_id)
        .values(last_activity_at=now, transaction_count=table.transaction_count + added)
    )
