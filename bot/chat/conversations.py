"""Where a chat stands in a dialog, over the database."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.conversations import Conversation


class Conversations:
    def __init__(self, db: Database, cipher: Cipher, now: Callable[[], datetime]) -> None:
        self._db = db
        self._cipher = cipher
        self.now = now

    async def find(self, chat_id: int) -> Conversation | None:
        return await self._db.read(lambda c: store.load_conversation(c, self._cipher, chat_id))

    async def begin(self, chat_id: int, conversation: Conversation) -> None:
        """Takes the place of what was asked before."""
        now = self.now()
        await self._db.write(lambda c: store.settle_conversation(c, self._cipher, chat_id, conversation, now))

    async def end(self, chat_id: int) -> None:
        await self._db.write(lambda c: store.end_conversation(c, chat_id))
