"""Where each chat stands in a dialog: a row, so that a restart in the middle of one loses nothing."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.store.cipher import Cipher, Undecipherable
from bot.store.statements import upsert
from bot.store.tables import conversations

_OF_CHAT = select(conversations).where(conversations.c.chat_id == bindparam("chat_id"))
_END_DIALOG = conversations.delete().where(
    conversations.c.chat_id == bindparam("chat_id"), conversations.c.dialog == bindparam("dialog")
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """`dialog` names what is being asked; `data` is what was answered so far (never a password); `changed_at` is when
    the chat came there, where it was loaded.
    """

    dialog: str
    data: dict[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = field(default=None, compare=False)


def load_conversation(connection: Connection, cipher: Cipher, chat_id: int) -> Conversation | None:
    """None, too, where its key is gone: the question is asked anew."""
    row = connection.execute(_OF_CHAT, {"chat_id": chat_id}).one_or_none()
    if row is None:
        return None
    try:
        data = cipher.decrypt(row.data, *_place(chat_id))
    except Undecipherable:
        return None
    return Conversation(row.dialog, json.loads(data), row.changed_at)


def settle_conversation(
    connection: Connection, cipher: Cipher, chat_id: int, conversation: Conversation, now: datetime
) -> None:
    data = cipher.encrypt(json.dumps(conversation.data).encode(), *_place(chat_id))
    values = {"dialog": conversation.dialog, "data": data, "changed_at": now}
    upsert(connection, conversations, "chat_id", chat_id=chat_id, **values)


def _place(chat_id: int) -> tuple[str | int, ...]:
    return "conversations.data", chat_id


def end_conversation(connection: Connection, chat_id: int) -> None:
    connection.execute(conversations.delete().where(conversations.c.chat_id == chat_id))


def end_dialog(connection: Connection, chat_id: int, dialog: str) -> None:
    """Ends the conversation only if it is this one."""
    connection.execute(_END_DIALOG, {"chat_id": chat_id, "dialog": dialog})
