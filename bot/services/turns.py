"""Whose turn it is at Telegram: so many messages a second in all, to one chat one, though a few may come at once."""

from datetime import timedelta
from functools import lru_cache

from bot.biotime.pace import Pace

# Of the 30 a second that Telegram takes from a bot: replies to people always find room.
PER_SECOND = 25
# Telegram lets short bursts pass.
BURST = 5
# More chats than can be spoken to before the first of them may be again.
_CHATS = 10_000


class Turns:
    """Shared by all who tell people what they have not asked for."""

    def __init__(self, per_second: int = PER_SECOND, burst: int = BURST) -> None:
        self._all = Pace(per_second)
        self._to = lru_cache(_CHATS)(lambda _chat_id: Pace(burst, timedelta(seconds=BURST)))

    async def take(self, chat_id: int) -> None:
        """Waits until this chat may be told something."""
        await self._to(chat_id).take()
        await self._all.take()
