"""Updates that Telegram may forget because they are kept here: unique on (bot, update_id)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from bot.store.statements import insert_or_ignore
from bot.store.tables import inbox

_DONE = update(inbox).where(inbox.c.id == bindparam("row_id")).values(payload=None, next_at=None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update as it came, encrypted. `chat_id` is the chat it belongs to, 0 for none: what is kept in order."""

    update_id: int
    chat_id: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class InboxRow:
    """`attempt` counts the times it was tried and put off."""

    id: int
    update_id: int
    chat_id: int
    payload: bytes
    attempt: int


def add_updates(connection: Connection, bot_id: int, deliveries: Sequence[Delivery], now: datetime) -> list[InboxRow]:
    """The rows that are new; an update that came before is not among them."""
    new = []
    for delivery in deliveries:
        values: dict[str, Any] = {name: getattr(delivery, name) for name in ("update_id", "chat_id", "payload")}
        row_id = insert_or_ignore(connection, inbox, bot_id=bot_id, received_at=now, next_at=now, attempt=0, **values)
        if row_id is not None:
            new.append(InboxRow(row_id, delivery.update_id, delivery.chat_id, delivery.payload, 0))
    return new


def find_open(
    connection: Connection, bot_id: int, now: datetime, chat_id: int | None = None, limit: int = 500
) -> list[InboxRow]:
    """What is not done and due, in the order it came; of one chat, or of all.

    A chat whose oldest open update is put off has nothing due: what came after it must not overtake it.
    """
    c = inbox.c
    is_open = and_(c.bot_id == bot_id, c.payload.is_not(None))
    late = select(c.chat_id).where(is_open, c.next_at > now)
    query = select(c.id, c.update_id, c.chat_id, c.payload, c.attempt).where(is_open, c.chat_id.not_in(late))
    if chat_id is not None:
        query = query.where(c.chat_id == chat_id)
    rows = connection.execute(query.order_by(c.id).limit(limit))
    return [InboxRow(row.id, row.update_id, row.chat_id, row.payload, row.attempt) for row in rows]


def settle_update(connection: Connection, row_id: int) -> None:
    """Done: the number is remembered, the content is not."""
    connection.execute(_DONE, {"row_id": row_id})


def postpone_update(connection: Connection, row_id: int, attempt: int, next_at: datetime) -> None:
    connection.execute(update(inbox).where(inbox.c.id == row_id).values(attempt=attempt, next_at=next_at))


def forget_updates(connection: Connection, before: datetime) -> int:
    """Numbers older than Telegram could repeat them."""
    done = delete(inbox).where(inbox.c.payload.is_(None), inbox.c.received_at < before)
    return connection.execute(done).rowcount
