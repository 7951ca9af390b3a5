"""Serves an ASGI app inside a program that has other things to do, and to end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp


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
    config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, lifespan="off", ws="none")
    server = _Server(config)
    task = asyncio.create_task(server.serve([listening]))
    host, port = listening.getsockname()[:2]
    try:
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task
