"""Whoever connects and does not say what they want is let go; whoever does is not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.web.serving import serving

HEAD = b"GET / HTTP/1.1\r\nHost: bot\r\n"
PATIENCE = timedelta(milliseconds=100)


SEEN: list[Scope] = []


def seen_headers() -> object:
    """Of the last request."""
    return SEEN[-1]["headers"]


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    """Takes longer to answer than it waits for a head."""
    SEEN.append(scope)
    await asyncio.sleep(2 * PATIENCE.total_seconds())
    await PlainTextResponse("here")(scope, receive, send)


class Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def is_closed(self, within: timedelta) -> bool:
        try:
            async with asyncio.timeout(within.total_seconds()):
                return await self.reader.read(1) == b""
        except TimeoutError:
            return False

    async def answered(self) -> bool:
        async with asyncio.timeout(5):
            return (await self.reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")

    async def drip(self, head: bytes) -> None:
        """A byte every now and then, as long as somebody takes them."""
        for byte in head:
            self.writer.write(bytes([byte]))
            await asyncio.sleep(PATIENCE.total_seconds() / 5)


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    monkeypatch.setattr("bot.web.serving.HEAD_PATIENCE", PATIENCE)
    async with serving(slow, "127.0.0.1", 0) as address:
        url = httpx.URL(address)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        yield Line(reader, writer)
        writer.close()


@pytest.mark.parametrize("sent", [b"", b"G", HEAD])
async def test_without_a_whole_head_the_line_is_closed(line: Line, sent: bytes) -> None:
    line.writer.write(sent)
    assert await line.is_closed(10 * PATIENCE)


async def test_a_byte_now_and_then_buys_no_time(line: Line) -> None:
    dripping = asyncio.create_task(line.drip(HEAD))
    assert await line.is_closed(10 * PATIENCE)
    dripping.cancel()


async def test_an_answer_may_take_longer_than_the_head(line: Line) -> None:
    line.writer.write(HEAD + b"\r\n")
    assert await line.answered()


async def test_the_next_request_has_its_own_deadline(line: Line) -> None:
    for _ in range(2):
        line.writer.write(HEAD + b"\r\n")
        assert await line.answered()
    # Between two requests it is uvicorn's keep-alive that waits.
    assert not await line.is_closed(2 * PATIENCE)
    line.writer.write(HEAD)
    assert await line.is_closed(10 * PATIENCE)


async def test_a_head_that_waited_for_the_answer_before_it_is_watched_too(line: Line) -> None:
    line.writer.write(HEAD + b"\r\n" + HEAD)
    assert await line.answered()
    line.writer.write(b"X")
    assert await line.is_closed(10 * PATIENCE)


@pytest.mark.parametrize("sent", [b"\r\n", HEAD + b"\r\n\r\n", HEAD])
async def test_empty_lines_and_the_next_head_wait_no_longer(line: Line, sent: bytes) -> None:
    """A parser skips empty lines between requests; who sends nothing else is closed like who sends nothing."""
    if sent.endswith(b"\r\n\r\n"):
        line.writer.write(sent)
        assert await line.answered()
        sent = b"\r\n"
    line.writer.write(sent)
    assert await line.is_closed(10 * PATIENCE)


async def test_a_head_without_an_end_is_refused(line: Line) -> None:
    line.writer.write(HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)))
    async with asyncio.timeout(5):
        assert (await line.reader.read(12)) == b"HTTP/1.1 400"


async def test_what_stands_behind_a_body_is_not_kept(line: Line) -> None:
    head = b"POST / HTTP/1.1\r\nHost: bot\r\nTransfer-Encoding: chunked\r\n\r\n"
    line.writer.write(head + b"1\r\nx\r\n0\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n")
    assert await line.answered()
    assert seen_headers() == [(b"host", b"bot"), (b"transfer-encoding", b"chunked")]


async def test_an_offer_of_http_2_is_not_taken(line: Line) -> None:
    """Java's client makes one with its first request, and goes on over the same connection."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"
    for _ in range(3):
        line.writer.write(HEAD + offer)
        assert await line.answered()
