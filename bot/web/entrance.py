"""The whole web surface on one screen."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import exc
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp

log = structlog.get_logger(__name__)

Json = dict[str, Any]

SECRET_HEADER = b"x-telegram-bot-api-secret-token"
WEBHOOK_PATH = "/telegram"
# Telegram's largest updates are far smaller.
BODY_LIMIT = 1_000_000
# Telegram sends an update in one go.
PATIENCE = timedelta(seconds=15)
# What the inbox's column holds.
BIGGEST_NUMBER = 2**63
# A lock, a full disk, a database that is away or being closed; anything else is a bug and a 500.
OUTAGES = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.ResourceClosedError)
# Telegram obeys it; without, it comes again at once and then ever later.
RETRY_AFTER = "2"


def build_entrance(
    accept: Callable[[Sequence[Json]], Awaitable[None]],
    is_healthy: Callable[[], Awaitable[bool]],
    count: Callable[[], Awaitable[Mapping[str, int]]],
    webhook_secret: str | None,
    hr_page: ASGIApp | None = None,
) -> FastAPI:
    """`accept` returns once the updates are durable: only then does Telegram hear 200. No secret, no webhook.

    `hr_page` answers below /hr/, and nothing else of it is to be reached here.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    if webhook_secret is not None:
        secret = webhook_secret.encode()

        @app.post(WEBHOOK_PATH)
        async def webhook(request: Request) -> Response:
            if not _knows(secret, request):
                return Response(status_code=401)
            try:
                async with asyncio.timeout(PATIENCE.total_seconds()):
                    body = await _body(request)
            except TimeoutError:
                return Response(status_code=408, headers={"Connection": "close"})
            update = _read(body)
            if update is None:
                return Response(status_code=400)
            await accept([update])
            return Response(status_code=200)

    @app.get("/health")
    async def health() -> Response:
        healthy = await is_healthy()
        return Response("ok\n" if healthy else "the database does not take writes\n", 200 if healthy else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(_render(await count()), media_type=CONTENT_TYPE_LATEST)

    if hr_page is not None:
        # Not mounted: its own paths begin with /hr/, too. (A function here would be taken for a handler.)
        app.router.routes.append(Route("/hr/{below:path}", hr_page))

    for outage in OUTAGES:
        app.add_exception_handler(outage, _answer_outage)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    return app


async def _answer_outage(request: Request, problem: Exception) -> Response:
    log.warning("the database does not answer", path=request.url.path, problem=type(problem).__name__)
    return Response(status_code=503, headers={"Retry-After": RETRY_AFTER})


async def _answer_nobody(request: Request, problem: Exception) -> Response:
    log.info("a client hung up", path=request.url.path)
    return Response(status_code=400)


def _knows(secret: bytes, request: Request) -> bool:
    """Exactly one header, compared as bytes: a str with a byte of 0x80 or more would raise."""
    given = [value for name, value in request.headers.raw if name == SECRET_HEADER]
    return len(given) == 1 and hmac.compare_digest(given[0], secret)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return body


def _read(body: bytes | None) -> Json | None:
    try:
        update = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if type(number) is int and 0 <= number < BIGGEST_NUMBER else None


def _render(punches: Mapping[str, int]) -> bytes:
    registry = CollectorRegistry()
    gauge = Gauge("hadir_punches", "Punches by their state on the way to BioTime", ["state"], registry=registry)
    for state, number in punches.items():
        gauge.labels(state).set(number)
    return generate_latest(registry)
