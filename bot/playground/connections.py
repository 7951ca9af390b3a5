"""Breaking a connection without an answer, which no ASGI server offers by itself."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """The transports of the open connections by the client's address."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """A uvicorn protocol that keeps this list up to date."""
        transports = self._transports

        class Noted(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                transports[transport.get_extra_info("peername")[:2]] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    transports.pop(self.client, None)
                super().connection_lost(exc)

        return Noted

    def abort(self, client: tuple[str, int]) -> None:
        self._transports[client].abort()


async def break_connection(request: Request) -> Response:
    """Reset the client's connection; the response given back is never sent."""
    connections = getattr(request.app.state, "connections", None)
    if not isinstance(connections, Connections) or request.client is None:
        raise ConnectionResetError("the playground was told to lose this connection")
    connections.abort((request.client.host, request.client.port))
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=500)
