"""A far end that misbehaves: an httpx transport around the gateway, under a clock that only the test moves.

Every write (a clock-in, a manual log, a leave) meets the next fate in the queue; without one it goes through. Failures
are the exceptions that `bot/biotime/transport.py` lets through, so that the client sorts them as on a real network.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

import httpx

JSON = {"content-type": "application/json"}
ZERO = timedelta()


@dataclass
class Clock:
    """Stands still until it is set."""

    at: datetime = datetime(2024, 6, 3, 5, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class Fate(StrEnum):
    """What becomes of a write. `…_APPLIED`: the server has done it all the same."""

    THROUGH = auto()
    SLOW = auto()
    """Applied and answered, but only after `delay`."""
    NO_CONNECTION = auto()
    NO_TLS = auto()
    UNAUTHORIZED = auto()
    FORBIDDEN = auto()
    THROTTLED = auto()
    TIMEOUT = auto()
    TIMEOUT_APPLIED = auto()
    RESET = auto()
    RESET_APPLIED = auto()
    APPLIED_AFTERWARDS = auto()
    """No answer; the server applies it `delay` after the connection is gone."""
    ERROR = auto()
    ERROR_APPLIED = auto()
    REDIRECT = auto()
    HTML = auto()
    HTML_APPLIED = auto()
    BAD_JSON = auto()
    BAD_JSON_APPLIED = auto()
    HALF = auto()
    HALF_APPLIED = auto()
    NO_MARKER_APPLIED = auto()
    REFUSED = auto()
    INVALID = auto()
    NOT_FOUND = auto()
    HELD = auto()
    """Waits for `let_go`, is applied then, and answered."""
    HELD_APPLIED = auto()
    """Applied at once; the answer waits for `let_go`."""


UNSENT = (Fate.NO_CONNECTION, Fate.NO_TLS, Fate.UNAUTHORIZED, Fate.FORBIDDEN, Fate.THROTTLED)
DENIED = (Fate.REFUSED, Fate.INVALID, Fate.NOT_FOUND)
ABSENT = (Fate.TIMEOUT, Fate.RESET, Fate.ERROR, Fate.REDIRECT, Fate.HTML, Fate.BAD_JSON, Fate.HALF)
APPLIED = (
    Fate.TIMEOUT_APPLIED,
    Fate.RESET_APPLIED,
    Fate.ERROR_APPLIED,
    Fate.HTML_APPLIED,
    Fate.BAD_JSON_APPLIED,
    Fate.HALF_APPLIED,
    Fate.NO_MARKER_APPLIED,
)
ENDLESS = (Fate.HELD, Fate.HELD_APPLIED)
PATIENCE = timedelta(seconds=15)


class BrokenOff(httpx.AsyncByteStream):
    """Half a body, then the connection is gone."""

    def __init__(self, part: bytes) -> None:
        self._part = part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._part
        raise httpx.ReadError("ClientPayloadError")


@dataclass
class Meeting:
    """One write and what it meets. `delay` is for SLOW, THROTTLED and APPLIED_AFTERWARDS, and for a HELD one whose
    process dies: the server applies it so much later."""

    fate: Fate
    delay: timedelta = ZERO


@dataclass
class FarEnd:
    """Shared by all processes. `down`: no connection at all; `blind`: reading fails."""

    inner: httpx.AsyncBaseTransport
    clock: Clock
    meetings: deque[Meeting] = field(default_factory=deque)
    down: bool = False
    blind: bool = False
    busy: int = 0
    # What requests have taken since all was quiet: in that time others were on their way, too. On a real clock each
    # has an end of its own.
    taken: timedelta = ZERO
    writes: list[tuple[datetime, bytes]] = field(default_factory=list)
    _pending: list[tuple[datetime, httpx.Request]] = field(default_factory=list)
    _held: list[asyncio.Event] = field(default_factory=list)
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    # -- the test's hand -----------------------------------------------------------------------------------------------

    def expect(self, *fates: Fate, delay: timedelta = ZERO) -> None:
        self.meetings.extend(Meeting(fate, delay) for fate in fates)

    async def pass_time(self, time: timedelta) -> None:
        """Moves the clock; what the server applies late is applied, and stamped, when it is due."""
        async with self._moving:
            target = self.clock.at + time
            while due := min((at for at, _ in self._pending if at <= target), default=None):
                request = next(request for at, request in self._pending if at == due)
                self._pending.remove((due, request))
                self.clock.at = max(self.clock.at, due)
                await self._apply(request)
            self.clock.at = target

    def let_go(self) -> int:
        """All that is held goes on; returns how many."""
        held, self._held = self._held, []
        for event in held:
            event.set()
        return len(held)

    @property
    def held(self) -> int:
        return len(self._held)

    def calm(self) -> None:
        """Faults stop. What was on its way stays on its way."""
        self.meetings.clear()
        self.down = self.blind = False

    # -- the wire ------------------------------------------------------------------------------------------------------

    async def handle(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("ClientConnectorError")
        await request.aread()
        if not _is_write(request):
            if self.blind and request.method == "GET":
                return _answer(503, b'{"detail": "Service temporarily unavailable."}')
            return await self._apply(request)
        meeting = self.meetings.popleft() if self.meetings else Meeting(Fate.THROUGH)
        if meeting.fate not in UNSENT:
            self.writes.append((self.clock.at - self.taken, request.content))
        return await self._meet(request, meeting)

    async def _meet(self, request: httpx.Request, meeting: Meeting) -> httpx.Response:
        fate = meeting.fate
        if fate in UNSENT:
            return _refuse_to_take(fate, meeting.delay)
        if fate in DENIED:
            return _deny(fate)
        if fate is Fate.SLOW:
            await self._take(meeting.delay)
        if fate is Fate.HELD:
            await self._hold(request, meeting.delay)
        answer = None if fate in (*ABSENT, Fate.APPLIED_AFTERWARDS) else await self._apply(request)
        if fate in (Fate.TIMEOUT, Fate.TIMEOUT_APPLIED, Fate.APPLIED_AFTERWARDS):
            await self._take(PATIENCE)
        if fate is Fate.APPLIED_AFTERWARDS:
            self._pending.append((self.clock.at + meeting.delay, _copy(request)))
        if fate is Fate.HELD_APPLIED:
            await self._hold(None, ZERO)
        if answer is not None and fate not in APPLIED:
            return answer
        body = await answer.aread() if answer is not None else b'{"id": 1, "punch_time": "2024-'
        return _lose(fate, body)

    async def _take(self, time: timedelta) -> None:
        self.taken += time
        await self.pass_time(time)

    async def _hold(self, request: httpx.Request | None, delay: timedelta) -> None:
        event = asyncio.Event()
        self._held.append(event)
        self.busy -= 1
        try:
            await event.wait()
        except asyncio.CancelledError:
            # The process is dead, its request is not.
            self._held.remove(event)
            if request is not None:
                self._pending.append((self.clock.at + delay, _copy(request)))
            raise
        finally:
            self.busy += 1

    async def _apply(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inner.handle_async_request(_copy(request))
        headers = {"content-type": answer.headers.get("content-type", "")}
        return httpx.Response(answer.status_code, headers=headers, stream=httpx.ByteStream(await answer.aread()))


def _is_write(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.endswith(("/transactions/", "/manual_logs/", "/leaves/"))


def _copy(request: httpx.Request) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers=request.headers, content=request.content)


def _answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, headers=JSON | (headers or {}), stream=httpx.ByteStream(body))


def _refuse_to_take(fate: Fate, delay: timedelta) -> httpx.Response:
    match fate:
        case Fate.NO_CONNECTION:
            raise httpx.ConnectTimeout("ConnectionTimeoutError")
        case Fate.NO_TLS:
            raise httpx.ConnectError("ClientConnectorCertificateError")
        case Fate.UNAUTHORIZED:
            return _answer(401, b'{"detail": "Signature has expired."}')
        case Fate.FORBIDDEN:
            return _answer(403, b'{"detail": "You do not have permission to perform this action."}')
        case _:
            headers = {"retry-after": str(int(delay.total_seconds()))} if delay else {}
            return _answer(429, b'{"detail": "Request was throttled."}', headers)


def _deny(fate: Fate) -> httpx.Response:
    if fate is Fate.NOT_FOUND:
        return _answer(404, b'{"detail": "Not found."}')
    status = 400 if fate is Fate.REFUSED else 422
    return _answer(status, b'{"latitude": ["A valid number is required."]}')


def _lose(fate: Fate, body: bytes) -> httpx.Response:
    """The answer as it does not arrive."""
    match fate:
        case Fate.RESET | Fate.RESET_APPLIED:
            raise httpx.ReadError("ClientOSError")
        case Fate.ERROR | Fate.ERROR_APPLIED:
            return _answer(502, b'{"detail": "Bad gateway."}')
        case Fate.REDIRECT:
            return _answer(302, b"", {"location": "https://example.com/"})
        case Fate.HTML | Fate.HTML_APPLIED:
            return _answer(200, b"<html>Just a moment...</html>", {"content-type": "text/html"})
        case Fate.BAD_JSON | Fate.BAD_JSON_APPLIED:
            return _answer(201, body[: len(body) // 2])
        case Fate.HALF | Fate.HALF_APPLIED:
            return httpx.Response(201, headers=JSON, stream=BrokenOff(body[: len(body) // 2]))
        case Fate.NO_MARKER_APPLIED:
            return _answer(201, body.replace(b"[TG-", b"[??-").replace(b'"id":', b'"no":'))
        case _:
            raise httpx.ReadTimeout("ServerTimeoutError")
