"""Serves an ASGI app inside a program that has other things to do, and to end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_PATIENCE = timedelta(seconds=15)
"""For the head of a request, from the connection or from its first byte on. Its body is the app's own business."""


class _Punctual(H11Protocol):
    """Closes a connection on which no whole head comes: uvicorn has no such end, and each would hold a descriptor."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch_head()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        """Between two requests nobody watches: uvicorn's keep-alive does, until the first byte."""
        if self.conn.their_state is not h11.IDLE:
            self._unwatch_head()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_PATIENCE.total_seconds(), self.transport.close)

    def _unwatch_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


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
