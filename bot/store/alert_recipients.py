"""Who is told of whom: a row per manager and alert, made when it is found or when somebody becomes responsible."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, and_, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.alert_tables import alert_recipients
from bot.store.statements import among, build_insert, insert_rows


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


def load_told(connection: Connection, company: str, instance: str, recipient: str) -> dict[str, Told]:
    """Of whom somebody is told, by employee."""
    c = alert_recipients.c
    theirs = and_(c.company == company, c.instance == instance, c.recipient == recipient)
    query = select(c.recipient, c.emp_code, c.instance, c.due_at, c.left_by, c.named_at).where(theirs)
    return {row.emp_code: Told(*row) for row in connection.execute(query)}


def settle_named(
    connection: Connection, company: str, which: tuple[str, str], emp_codes: Iterable[str], now: datetime
) -> None:
    """These were named in a message that rings, by (recipient, shift)."""
    c, (recipient, instance) = alert_recipients.c, which
    theirs = and_(c.company == company, c.instance == instance, c.recipient == recipient, c.named_at.is_(None))
    named = among(connection, c.emp_code, emp_codes)
    connection.execute(update(alert_recipients).where(theirs, named).values(named_at=now))


def load_recipients(connection: Connection, company: str, instances: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    """(employee, shift) → who is told."""
    c = alert_recipients.c
    some = and_(c.company == company, c.instance.in_(list(instances)))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in connection.execute(select(c.emp_code, c.instance, c.recipient).where(some)):
        found[row.emp_code, row.instance].add(row.recipient)
    return found
