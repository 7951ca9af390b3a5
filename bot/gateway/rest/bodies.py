"""A request's body as a mapping: JSON, URL-encoded or multipart form, never more than 64 KB of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import NoReturn
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.gateway.rest.errors import ApiError, Invalid, refused_body

MAX_BODY = 64 * 1024
MAX_FIELDS = 100
LONGEST_INT = 400
# 64 KB take no longer, unless somebody means to hold a connection open.
PATIENCE = timedelta(seconds=15)

Body = Mapping[str, object]


async def read_body(request: Request) -> Body:
    """Raises ApiError: 408 too slow, 413 too large, 415 another content type, 400 unreadable or not an object."""
    return _as_object(await _read_any(request))


async def read_objects(request: Request) -> Body | Sequence[Body]:
    """One object, or a JSON list of some. Raises ApiError as `read_body` does."""
    body = await _read_any(request)
    if not isinstance(body, list):
        return _as_object(body)
    if not body:
        raise Invalid({"non_field_errors": ["This list may not be empty."]})
    return [_as_object(item) for item in body]


def _as_object(value: object) -> Body:
    if isinstance(value, dict):
        return value
    kind = type(value).__name__
    raise Invalid({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]})


async def _read_any(request: Request) -> object:
    raw = await _read_capped(request)
    if not raw:
        return {}
    media_type = request.headers.get("content-type", "application/json")
    match media_type.partition(";")[0].strip().lower():
        case "application/json":
            return _parse_json(raw)
        case "application/x-www-form-urlencoded":
            return _parse_form(raw)
        case "multipart/form-data":
            return await _parse_multipart(request, raw)
        case _:
            raise refused_body(415, f'Unsupported media type "{media_type[:100]}" in request.')


async def _read_capped(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > MAX_BODY:
        raise _too_large()
    raw = bytearray()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > MAX_BODY:
                    raise _too_large()
    except TimeoutError:
        # What is still to come of the body would be taken for the next request.
        raise ApiError(408, {"detail": "Request body did not arrive in time."}, {"Connection": "close"}) from None
    return bytes(raw)


def _too_large() -> ApiError:
    return refused_body(413, f"Request body is larger than {MAX_BODY} bytes.")


def _parse_json(raw: bytes) -> object:
    try:
        return json.loads(raw.decode(), parse_constant=_refuse_constant, parse_int=_parse_int)
    except RecursionError:
        raise refused_body(400, "JSON parse error - nested too deeply") from None
    except ValueError as problem:
        raise refused_body(400, f"JSON parse error - {_reason(problem)}") from None


def _parse_int(digits: str) -> int | str:
    """Python reads no number of thousands of digits, and says so in its own words: such a one stays text, which the
    field then refuses in its own.
    """
    return int(digits) if len(digits) <= LONGEST_INT else digits


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")


def _reason(problem: ValueError) -> str:
    # A decoding error quotes the bytes: a password may be among them.
    return "not UTF-8" if isinstance(problem, UnicodeError) else str(problem)


def _parse_form(raw: bytes) -> Body:
    try:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise refused_body(400, "Malformed form.") from None


async def _parse_multipart(request: Request, raw: bytes) -> Body:
    async def stream() -> AsyncIterator[bytes]:
        yield raw

    try:
        form = await MultiPartParser(request.headers, stream(), max_files=0, max_fields=MAX_FIELDS).parse()  # type: ignore[arg-type]
    except (MultiPartException, KeyError, UnicodeError, LookupError):
        raise refused_body(400, "Multipart form parse error.") from None
    return dict(form)
