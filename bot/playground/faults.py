"""Faults a test asks for: refusals, delays and lost answers, for the next calls of a method or of a chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.playground.errors import ApiError, too_many_requests

OVERALL_PER_SECOND = 30
CHAT_PER_SECOND = 1
CHAT_BURST = 5
GROUP_PER_MINUTE = 20


class LostConnection(Exception):
    """The connection breaks without an answer."""


@dataclass
class _Fault:
    method: str | None
    chat_id: int | None
    times: int
    error: ApiError | None = None
    seconds: float = 0.0
    lose: str = ""

    def fits(self, method: str, chat_id: int | None) -> bool:
        return (
            self.times > 0
            and (self.method is None or self.method.lower() == method.lower())
            and self.chat_id in {None, chat_id}
        )


class Faults:
    """Programmed by tests; consulted before and after every call of the Bot API."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._faults: list[_Fault] = []
        self._limits = _RealLimits(now)
        self.real_limits = False

    def too_many_requests(
        self, method: str | None = None, *, chat_id: int | None = None, times: int = 1, retry_after: int = 1
    ) -> None:
        """Answer 429 with `retry_after` seconds; nothing is applied."""
        self._faults.append(_Fault(method, chat_id, times, error=too_many_requests(retry_after)))

    def fail(
        self,
        method: str | None = None,
        *,
        chat_id: int | None = None,
        times: int = 1,
        code: int = 500,
        description: str = "Internal Server Error",
    ) -> None:
        """Answer this error; nothing is applied."""
        self._faults.append(_Fault(method, chat_id, times, error=ApiError(code, description)))

    def delay(self, seconds: float, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> None:
        """Apply and answer only after so many seconds."""
        self._faults.append(_Fault(method, chat_id, times, seconds=seconds))

    def lose_request(self, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> None:
        """Break the connection before anything is applied."""
        self._faults.append(_Fault(method, chat_id, times, lose="request"))

    def lose_answer(self, method: str | None = None, *, chat_id: int | None = None, times: int = 1) -> None:
        """Apply, then break the connection: the bot cannot know."""
        self._faults.append(_Fault(method, chat_id, times, lose="answer"))

    def clear(self) -> None:
        self._faults.clear()

    async def before(self, method: str, chat_id: int | None) -> bool:
        """Raise or wait as programmed; True where the answer is to be lost after applying."""
        lose_answer = False
        for fault in [fault for fault in self._faults if fault.fits(method, chat_id)]:
            fault.times -= 1
            await asyncio.sleep(fault.seconds)
            if fault.error is not None:
                raise fault.error
            if fault.lose == "request":
                raise LostConnection
            lose_answer = lose_answer or fault.lose == "answer"
        if self.real_limits and chat_id is not None and method.lower().startswith("send"):
            self._limits.count(chat_id)
        return lose_answer


class _RealLimits:
    """Telegram's published limits: 30 messages/s overall, 1/s in a chat (short bursts pass), 20/min in a group."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._sent: list[tuple[float, int]] = []

    def count(self, chat_id: int) -> None:
        moment = self._now().timestamp()
        self._sent = [(at, chat) for at, chat in self._sent if moment - at < 60]
        in_chat = [at for at, chat in self._sent if chat == chat_id]
        self._refuse(sum(moment - at < 1 for at, _ in self._sent) >= OVERALL_PER_SECOND, 1)
        self._refuse(sum(moment - at < CHAT_BURST for at in in_chat) >= CHAT_BURST * CHAT_PER_SECOND, 1)
        self._refuse(chat_id < 0 and len(in_chat) >= GROUP_PER_MINUTE, 60)
        self._sent.append((moment, chat_id))

    def _refuse(self, exceeded: bool, seconds: int) -> None:
        if exceeded:
            raise too_many_requests(seconds)
