"""Who is told of whom: a row per manager and alert, made when it is found or when somebody becomes responsible."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.alert_tables import alert_recipients
from bot.store.statements import among, build_insert, insert_rows, read_all


@dataclass(frozen=True, slots=True)
class Told:
    """`recipient` is told of `emp_code` and this shift, not before `due_at`. `left_by`: who has not looked at it, where
    they are told because of that. `named_at`: when they heard of it, with a sound.
    """

    recipient: str
    emp_code: str
    instance: str
    due_at: datetime
    left_by: str = ""
    named_at: datetime | None = None


def add_told(connection: Connection, company: str, rows: Sequence[Told]) -> None:
    """What is there already stays as it is, but that whoever gets what somebody has left alone is told of it now."""
    # One statement takes a row once.
    once = {(row.instance, row.recipient, row.emp_code): row for row in rows}
    values = [{"company": company, **{name: getattr(row, name) for name in _OF_TOLD}} for row in once.values()]
    insert_rows(connection, _tell(connection.dialect.name), values)


_OF_TOLD = ("recipient", "emp_code", "instance", "due_at", "left_by")


@cache
def _tell(dialect: str) -> postgresql.Insert | sqlite.Insert:
    made = build_insert(dialect, alert_recipients, ("company", *_OF_TOLD))
    return made.on_conflict_do_update(
        index_elements=["company", "instance", "recipient", "emp_code"],
        set_={"due_at": made.excluded.due_at, "left_by": made.excluded.left_by},
        where=made.excluded.left_by != literal_column("''"),
    )


class TellingOf(NamedTuple):
    """Somebody is told of `emp_code`: because another manager has not looked (`is_left`), not yet (`is_early`), and has
    heard of it with a sound (`is_named`).
    """

    emp_code: str
    is_left: bool
    is_early: bool
    is_named: bool


def load_told(connection: Connection, company: str, which: tuple[str, str], now: datetime) -> list[TellingOf]:
    """Of whom, by (recipient, shift)."""
    c, (recipient, instance) = alert_recipients.c, which
    theirs = and_(c.company == company, c.instance == instance, c.recipient == recipient)
    query = select(c.emp_code, c.left_by != "", c.due_at > now, c.named_at.is_not(None)).where(theirs)
    return [TellingOf(*row) for row in read_all(connection.execute(query))]


def load_tellings(connection: Connection, company: str, instance: str) -> list[Told]:
    """All of a shift, whoever is told."""
    c = alert_recipients.c
    query = select(c.recipient, c.emp_code, c.instance, c.due_at, c.left_by, c.named_at)
    return [
        Told(*row) for row in read_all(connection.execute(query.where(c.company == company, c.instance == instance)))
    ]


def settle_named(
    connection: Connection, company: str, which: tuple[str, str], emp_codes: Iterable[str], now: datetime
) -> None:
    """These were named in a message that rings, by (recipient, shift)."""
    c, (recipient, instance) = alert_recipients.c, which
    theirs = and_(c.company == company, c.instance == instance, c.recipient == recipient, c.named_at.is_(None))
    named = among(connection, c.emp_code, emp_codes)
    connection.execute(update(alert_recipients).where(theirs, named).values(named_at=now))


def begin_anew(connection: Connection, company: str, instance: str, emp_codes: Iterable[str]) -> None:
    """These are missing again: whoever was told of them before, and that they are not, has not heard of it."""
    c = alert_recipients.c
    them = and_(c.company == company, c.instance == instance, among(connection, c.emp_code, emp_codes))
    connection.execute(delete(alert_recipients).where(them, c.left_by != ""))
    connection.execute(update(alert_recipients).where(them, c.named_at.is_not(None)).values(named_at=None))


def load_recipients(connection: Connection, company: str, instances: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    """(employee, shift) → who is told."""
    c = alert_recipients.c
    some = and_(c.company == company, c.instance.in_(list(instances)))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in connection.execute(select(c.emp_code, c.instance, c.recipient).where(some)):
        found[row.emp_code, row.instance].add(row.recipient)
    return found
