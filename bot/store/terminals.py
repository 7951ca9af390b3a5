"""What was heard of terminals, and the troubles that HR was told of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.attendance.terminals import Heard, Trouble, TroubleKind, date_punch
from bot.store.roster_tables import roster_punches, roster_terminals, syncs
from bot.store.syncing import Part
from bot.store.team_tables import terminal_troubles


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble as it was found; `ended_at` None while it lasts."""

    id: int
    trouble: Trouble
    ended_at: datetime | None


def load_heard(connection: Connection, company: str, since: datetime) -> tuple[list[Heard], datetime | None]:
    """Every terminal with its punches since then, and as of when; None: never looked at."""
    s, r, p = syncs.c, roster_terminals.c, roster_punches.c
    seen = connection.execute(
        select(s.synced_until).where(s.company == company, s.part == Part.TERMINALS)
    ).scalar_one_or_none()
    stamps: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = connection.execute(
        select(p.terminal_sn, func.coalesce(p.stamped_at, p.punched_at), p.uploaded_at)
        .where(p.company == company, p.uploaded_at >= since, p.terminal_sn.is_not(None))
        .order_by(p.uploaded_at, p.id)
    )
    for sn, stamped_at, uploaded_at in rows:
        stamps[sn].append((stamped_at, uploaded_at))
    terminals = connection.execute(select(r.sn, r.alias, r.last_activity_at).where(r.company == company).order_by(r.sn))
    return [Heard(t.sn, t.alias, t.last_activity_at, tuple(stamps[t.sn])) for t in terminals], seen


def load_open(connection: Connection, company: str) -> list[Told]:
    c = terminal_troubles.c
    query = select(terminal_troubles).where(c.company == company, c.ended_at.is_(None)).order_by(c.id)
    return [_read(row) for row in connection.execute(query)]


def load_behind(connection: Connection, company: str) -> dict[str, timedelta]:
    """The terminals whose clocks are known to be behind, and by how much."""
    known = [told.trouble for told in load_open(connection, company)]
    return {one.sn: -one.off for one in known if one.kind is TroubleKind.CLOCK and one.off < timedelta(0)}


def find_trouble(connection: Connection, trouble_id: int) -> Told | None:
    c = terminal_troubles.c
    row = connection.execute(select(terminal_troubles).where(c.id == trouble_id)).one_or_none()
    return None if row is None else _read(row)


def add_trouble(connection: Connection, company: str, trouble: Trouble, now: datetime) -> int:
    made = insert(terminal_troubles).values(
        company=company,
        sn=trouble.sn,
        alias=trouble.alias,
        kind=trouble.kind,
        off_seconds=int(trouble.off.total_seconds()),
        began_at=trouble.began_at,
        found_at=now,
    )
    return int(connection.execute(made.returning(terminal_troubles.c.id)).scalar_one())


def settle_off(connection: Connection, trouble_id: int, off: timedelta) -> None:
    """The clock is wrong still, but by so much now."""
    mine = update(terminal_troubles).where(terminal_troubles.c.id == trouble_id)
    connection.execute(mine.values(off_seconds=int(off.total_seconds())))


def redate_punches(connection: Connection, company: str, trouble: Trouble, since: datetime) -> None:
    """Those that came before it was known that the clock is behind count when they arrived, too."""
    p = roster_punches.c
    query = select(p.id, p.punched_at, p.uploaded_at).where(
        p.company == company, p.terminal_sn == trouble.sn, p.uploaded_at >= since, p.stamped_at.is_(None)
    )
    for number, stamped_at, taken_at in connection.execute(query).all():
        counts_at = date_punch(stamped_at, taken_at, -trouble.off)
        if counts_at != stamped_at:
            mine = update(roster_punches).where(p.company == company, p.id == number)
            connection.execute(mine.values(punched_at=counts_at, stamped_at=stamped_at))


def end_trouble(connection: Connection, trouble_id: int, now: datetime) -> bool:
    c = terminal_troubles.c
    mine = update(terminal_troubles).where(c.id == trouble_id, c.ended_at.is_(None))
    return connection.execute(mine.values(ended_at=now)).rowcount == 1


def _read(row: Row[Any]) -> Told:
    off = timedelta(seconds=row.off_seconds)
    return Told(row.id, Trouble(row.sn, row.alias, TroubleKind(row.kind), row.began_at, off), row.ended_at)
