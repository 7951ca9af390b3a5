"""Serves an ASGI app inside a program that has other things to do, and to end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_PATIENCE = timedelta(seconds=15)
"""For the head of a request, from the connection or from its first byte on. Its body is the app's own business."""
MOST_HEAD = 64 * 1024
"""Bytes of a head that has not ended yet."""


class _Punctual(HttpToolsProtocol):
    """Closes a connection on which no whole head comes, or one without an end: uvicorn has no such limits, and each
    would hold a descriptor, or memory.
    """

    _deadline: asyncio.TimerHandle | None = None
    _in_head = True
    _between = True
    """The last request has come whole, and nothing of the next."""
    _head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        # A request begins with its first byte, though the parser skips empty lines before it.
        self._in_head |= self._between
        super().data_received(data)
        if not self._in_head:
            self._unwatch_head()
        elif not self.transport.is_closing():
            self._watch_head()
            self._measure_head(len(data))

    def on_message_begin(self) -> None:
        self._in_head, self._between = True, False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # else one behind the body, of which the app knows nothing
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._between = True
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch_head()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        """Between two requests nobody watches: uvicorn's keep-alive does, until the first byte."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_PATIENCE.total_seconds(), self._end_patience)

    def _unwatch_head(self) -> None:
        self._head_size = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end_patience(self) -> None:
        """Not while the request before it is being answered: then the head may wait as long again."""
        self._deadline = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self._watch_head()

    def _measure_head(self, more: int) -> None:
        self._head_size += more
        if self._head_size > MOST_HEAD:
            self.send_400_response("The head of the request is too long.")


class _Server(uvicorn.Server):
    """Leaves the signals alone: uvicorn's own handler ends the process before anything else can be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """From now on nobody else can. OSError where the port is taken; 0 takes a free one."""
    # Its protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms an answer.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Serves while the block runs; gives the address. Raises OSError as `listen` does."""
    with listen(host, port) as listening:
        async with serving_on(listening, app) as address:
            yield address


@asynccontextmanager
async def serving_on(listening: socket.socket, app: ASGIApp) -> AsyncIterator[str]:
    """X-Forwarded-* is the app's own business: it knows whom to trust."""
    config = uvicorn.Config(
        app, http=_Punctual, log_config=None, access_log=False, proxy_headers=False, lifespan="off", ws="none"
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listening]))
    host, port = listening.getsockname()[:2]
    try:
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task
