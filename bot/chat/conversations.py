"""Where a chat stands in a dialog, over the database."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.store import conversations as store
from bot.store.conversations import Conversation


class Conversations:
    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    async def find(self, chat_id: int) -> Conversation | None:
        return await self._db.read(lambda c: store.load_conversation(c, chat_id))

    async def begin(self, chat_id: int, conversation: Conversation) -> None:
        """Takes the place of what was asked before."""
        await self._db.write(lambda c: store.settle_conversation(c, chat_id, conversation, self._now()))

    async def end(self, chat_id: int) -> bool:
        """Whether there was one."""

        def end(connection: Connection) -> bool:
            found = store.load_conversation(connection, chat_id) is not None
            store.end_conversation(connection, chat_id)
            return found

        return await self._db.write(end)
