"""uvicorn inside another program: on loopback, quiet, and gone when the block ends."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol


class _Server(uvicorn.Server):
    """Says when it is up, and leaves the signals to the program around it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.leave = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.leave.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Starlette, port: int = 0, protocol: type[H11Protocol] = H11Protocol) -> AsyncIterator[str]:
    """Serve an app on 127.0.0.1; gives its address. What still waits gets two seconds at the end."""
    config = uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        access_log=False,
        lifespan="off",
        date_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        # asyncio does this only where the socket names its protocol; without it each answer waits 40 ms for an ACK.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await server.up.wait()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.leave.set()
            await running
