"""A loopback server that answers with scripted bytes, and so can misbehave in any way."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Script = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


def answer(body: JsonValue | bytes | str, status: int = 200, headers: dict[str, str] | None = None) -> Script:
    """A well-formed answer: JSON, or bytes and text as they are."""
    payload = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return raw(head(status, {"Content-Length": str(len(payload)), **(headers or {})}) + payload)


def raw(data: bytes, then: float = 0) -> Script:
    """Bytes as they are, the connection kept open for `then` seconds."""

    async def script(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(then)

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

    def __init__(self, *scripts: Script, keep_alive: bool = False) -> None:
        self._scripts = list(scripts)
        self._keep_alive = keep_alive
        self.seen: list[Seen] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _read_request(reader):
                self.seen.append(request)
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                await script(request, writer)
                if not self._keep_alive:
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def running(server: Server) -> AsyncIterator[str]:
    """Serves on a loopback port; yields the base URL."""
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    host, port = listener.sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}"
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
