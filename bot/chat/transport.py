"""How requests reach the Bot API: python-telegram-bot's `BaseRequest` over one aiohttp session.

A third of the CPU of the httpx transport, and with the one bit that sending needs: was the request provably not sent
(`NotSent`: send it again), or may it have been (`TimedOut` and every other `NetworkError`: never repeat it blindly)?
"""

import asyncio
import io
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

# A bot's path is /bot<number>:<secret>/<method>, a file's /file/bot<number>:<secret>/<path>.
_BOT_IN_PATH = re.compile(r"""bot[^/\s'"]*(?::|%3A)[^/\s'"]+""", re.IGNORECASE)


class NotSent(NetworkError):
    """The request provably never reached the Bot API: no connection was made, or none was free."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for each step of one request; None waits for ever. `media_write` is `write` for requests with files."""

    pool: float | None = 5
    connect: float | None = 5
    write: float | None = 5
    media_write: float | None = 30
    read: float | None = 10


def build_requests(timeouts: Timeouts | None = None) -> tuple["AiohttpRequest", "AiohttpRequest"]:
    """Two transports with pools of their own: for sending, and for getUpdates.

    A long poll must not wait behind replies, nor they behind it; and after a broken poll the old connection may still
    be held while the next one starts, hence more than one.
    """
    return AiohttpRequest(256, timeouts), AiohttpRequest(4, timeouts)


@dataclass(frozen=True, slots=True)
class _Form:
    """Parameters as they go over the wire: as much of a RequestData as this transport looks at."""

    json_parameters: dict[str, str]
    contains_files: bool = False


async def call(bot: ExtBot[None], method: str, **parameters: str | int | None) -> Any:
    """A method's result as plain JSON; None parameters are left out. Raises what the bot's own methods raise.

    For messages of which nothing but the number is needed: building the objects that the bot's own methods take and
    give costs as much as the request.
    """
    form = _Form({name: str(value) for name, value in parameters.items() if value is not None})
    return await bot.request.post(f"{bot.base_url}/{method}", cast("RequestData", form))


class AiohttpRequest(BaseRequest):
    """No proxy or netrc from the environment, no redirects, no cookies; the bot token is in no log and no exception."""

    __slots__ = ("_connections", "_session", "_timeouts")

    def __init__(self, connections: int = 256, timeouts: Timeouts | None = None) -> None:
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._timeouts.read

    async def initialize(self) -> None:
        if self._session is None:
            connector = TCPConnector(limit=self._connections, ttl_dns_cache=60)
            jar = DummyCookieJar()
            headers = {"User-Agent": self.USER_AGENT}
            self._session = ClientSession(connector=connector, cookie_jar=jar, headers=headers, trust_env=False)

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - PTB's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. NotSent, TimedOut (may have been applied) or NetworkError (may have been, too)."""
        default = self._timeouts
        has_files = request_data is not None and request_data.contains_files
        given = Timeouts(
            pool=_given(pool_timeout, default.pool),
            connect=_given(connect_timeout, default.connect),
            write=_given(write_timeout, default.media_write if has_files else default.write),
            read=_given(read_timeout, default.read),
        )
        answer = await self._send(url, method, request_data, given)
        if isinstance(answer, NetworkError):
            # Raised here, outside of any `except`: what aiohttp raised has the address, and with it the token.
            raise answer
        status, body = answer
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            return status, _describe(status, body)
        # Only methods are POSTed. PTB would fail with a KeyError, after all its handlers of network errors.
        if method == "POST" and b'"result"' not in body:
            raise NetworkError("Unreadable answer of the Bot API")
        return status, body

    async def _send(
        self, url: str, method: str, data: RequestData | None, timeouts: Timeouts
    ) -> tuple[int, bytes] | NetworkError:
        if self._session is None:
            return NotSent("The transport is closed")
        body, headers = _build_body(data)
        try:
            async with (
                asyncio.timeout(_add(timeouts.pool, timeouts.connect, timeouts.write, timeouts.read)),
                self._session.request(
                    method,
                    url,
                    data=body,
                    headers=headers,
                    timeout=_build_timeout(timeouts),
                    allow_redirects=False,
                ) as response,
            ):
                return response.status, await response.read()
        except (ClientError, OSError) as error:
            return _translate(error)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the original, but what cannot be read is not written into the log: it may hold what people wrote."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not answer.keys() & {"result", "description"}:
            raise NetworkError("Unreadable answer of the Bot API")
        return answer


def _given(value: object, default: float | None) -> float | None:
    """PTB says None for "no limit" and an object of its own for "as set up"."""
    return float(value) if isinstance(value, int | float) else None if value is None else default


def _add(*seconds: float | None) -> float | None:
    known = [part for part in seconds if part is not None]
    return sum(known) if len(known) == len(seconds) else None


def _build_timeout(timeouts: Timeouts) -> ClientTimeout:
    # aiohttp has no limit for writing: the deadline over the whole request is that.
    return ClientTimeout(
        total=None,
        connect=_add(timeouts.pool, timeouts.connect),
        sock_connect=timeouts.connect,
        sock_read=timeouts.read,
    )


def _build_body(data: RequestData | None) -> tuple[FormData | bytes | None, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        body = urlencode(data.json_parameters).encode()
        return body, {"Content-Type": "application/x-www-form-urlencoded"}
    # Names of files as UTF-8, as browsers send them: percent signs would stay in the name that people see.
    form = FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        # As a stream, written in pieces: a large `bytes` would hold up the event loop.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=_one_line(filename), content_type=content_type)
    return form, {}


def _one_line(filename: str) -> str:
    return " ".join(filename.split()) or "file"


def _translate(error: Exception) -> NetworkError:
    said = f"{type(error).__name__}: {_BOT_IN_PATH.sub('bot…', str(error))}"
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError | InvalidURL):
        return NotSent(said)
    if isinstance(error, TimeoutError):
        return TimedOut("No answer in time: the request may have been applied")
    return NetworkError(said)


def _describe(status: int, body: bytes) -> bytes:
    """A failure as the Bot API words it, also where a proxy or a broken server worded it as a page.

    PTB puts an unreadable body into the exception, and a page may repeat the address that was asked for.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("description"), str):
        return body
    return json.dumps({"ok": False, "error_code": status, "description": f"HTTP status {status}"}).encode()
