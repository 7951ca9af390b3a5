"""What chats wait for, one thing each: a row, so that the chat is told should nobody be at work on it any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from bot.store.statements import upsert_row
from bot.store.team_tables import errands


@dataclass(frozen=True, slots=True)
class Errand:
    """`message_id` says how far it is; `again`: the data of a button that begins it anew, 1 to 64 bytes; `lease_until`:
    by then it is done, or whoever did it is gone.
    """

    chat_id: int
    message_id: int
    again: str
    language: str
    lease_until: datetime


def settle_errand(connection: Connection, errand: Errand) -> None:
    """Takes the place of what this chat waited for before."""
    values = {name: getattr(errand, name) for name in ("message_id", "again", "language", "lease_until")}
    upsert_row(connection, errands, {"chat_id": errand.chat_id}, values)


def find_errand(connection: Connection, chat_id: int) -> Errand | None:
    row = connection.execute(select(errands).where(errands.c.chat_id == chat_id)).one_or_none()
    return Errand(*row) if row else None


def find_left(connection: Connection, now: datetime) -> list[Errand]:
    """Those that nobody is at work on."""
    rows = connection.execute(select(errands).where(errands.c.lease_until <= now).order_by(errands.c.lease_until))
    return [Errand(*row) for row in rows]


def end_lease(connection: Connection, errand: Errand, now: datetime) -> None:
    connection.execute(update(errands).where(_is(errand)).values(lease_until=now))


def end_all_leases(connection: Connection, now: datetime) -> None:
    connection.execute(update(errands).values(lease_until=now))


def drop_errand(connection: Connection, errand: Errand) -> bool:
    """Whether it was there."""
    return connection.execute(delete(errands).where(_is(errand))).rowcount == 1


def _is(errand: Errand) -> ColumnElement[bool]:
    return and_(errands.c.chat_id == errand.chat_id, errands.c.message_id == errand.message_id)
