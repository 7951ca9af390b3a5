"""How fast we may ask: never more than so many requests in any second, or in any longer while, whoever wants to."""

import asyncio
from collections import deque
from datetime import timedelta


class Pace:
    """Shared by everybody who speaks in one name. The first `most` go at once."""

    def __init__(self, most: int, within: timedelta = timedelta(seconds=1)) -> None:
        self._begun: deque[float] = deque(maxlen=most)
        self._within = within.total_seconds()

    async def take(self) -> None:
        """Waits for a turn, in the order of asking."""
        now = asyncio.get_running_loop().time()
        at = now
        if len(self._begun) == self._begun.maxlen:
            at = max(now, self._begun[0] + self._within)
        self._begun.append(at)
        if at > now:
            await asyncio.sleep(at - now)
