"""One path and what it does by each method: a bare ASGI endpoint, so a punch pays for nothing that it does not use."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.gateway.rest.errors import MethodNotAllowed

Handler = Callable[[Request], Awaitable[Response]]
Handlers = Mapping[str, Handler]
Admit = Callable[[Request], Awaitable[None]]


async def let_in(_request: Request) -> None:
    """A login path asks nobody who they are."""


class Resource:
    def __init__(self, handlers: Handlers, admit: Admit = let_in) -> None:
        self._handlers = {**handlers, **({"HEAD": handlers["GET"]} if "GET" in handlers else {})}
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        handler = self._handlers.get(request.method)
        if handler is None:
            await self._admit(request)  # as in the framework: who may not come in does not learn the methods
            raise MethodNotAllowed(request.method, ", ".join(self._handlers))
        response = await handler(request)
        await response(scope, receive, send)
