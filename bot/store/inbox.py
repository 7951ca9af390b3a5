"""Updates that Telegram may forget because they are kept here: unique on (bot, update_id)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.store.statements import insert_or_ignore
from bot.store.tables import inbox


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update as it came, encrypted."""

    update_id: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class InboxRow:
    id: int
    update_id: int
    payload: bytes
    attempt: int


def add_updates(connection: Connection, bot_id: int, deliveries: Sequence[Delivery], now: datetime) -> list[InboxRow]:
    """The rows that are new; an update that came before is not among them."""
    new = []
    for delivery in deliveries:
        values: dict[str, Any] = {"bot_id": bot_id, "update_id": delivery.update_id, "payload": delivery.payload}
        row_id = insert_or_ignore(connection, inbox, received_at=now, next_at=now, attempt=0, **values)
        if row_id is not None:
            new.append(InboxRow(row_id, delivery.update_id, delivery.payload, 0))
    return new


def find_open(
    connection: Connection, bot_id: int, now: datetime, after_id: int = 0, limit: int = 500
) -> list[InboxRow]:
    """What is not done and due, in the order it came."""
    c = inbox.c
    query = (
        select(c.id, c.update_id, c.payload, c.attempt)
        .where(c.bot_id == bot_id, c.payload.is_not(None), c.next_at <= now, c.id > after_id)
        .order_by(c.id)
        .limit(limit)
    )
    return [InboxRow(row.id, row.update_id, row.payload, row.attempt) for row in connection.execute(query)]


def settle_updates(connection: Connection, ids: Iterable[int]) -> None:
    """Done: the number is remembered, the content is not."""
    connection.execute(update(inbox).where(inbox.c.id.in_(list(ids))).values(payload=None, next_at=None))


def postpone_update(connection: Connection, row_id: int, attempt: int, next_at: datetime) -> None:
    connection.execute(update(inbox).where(inbox.c.id == row_id).values(attempt=attempt, next_at=next_at))


def forget_updates(connection: Connection, before: datetime) -> int:
    """Numbers older than Telegram could repeat them."""
    done = delete(inbox).where(inbox.c.payload.is_(None), inbox.c.received_at < before)
    return connection.execute(done).rowcount
