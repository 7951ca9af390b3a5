"""How fast we may ask: never more than so many requests in any second, whoever wants to."""

import asyncio
from collections import deque

_SECOND = 1.0


class Pace:
    """Shared by everybody who speaks in one name. The first `per_second` go at once."""

    def __init__(self, per_second: int) -> None:
        self._begun: deque[float] = deque(maxlen=per_second)

    async def take(self) -> None:
        """Waits for a turn, in the order of asking."""
        now = asyncio.get_running_loop().time()
        at = now
        if len(self._begun) == self._begun.maxlen:
            at = max(now, self._begun[0] + _SECOND)
        self._begun.append(at)
        if at > now:
            await asyncio.sleep(at - now)
