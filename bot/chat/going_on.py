"""After a log-in: the dialog that it came in the middle of, and what was wanted before it."""

from collections.abc import Sequence
from typing import Any, Protocol

from bot.chat.conversations import Conversations
from bot.chat.dialog_cards import BEFORE
from bot.chat.visit import Visit
from bot.chat.wanted import Obeying


class Interrupted(Protocol):
    """A dialog that a log-in may come in the middle of. `word` is its conversations' name."""

    @property
    def word(self) -> str: ...

    async def resume(self, visit: Visit, data: dict[str, Any]) -> None:
        """Shows again where it was."""


class GoingOn:
    def __init__(self, conversations: Conversations, obeying: Obeying, interrupted: Sequence[Interrupted]) -> None:
        self._conversations = conversations
        self._obeying = obeying
        self._interrupted = {dialog.word: dialog for dialog in interrupted}

    async def go_on(self, visit: Visit) -> None:
        """`visit` has the new link."""
        found = await self._conversations.find(visit.chat_id)
        before = found.data.get(BEFORE) if found else None
        dialog = self._interrupted.get(before["dialog"]) if before else None
        if dialog is not None and before is not None:
            await dialog.resume(visit, before["data"])
        await self._obeying.fulfil(visit)
