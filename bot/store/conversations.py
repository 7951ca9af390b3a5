"""Where each chat stands in a dialog: a row, so that a restart in the middle of one loses nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.store.statements import upsert
from bot.store.tables import conversations


@dataclass(frozen=True, slots=True)
class Conversation:
    """`dialog` names what is being asked; `data` is what was answered so far (never a password)."""

    dialog: str
    data: dict[str, Any] = field(default_factory=dict)


def load_conversation(connection: Connection, chat_id: int) -> Conversation | None:
    row = connection.execute(select(conversations).where(conversations.c.chat_id == chat_id)).one_or_none()
    return None if row is None else Conversation(row.dialog, row.data)


def settle_conversation(connection: Connection, chat_id: int, conversation: Conversation, now: datetime) -> None:
    values = {"dialog": conversation.dialog, "data": conversation.data, "changed_at": now}
    upsert(connection, conversations, "chat_id", chat_id=chat_id, **values)


def end_conversation(connection: Connection, chat_id: int) -> None:
    connection.execute(conversations.delete().where(conversations.c.chat_id == chat_id))
