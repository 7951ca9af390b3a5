"""Builds the httpx client that BioTimeClient is given: over TLS to a tenant, or in process to the embedded gateway.

aiohttp does the work underneath (httpx-aiohttp): with many requests at once it needs a third of the CPU. Its exceptions
are sorted anew here, since httpx-aiohttp calls any lost connection a ConnectTimeout, which would make "maybe applied"
look like "not sent".
"""

import ipaddress
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from httpx_aiohttp import AiohttpTransport

from bot.biotime.addresses import check_url, is_loopback, is_public

EMBEDDED_HOST = "embedded.localhost"
_CONNECTIONS = 256
# Shorter than a server's (gunicorn's 2 s is the shortest in use): a POST on a connection that the server is just
# closing ends Unclear, and so a punch becomes a question for nothing.
_IDLE_SECONDS = 1.5

Message = MutableMapping[str, Any]
ASGIApp = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


def open_http(url: str, tls: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """A client for a tenant's URL, able to reach that host and no other. Close it with `aclose()`.

    Raises BadAddressError. `tls` replaces the usual certificate authorities.
    """
    base = check_url(url)
    context = tls or httpx.create_ssl_context(trust_env=False)
    transport = TenantTransport(base, context)
    return _build_client(base, transport)


def open_embedded_http(app: ASGIApp, host: str = EMBEDDED_HOST) -> httpx.AsyncClient:
    """A client that calls the gateway in process. The gateway sees `host`; its first label may name a company."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return _build_client(httpx.URL(scheme="http", host=host), transport)


class TenantTransport(AiohttpTransport):
    """Connect-phase failures come out as httpx.ConnectError or ConnectTimeout, all later ones as anything else."""

    def __init__(self, base: httpx.URL, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False, client=lambda: _open_session(tls))
        self._origin = (base.scheme, base.host, base.port)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if (request.url.scheme, request.url.host, request.url.port) != self._origin:
            raise httpx.UnsupportedProtocol("another host than the tenant's")
        try:
            return await super().handle_async_request(request)
        except httpx.TransportError as error:
            raise _sort(error.__cause__, error) from error
        except aiohttp.ClientError as error:
            raise _sort(error, error) from error


def _sort(cause: BaseException | None, error: Exception) -> httpx.TransportError:
    """aiohttp raises ClientConnectorError (names, sockets, TLS) and ConnectionTimeoutError (a free connection, or any
    of these taking too long) only before the request is written; read in aiohttp 3.14, held by the tests.
    """
    text = type(cause or error).__name__
    if isinstance(cause, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return httpx.ConnectError(text)
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(text)
    if isinstance(cause, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(text)
    return httpx.ReadError(text)


class PublicResolver(AbstractResolver):
    """DNS that gives public addresses only, and loopback ones only for names that say so.

    One bad address spoils them all: an honest name has none, and a name that is being rebound has both.
    """

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        local = is_loopback(host.rstrip(".").lower())
        for result in found:
            address = ipaddress.ip_address(result["host"].partition("%")[0])
            if not (address.is_loopback if local else is_public(address)):
                raise OSError(None, "the name leads to an address that is not public")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _open_session(tls: ssl.SSLContext) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=PublicResolver(ThreadedResolver()),
        ssl=tls,
        limit=_CONNECTIONS,
        keepalive_timeout=_IDLE_SECONDS,
    )
    # A session cookie of one employee must not go out with the next one's token.
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _build_client(base: httpx.URL, transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    _quiet_logs()
    return httpx.AsyncClient(
        base_url=base,
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "hadir"},
    )


def _quiet_logs() -> None:
    # At INFO httpx logs every address, at DEBUG httpcore logs headers: ids, and tokens.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
