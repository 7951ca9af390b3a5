"""The least of HTTP/1.1 that the contestants' clients need, on a bare asyncio protocol.

No framework: the far end must never be what limits a contestant.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn
from urllib.parse import parse_qsl

END_OF_HEAD = b"\r\n\r\n"
REASONS = {200: b"OK", 201: b"Created", 404: b"Not Found", 411: b"Length Required"}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    content_type: str
    authorization: str
    body: bytes


@dataclass(slots=True, eq=False)
class Exchange:
    """One request and the place its answer goes to."""

    request: Request
    transport: asyncio.Transport
    on_answered: Callable[[], None] | None = field(default=None)

    @property
    def open(self) -> bool:
        return not self.transport.is_closing()

    def answer(self, status: int, body: bytes, delay: timedelta = timedelta()) -> None:
        if delay:
            asyncio.get_running_loop().call_later(delay.total_seconds(), self._write, status, body)
        else:
            self._write(status, body)

    def _write(self, status: int, body: bytes) -> None:
        if self.on_answered:
            self.on_answered()
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self.transport.write(head % (status, REASONS[status], len(body)) + body)


class Connection(asyncio.Protocol):
    """A kept-alive connection; no client here pipelines, so answers need no queue."""

    def __init__(self, on_request: Callable[[Exchange], None]) -> None:
        self._on_request = on_request
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._take_request()) is not None:
            self._on_request(Exchange(request, self._transport))

    def _take_request(self) -> Request | None:
        end = self._buffer.find(END_OF_HEAD)
        if end < 0:
            return None
        first, _, rest = self._buffer[:end].decode("latin-1").partition("\r\n")
        headers = _parse_headers(rest)
        if "transfer-encoding" in headers:
            self._refuse_chunks()
        start = end + len(END_OF_HEAD)
        stop = start + int(headers.get("content-length", "0"))
        if len(self._buffer) < stop:
            return None
        body, self._buffer = self._buffer[start:stop], self._buffer[stop:]
        method, target, _ = first.split(" ", 2)
        path, _, query = target.partition("?")
        kind, authorization = headers.get("content-type", ""), headers.get("authorization", "")
        return Request(method, path, query, kind, authorization, body)

    def _refuse_chunks(self) -> NoReturn:
        self._transport.write(b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\n\r\n")
        self._transport.close()
        raise ValueError("a client sent a chunked body, which this server does not read")


def _parse_headers(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.split("\r\n") if line)
    return {name.lower(): value.strip() for name, _, value in pairs}


def read_form(request: Request) -> Mapping[str, str]:
    """The parameters of a Bot API call: query, urlencoded, JSON or multipart, whichever the client uses."""
    given = dict(parse_qsl(request.query))
    kind = request.content_type
    if kind.startswith("application/json"):
        given.update((name, str(value)) for name, value in json.loads(request.body or b"{}").items())
    elif kind.startswith("multipart/form-data"):
        given.update(_read_multipart(request.body, kind.partition("boundary=")[2].strip('"')))
    else:
        given.update(parse_qsl(request.body.decode()))
    return given


def _read_multipart(body: bytes, boundary: str) -> dict[str, str]:
    fields = {}
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, value = part.partition(END_OF_HEAD)
        name = head.partition(b'name="')[2].partition(b'"')[0]
        fields[name.decode()] = value.removesuffix(b"\r\n").decode(errors="replace")
    return fields
