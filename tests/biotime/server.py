"""A loopback server that answers with scripted bytes, and so can misbehave in any way."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]
Script = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


def answer(body: JsonValue | bytes | str, status: int = 200, headers: dict[str, str] | None = None) -> Script:
    """A well-formed answer, the connection kept: JSON, or bytes and text as they are."""
    payload = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    data = head(status, {"Content-Length": str(len(payload)), **(headers or {})}) + payload

    async def script(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


def raw(data: bytes, then: float = 0) -> Script:
    """Bytes as they are; the connection is closed `then` seconds later."""

    async def script(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(then)
        writer.close()

    return script


def drip(data: bytes, pause: float) -> Script:
    """One byte after the other."""

    async def script(_: Seen, writer: asyncio.StreamWriter) -> None:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(pause)

    return script


async def reset(_: Seen, writer: asyncio.StreamWriter) -> None:
    """The connection is reset once the request was read."""
    writer.transport.abort()


class Server:
    """Answers each request with the next script, the last one for ever; `seen` holds what arrived."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.seen: list[Seen] = []
        self.arrived = asyncio.Event()
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while not writer.is_closing() and (request := await _read_request(reader)):
            self.seen.append(request)
            self.arrived.set()
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            await script(request, writer)
        writer.close()


@asynccontextmanager
async def running(server: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serves on a loopback port; yields the base URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await server(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    host, port = listener.sockets[0].getsockname()
    try:
        yield f"http{'s' if tls else ''}://{host}:{port}"
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(method, target, headers, body)


def head(status: int, headers: dict[str, str]) -> bytes:
    """The first lines of an answer."""
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()
