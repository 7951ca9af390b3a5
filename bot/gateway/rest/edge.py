"""The outermost layer: one spelling of every path, refusals become answers, and no fault that leaves as a trace."""

import logging
from collections.abc import Mapping

from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.rest.errors import ApiError

logger = logging.getLogger(__name__)


class Edge:
    """`plain` are the paths that are known as they stand, without a parameter: they need not be looked for."""

    def __init__(self, app: ASGIApp, plain: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            scope = _with_slash(scope)
            await self._plain.get(scope["path"], self._app)(scope, receive, watch)
        except ClientDisconnect:
            logger.info("a client hung up in the middle of its request")
        except Exception as problem:
            if started:
                raise
            await _answer_to(problem).response()(scope, receive, send)


def _with_slash(scope: Scope) -> Scope:
    # Clients use both spellings, and a redirect would turn their POST into a GET.
    return scope if scope["path"].endswith("/") else {**scope, "path": scope["path"] + "/"}


def _answer_to(problem: Exception) -> ApiError:
    if isinstance(problem, ApiError):
        return problem
    if isinstance(problem, OperationalError | InterfaceError):
        # Never a 400: clients stop logging in after one. The message would quote the row, so only its kind is logged.
        logger.error("the database does not answer: %s", type(problem.orig).__name__)
        return ApiError(503, {"detail": "Service temporarily unavailable, try again later."}, {"Retry-After": "5"})
    logger.error("a request failed", exc_info=problem)
    return ApiError(500, {"detail": "A server error occurred."})
