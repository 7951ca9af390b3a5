"""What was typed a moment ago and must not be written down: in this process's memory, for a few minutes, for one use.

After a restart, or on another replica, it is not there: whoever takes it must have another way.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

KEPT = timedelta(minutes=5)


class Held:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[int, tuple[str, datetime]] = {}

    def put(self, chat_id: int, secret: str) -> None:
        self._drop_old()
        self._held[chat_id] = secret, self._now() + KEPT

    def take(self, chat_id: int) -> str | None:
        self._drop_old()
        found = self._held.pop(chat_id, None)
        return found[0] if found else None

    def _drop_old(self) -> None:
        now = self._now()
        self._held = {chat_id: held for chat_id, held in self._held.items() if held[1] > now}
