"""Whatever a server does, the caller learns the one thing that counts: not sent, refused, or unclear."""

import asyncio
import gzip
import json
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from pydantic import JsonValue

from bot.attendance.model import Position, PunchState
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, NotSent, Refused, Unauthorized, Unclear
from bot.biotime.exchange import BODY_LIMIT
from bot.biotime.transport import open_http
from bot.biotime.values import PunchUpload
from tests.biotime.conftest import Talk
from tests.biotime.server import Script, Seen, Server, answer, drip, head, raw, reset, running
from tests.golden import golden_text

PUNCH = PunchUpload(
    position=Position(25.0916434, 55.1586873, 12.0),
    punch_state=PunchState.CHECK_IN,
    emp_code="13",
    gps_location="35R5+JCW - Dubai Internet City [TG-7K3Q2H]",
)
RECEIPT: dict[str, JsonValue] = json.loads(golden_text("6.4-punch-receipt"))
DUBAI = ZoneInfo("Asia/Dubai")
FULL = json.dumps(RECEIPT).encode()


def without(*names: str) -> dict[str, JsonValue]:
    return {name: value for name, value in RECEIPT.items() if name not in names}


def packed(body: bytes, coding: str = "gzip") -> Script:
    return answer(body, 201, {"Content-Encoding": coding})


def later(*parts: bytes) -> Script:
    async def script(_: Seen, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.05)
        writer.close()

    return script


def bomb() -> bytes:
    return gzip.compress(b" " * (64 * 1024 * 1024))


UNCLEAR: dict[str, Script] = {
    "reset": reset,
    "closed without a word": raw(b""),
    "half a status line": raw(b"HTTP/1."),
    "half the headers": raw(b"HTTP/1.1 201 Created\r\nContent-Le"),
    "half a body": raw(head(201, {"Content-Length": str(len(FULL))}) + FULL[:40]),
    "half a chunked body": raw(head(201, {"Transfer-Encoding": "chunked"}) + b"ff\r\n" + FULL[:40]),
    "broken chunks": raw(head(201, {"Transfer-Encoding": "chunked"}) + b"zz\r\n" + FULL),
    "broken chunks, later": later(head(201, {"Transfer-Encoding": "chunked"}), b"zz\r\n" + FULL),
    "a body that ends with the connection, cut": raw(head(201, {"Connection": "close"}) + FULL[:-9]),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "a header without end": raw(b"HTTP/1.1 201 Created\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"),
    "HTML with 200": answer("<html><body>Welcome</body></html>"),
    "HTML with 404": answer("<html>nginx</html>", 404),
    "nothing with 204": raw(head(204, {})),
    "nothing with 201": answer(b"", 201),
    "500": answer({"detail": "Server error"}, 500),
    "502 in HTML": answer("<html>Bad gateway</html>", 502),
    "503": answer({}, 503, {"Retry-After": "5"}),
    "redirect": answer(b"", 302, {"Location": "/login/"}),
    "redirect that keeps the body": answer(b"", 307, {"Location": "/mobile/api/v1.0/transactions/"}),
    "405": answer({"detail": 'Method "POST" not allowed.'}, 405),
    "409": answer({"detail": "Conflict"}, 409),
    "201 lacking its time": answer(without("punch_time"), 201),
    "201 lacking the employee": answer(without("emp_id", "emp_code"), 201),
    "201 with a time that is none": answer({**RECEIPT, "punch_time": "soon"}, 201),
    "201 with a list": answer([RECEIPT], 201),
    "bad JSON": answer(FULL + b"}", 201),
    "JSON nested without end": answer(b"[" * 100_000, 201),
    "200 with code != 0": answer({**RECEIPT, "code": 1, "msg": "no"}),
    "200 with a failure's status_code": answer({**RECEIPT, "status_code": 400, "message": ["no"]}),
    "3 MB": answer(json.dumps({**RECEIPT, "x": "y" * 3 * 1024 * 1024}), 201),
    "gzip bomb": packed(bomb()),
    "gzip bomb in a gzip bomb": packed(gzip.compress(bomb()), "gzip, gzip"),
    "gzip, cut": packed(gzip.compress(FULL)[:-12]),
    "gzip without its checksum": packed(gzip.compress(FULL)[:-8]),
    "gzip that is none": packed(FULL),
    "a coding nobody asked for": packed(FULL, "br"),
}


@pytest.mark.parametrize("script", UNCLEAR.values(), ids=UNCLEAR)
async def test_anything_odd_is_unclear_and_sent_once(talk: Talk, script: Script) -> None:
    async with talk(script) as (client, server):
        with pytest.raises(BioTimeError) as caught:
            await client.upload_punch("t0ken", PUNCH)
        assert type(caught.value) is Unclear
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, Unauthorized), (403, NotSent), (429, NotSent), (400, Refused), (404, Refused), (422, Refused)],
)
async def test_status_has_its_class(talk: Talk, status: int, expected: type[BioTimeError]) -> None:
    async with talk(answer({"detail": "Words."}, status)) as (client, _):
        with pytest.raises(BioTimeError) as caught:
            await client.upload_punch("t0ken", PUNCH)
    assert type(caught.value) is expected
    assert caught.value.status == status


async def test_refusal_carries_its_reasons_but_does_not_print_them(talk: Talk) -> None:
    async with talk(answer({"latitude": ["not 25.0916434"]}, 400)) as (client, _):
        with pytest.raises(Refused) as caught:
            await client.upload_punch("t0ken", PUNCH)
    assert caught.value.reasons == ("Latitude: not 25.0916434",)
    assert "25.09" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, timedelta(seconds=7)),
        (
            {"Date": "Fri, 01 Sep 2023 11:00:00 GMT", "Retry-After": "Fri, 01 Sep 2023 11:00:30 GMT"},
            timedelta(seconds=30),
        ),
        ({"Retry-After": "Fri, 01 Sep 2023 11:00:30 GMT"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "9" * 50}, timedelta(days=1)),
        ({}, None),
    ],
)
async def test_429_says_when_to_come_back(talk: Talk, headers: dict[str, str], wait: timedelta | None) -> None:
    async with talk(answer({"detail": "Throttled."}, 429, headers)) as (client, _):
        with pytest.raises(NotSent) as caught:
            await client.upload_punch("t0ken", PUNCH)
    assert caught.value.retry_after == wait


HANGING: dict[str, Script] = {
    "says nothing": raw(b"", then=9),
    "stops in the headers": raw(b"HTTP/1.1 201 Created\r\nX-", then=9),
    "stops in the body": raw(head(201, {"Content-Length": str(len(FULL))}) + FULL[:40], then=9),
    "drips": drip(head(201, {"Content-Length": str(len(FULL))}) + FULL, 0.05),
}


@pytest.mark.parametrize("script", HANGING.values(), ids=HANGING)
async def test_the_deadline_is_total_and_unclear(talk: Talk, script: Script) -> None:
    async with talk(script, total=0.3) as (client, server):
        began = time.monotonic()
        with pytest.raises(BioTimeError) as caught:
            await client.upload_punch("t0ken", PUNCH)
        assert type(caught.value) is Unclear
        assert time.monotonic() - began < 2
        assert len(server.seen) == 1


async def test_a_refused_connection_is_not_sent() -> None:
    with socket.socket() as taken:
        # Bound but not listening: the port is ours, and every connection to it is refused.
        taken.bind(("127.0.0.1", 0))
        error = await failing_upload(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert type(error) is NotSent


async def test_a_connection_that_never_comes_is_not_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        # With its queue full the kernel drops further greetings: connecting hangs.
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        error = await failing_upload(f"http://127.0.0.1:{address[1]}", total=0.6)
        for one in waiting:
            one.close()
    assert type(error) is NotSent


async def test_a_name_that_does_not_exist_is_not_sent() -> None:
    # With no route to a name server this fails at once, with one it is a name that can never exist (RFC 6761).
    assert type(await failing_upload("https://demo.invalid", total=3)) is NotSent


async def test_tls_that_fails_is_not_sent() -> None:
    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with running(close) as url:
        assert type(await failing_upload(url.replace("http", "https"))) is NotSent


async def test_tls_that_never_finishes_is_not_sent() -> None:
    async def swallow(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with running(swallow) as url:
        assert type(await failing_upload(url.replace("http", "https"), total=0.6)) is NotSent


async def test_a_certificate_of_nobody_is_not_sent(certificate: ssl.SSLContext) -> None:
    server = Server(answer(RECEIPT, 201))
    async with running(server, certificate) as url:
        assert type(await failing_upload(url)) is NotSent
    assert server.seen == []


async def test_waiting_for_a_free_connection_is_not_sent(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.biotime.transport._CONNECTIONS", 1)
    async with talk(raw(b"", then=9), total=1.2) as (client, server):
        first = asyncio.create_task(client.upload_punch("t0ken", PUNCH))
        await server.arrived.wait()
        with pytest.raises(NotSent):
            await client.upload_punch("t0ken", PUNCH)
        with pytest.raises(Unclear):
            await first
        assert len(server.seen) == 1


async def test_a_kept_connection_that_was_closed_is_unclear_never_resent(talk: Talk) -> None:
    async with talk(answer(RECEIPT, 201), reset) as (client, server):
        await client.upload_punch("t0ken", PUNCH)
        with pytest.raises(Unclear):
            await client.upload_punch("t0ken", PUNCH)
        assert (server.connections, len(server.seen)) == (1, 2)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_compressed_answers_are_read(talk: Talk, coding: str) -> None:
    body = gzip.compress(FULL) if coding == "gzip" else zlib.compress(FULL)
    async with talk(packed(body, coding)) as (client, _):
        assert (await client.upload_punch("t0ken", PUNCH)).emp_code == "13"


async def test_an_answer_of_just_the_limit_is_read(talk: Talk) -> None:
    body = FULL + b" " * (BODY_LIMIT - len(FULL))
    async with talk(answer(body, 201), packed(gzip.compress(body)), answer(body + b" ", 201)) as (
        client,
        _,
    ):
        await client.upload_punch("t0ken", PUNCH)
        await client.upload_punch("t0ken", PUNCH)
        with pytest.raises(Unclear):
            await client.upload_punch("t0ken", PUNCH)


async def test_a_bomb_is_not_unpacked(talk: Talk) -> None:
    script = packed(bomb())
    async with talk(answer(RECEIPT, 201), script) as (client, _):
        await client.upload_punch("t0ken", PUNCH)
        tracemalloc.start()
        with pytest.raises(Unclear):
            await client.upload_punch("t0ken", PUNCH)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    # One 16 KB piece of it would be 16 MB.
    assert peak < 4 * BODY_LIMIT


class Breaking(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """An answer that breaks off, called by a name that usually means "never connected"."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield FULL[:40]
        raise httpx.ConnectTimeout("Server disconnected")

    async def aclose(self) -> None:
        """Nothing is held."""


async def test_what_breaks_off_is_unclear_by_any_name() -> None:
    async with httpx.AsyncClient(transport=Breaking(), base_url="http://127.0.0.1") as http:
        with pytest.raises(Unclear):
            await BioTimeClient(http, "demo", DUBAI).upload_punch("t0ken", PUNCH)


async def failing_upload(url: str, total: float = 2) -> BioTimeError:
    async with open_http(url) as http:
        with pytest.raises(BioTimeError) as caught:
            await BioTimeClient(http, "demo", DUBAI, timedelta(seconds=total)).upload_punch("t0ken", PUNCH)
    return caught.value
