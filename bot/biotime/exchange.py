"""One request and its answer: deadline, size, and the class of everything that goes wrong."""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import JsonValue, RootModel, ValidationError
from pydantic_core import PydanticSerializationError, from_json

from bot.biotime.errors import NotSent, Refused, Unauthorized, Unclear
from bot.biotime.pace import Pace
from bot.biotime.wire.envelope import Wire, read_reasons

BODY_LIMIT = 2 * 1024 * 1024
# A third of the deadline at most: while connecting, nothing is written yet, and giving up then is provably harmless.
_CONNECT_LIMIT = timedelta(seconds=5)
# Bits of zlib's window: gzip's own header, or zlib's for "deflate".
_CODINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
# httpx raises these three only before anything is written; `transport` sees to it that aiohttp does, too.
_BEFORE_WRITING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
# `status_code` inside a body: a success repeats the HTTP status there.
_GOOD = (200, 201, "200", "201", None)
_REASONS, _REASON_LENGTH = 5, 300

Model = TypeVar("Model", bound=Wire)
Body = Wire | RootModel[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end. `dated_at` is the server's clock by its own word (the Date header)."""

    status: int
    body: bytes
    dated_at: datetime | None
    retry_after: timedelta | None
    content_type: str = ""

    def read(self, model: type[Model]) -> Model:
        """The body as a model. Raises Unclear for anything that is not a plain success."""
        return _read_success(self, model)


class Exchange:
    """Sends through the client it is given; `total` bounds each request, from waiting for a connection to the end. What
    waits for its turn at a `pace` before that has no bound.
    """

    def __init__(self, http: httpx.AsyncClient, total: timedelta, pace: Pace | None = None) -> None:
        self._http = http
        self._pace = pace
        self._total = total.total_seconds()
        connect = min(_CONNECT_LIMIT, total / 3).total_seconds()
        self._timeout = httpx.Timeout(self._total, connect=connect, pool=connect)

    async def get(self, path: str, headers: Mapping[str, str], params: Mapping[str, str | int] | None = None) -> Answer:
        """Raises BioTimeError unless the status is 2xx. Likewise below."""
        return await self._send(
            self._http.build_request("GET", path, headers=headers, params=params, timeout=self._timeout)
        )

    async def post(self, path: str, headers: Mapping[str, str], body: Body, *, sparse: bool = False) -> Answer:
        """`sparse` leaves out the members that were not set."""
        return await self._send_body("POST", path, headers, _write(body, sparse=sparse))

    async def patch(self, path: str, headers: Mapping[str, str], body: Wire) -> Answer:
        """Only the members that were set: the others are to stay as they are."""
        return await self._send_body("PATCH", path, headers, _write(body, sparse=True))

    async def delete(self, path: str, headers: Mapping[str, str]) -> Answer:
        return await self._send(self._http.build_request("DELETE", path, headers=headers, timeout=self._timeout))

    async def _send_body(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        headers = {"Content-Type": "application/json", **headers}
        return await self._send(
            self._http.build_request(method, path, headers=headers, content=content, timeout=self._timeout)
        )

    async def _send(self, request: httpx.Request) -> Answer:
        if self._pace is not None:
            await self._pace.take()
        try:
            async with asyncio.timeout(self._total):
                answer = await self._read(request)
        except _BEFORE_WRITING as error:
            raise NotSent("no connection to BioTime") from error
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            # The deadline itself (TimeoutError is an OSError) counts here: connecting has its own, shorter limit,
            # so by now the request may be on its way.
            raise Unclear(f"no whole answer from BioTime: {type(error).__name__}") from error
        raise_for_status(answer)
        return answer

    async def _read(self, request: httpx.Request) -> Answer:
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            body = await _read_body(response)
        except httpx.TransportError as error:
            # With an answer begun the request was written, whatever the transport calls the failure.
            raise httpx.ReadError("the answer broke off") from error
        finally:
            await response.aclose()
        dated_at = _read_http_date(response.headers.get("Date"))
        retry_after = _read_retry_after(response.headers.get("Retry-After"), dated_at)
        content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(response.status_code, body, dated_at, retry_after, content_type)


def raise_for_status(answer: Answer) -> None:
    """The sorting of PROTOCOL.md: 2xx passes, every other status raises its class."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 401:
        raise Unauthorized("BioTime wants a new login", status=status)
    if status in (403, 429):
        raise NotSent(f"BioTime turned us away: {status}", status=status, retry_after=answer.retry_after)
    if status in (400, 404, 422) and (body := _json_object(answer.body)) is not None:
        reasons = tuple(reason[:_REASON_LENGTH] for reason in read_reasons(body)[:_REASONS])
        raise Refused(f"BioTime refused: {status}", status=status, reasons=reasons)
    # A 404 in HTML is some proxy speaking, not BioTime: that must not settle a punch for good.
    raise Unclear(f"BioTime answered {status}", status=status)


def _write(body: Body, *, sparse: bool = False) -> bytes:
    try:
        return body.model_dump_json(exclude_unset=sparse).encode()
    except PydanticSerializationError as error:
        # Half a surrogate pair in what a person typed has no place in JSON.
        raise Refused("the text cannot be sent") from error


def _read_success(answer: Answer, model: type[Model]) -> Model:
    body = _json_object(answer.body)
    if body is None:
        raise Unclear("BioTime's answer is not a JSON object", status=answer.status)
    # Some failures come as 200; `code` is the web API's word for it, `status_code` the mobile API's.
    if body.get("code", 0) not in (0, "0", None) or body.get("status_code", 200) not in _GOOD:
        raise Unclear("BioTime answered success with a failure inside", status=answer.status)
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Unclear(f"BioTime's answer is no {model.__name__}", status=answer.status) from error


def _json_object(body: bytes) -> dict[str, JsonValue] | None:
    try:
        value = from_json(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


async def _read_body(response: httpx.Response) -> bytes:
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding == "identity":
        return await _read_plain(response)
    if coding not in _CODINGS:
        # We asked for gzip at most. A chain of codings multiplies: "gzip, gzip" makes a terabyte of a megabyte.
        raise httpx.DecodingError("a content coding nobody asked for")
    return await _read_packed(response, _CODINGS[coding])


async def _read_plain(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        _check_length(body)
    return bytes(body)


async def _read_packed(response: httpx.Response, window: int) -> bytes:
    # zlib is given the room that is left, so a bomb is never unpacked beyond the limit, not even in one chunk.
    unpacker = zlib.decompressobj(window)
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += unpacker.decompress(chunk, BODY_LIMIT + 1 - len(body))
            _check_length(body)
    except zlib.error as error:
        raise httpx.DecodingError("broken compression") from error
    if not unpacker.eof:
        raise httpx.DecodingError("compression ends early")
    return bytes(body)


def _check_length(body: bytearray) -> None:
    if len(body) > BODY_LIMIT:
        raise httpx.DecodingError("answer over the limit")


def _read_http_date(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _read_retry_after(text: str | None, dated_at: datetime | None) -> timedelta | None:
    """Seconds, or a date that is read against the server's own clock. At most a day."""
    if text is None:
        return None
    until = _read_http_date(text)
    if until and dated_at:
        wait = until - dated_at
    elif text.isascii() and text.isdigit():
        wait = timedelta(seconds=int(text[:6]))
    else:
        return None
    return max(timedelta(), min(wait, timedelta(days=1)))
