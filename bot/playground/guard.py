"""The page is for the person at this machine: other sites in the same browser must not read or steer it."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Endpoint = Callable[[Request], Awaitable[Response]]


class UnreadableHost(Exception):
    """A Host header that no browser sends."""


def guarded(endpoint: Endpoint) -> Endpoint:
    """Refuse what another site may have caused (a foreign Host or Origin), and forbid all but own content."""

    @wraps(endpoint)
    async def guard(request: Request) -> Response:
        try:
            response = await endpoint(request) if _own(request) else Response("Forbidden", 403)
        except UnreadableHost:
            response = Response("The Host header cannot be read.", 400)
        response.headers.update(HEADERS)
        return response

    return guard


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError as problem:
        raise UnreadableHost from problem


def _own(request: Request) -> bool:
    host = request.headers.get("host", "")
    if _name_of(host) not in LOOPBACK:
        return False
    origin = request.headers.get("origin")
    if origin is not None:
        return origin == f"{request.url.scheme}://{host}"
    return request.method == "GET" and request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
