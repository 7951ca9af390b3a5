"""Everything held about one person, by table: to show it to them, and to forget it.

A table that has an employee's code, an account or a chat in it belongs to somebody: a test sees to it that each such
table is named here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select

from bot.attendance.progress import FINAL, Decision, State
from bot.store import alert_tables, leave_tables, roster_tables, team_tables
from bot.store.links import Link
from bot.store.tables import conversations, links, login_attempts, metadata, people, punches

# Keys, and what is encrypted or hashed: of no use to anybody, or of too much.
SECRET = frozenset({"token", "payload", "data", "username", "client_id"})
# By (company, emp_code). Forgotten:
OWN = ("punches", "leaves", "receipts", "notices", "reminder_wishes", "nudge_settings", "manager_settings")
# The company's: a copy of what BioTime has, which would come back, and what it did with its people's time.
COMPANYS = (
    "alert_recipients",
    "alerts",
    "audit_lines",
    "managers",
    "manager_stand_ins",
    "outbox",
    "roster_leaves",
    "roster_logs",
    "roster_people",
    "roster_person_areas",
    "roster_punches",
    "shift_instances",
    "told_requests",
)
# By the Telegram account; `inbox` and `errands` forget by themselves, and of a muster only the company's list knows.
ACCOUNTS = ("people", "links", "conversations", "login_attempts")
ELSEWHERE = ("inbox", "errands", "musters", "muster_people")
_MODULES = (
    alert_tables,
    leave_tables,
    roster_tables,
    team_tables,
)  # their tables are in `metadata` once they are imported
_FILED = (punches, leave_tables.leaves)


def load_personal(connection: Connection, link: Link) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, without what is secret."""
    found = {name: _rows(connection, _table(name), _is_employee(_table(name), link)) for name in (*OWN, *COMPANYS)}
    for table, condition in _of_account(link.telegram_id):
        found[table.name] = _rows(connection, table, condition)
    return found


def count_open(connection: Connection, link: Link) -> int:
    """Punches and leaves that are not in BioTime yet."""
    return sum(_count(connection, table, link, table.c.state.not_in(FINAL)) for table in _FILED)


def count_undecided(connection: Connection, link: Link) -> int:
    """Requests that are in BioTime, and that nobody has decided yet."""

    def waits(table: Table) -> ColumnElement[bool]:
        return and_(table.c.state == State.MANUAL_CONFIRMED, table.c.decision == Decision.PENDING)

    return sum(_count(connection, table, link, waits(table)) for table in _FILED)


def _count(connection: Connection, table: Table, link: Link, condition: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(table).where(_is_employee(table, link), condition)
    return int(connection.execute(counted).scalar_one())


def forget_employee(connection: Connection, link: Link, attempts_before: datetime) -> list[int]:
    """Removes what is the person's own, on each of their accounts; returns the accounts.

    Guesses younger than `attempts_before` stay: who could make them forgotten could guess for ever.
    """
    accounts = list(
        connection.execute(select(links.c.telegram_id).distinct().where(_is_employee(links, link))).scalars()
    )
    for name in (*OWN, "links"):
        connection.execute(delete(_table(name)).where(_is_employee(_table(name), link)))
    for telegram_id in accounts:
        connection.execute(conversations.delete().where(conversations.c.chat_id == telegram_id))
        old = and_(login_attempts.c.telegram_id == telegram_id, login_attempts.c.at < attempts_before)
        connection.execute(login_attempts.delete().where(old))
        others = select(links.c.id).where(links.c.telegram_id == telegram_id)
        if connection.execute(others.limit(1)).first() is None:
            connection.execute(people.delete().where(people.c.telegram_id == telegram_id))
    return accounts


def _of_account(telegram_id: int) -> Sequence[tuple[Table, ColumnElement[bool]]]:
    return (
        (people, people.c.telegram_id == telegram_id),
        (links, links.c.telegram_id == telegram_id),
        (conversations, conversations.c.chat_id == telegram_id),
        (login_attempts, login_attempts.c.telegram_id == telegram_id),
    )


def _is_employee(table: Table, link: Link) -> ColumnElement[bool]:
    return and_(table.c.company == link.company, table.c.emp_code == link.emp_code)


def _rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    shown = [column for column in table.c if column.name not in SECRET]
    names = [column.name for column in shown]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(select(*shown).where(condition))]


def _table(name: str) -> Table:
    return metadata.tables[name]
