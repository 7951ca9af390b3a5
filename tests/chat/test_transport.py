"""Against a real server on loopback that answers, hangs, resets, refuses and lies."""

import asyncio
import io
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import RequestData

from bot.chat.transport import AiohttpRequest, NotSent, Timeouts, build_requests

SECRET = "AAE-canary_token"
TOKEN = f"123456:{SECRET}"
QUICK = Timeouts(pool=0.2, connect=0.2, write=0.2, media_write=0.2, read=0.2)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB warns about every `retry_after` unless it is asked to give a timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@asynccontextmanager
async def bot_api(handler: Handler) -> AsyncIterator[str]:
    """A server that gives every request to the handler; yields the address of a bot on it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that does what it likes with the bytes."""
    serving: set[asyncio.Task[None]] = set()

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(run(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}"
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def everything_said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error.__context__) + repr(error.__cause__)


async def fail(address: str, timeouts: Timeouts = QUICK) -> TelegramError:
    """The error of one sendMessage."""
    async with AiohttpRequest(timeouts=timeouts) as request:
        with pytest.raises(TelegramError) as caught:
            await request.post(f"{address}/sendMessage", RequestData([]))
    assert SECRET not in everything_said(caught.value)
    return caught.value


async def test_a_bot_speaks_through_it() -> None:
    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        assert request.method == "POST"
        assert request.path == f"/bot{TOKEN}/sendMessage"
        assert dict(form) == {"chat_id": "7", "text": "مرحبا & <b>", "reply_markup": '{"remove_keyboard": true}'}
        return ok({"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}})

    async with bot_api(handler) as address:
        sending, polling = build_requests()
        bot = Bot(TOKEN, address.removesuffix(TOKEN), request=sending, get_updates_request=polling)
        async with sending, polling:
            sent = await bot.send_message(7, "مرحبا & <b>", reply_markup={"remove_keyboard": True})  # type: ignore[arg-type]
        assert sent.message_id == 1


@pytest.mark.parametrize("in_memory", [True, False])
async def test_files_go_as_multipart(in_memory: bool) -> None:
    seen: dict[str, object] = {}

    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        document = form["document"]
        assert isinstance(document, web.FileField)
        seen.update(
            chat_id=form["chat_id"], name=document.filename, content=document.file.read(), type=document.content_type
        )
        return ok({"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}})

    content: bytes | io.BytesIO = b"%PDF" if in_memory else io.BytesIO(b"%PDF")
    file = InputFile(content, filename='تقرير "1".pdf', read_file_handle=False)
    async with bot_api(handler) as address, AiohttpRequest() as request:
        await Bot(TOKEN, address.removesuffix(TOKEN), request=request).send_document(7, file)
    assert seen == {"chat_id": "7", "name": 'تقرير "1".pdf', "content": b"%PDF", "type": "application/pdf"}


async def test_a_file_is_downloaded() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.method == "GET"
        return web.Response(body=b"\x00picture")

    async with bot_api(handler) as address, AiohttpRequest() as request:
        assert await request.retrieve(f"{address}/photo.jpg") == b"\x00picture"


async def test_it_opens_again_after_it_was_closed() -> None:
    async def handler(_: web.Request) -> web.Response:
        return ok(True)

    async with bot_api(handler) as address:
        request = AiohttpRequest()
        await request.shutdown()
        for _ in range(2):
            await request.initialize()
            await request.initialize()
            assert await request.post(f"{address}/close") is True
            await request.shutdown()
            await request.shutdown()
            with pytest.raises(NotSent):
                await request.post(f"{address}/close")


async def test_a_refused_connection_was_not_sent() -> None:
    async with raw_server(lambda _, writer: writer.drain()) as address:
        pass
    assert isinstance(await fail(address), NotSent)


async def test_an_unknown_host_was_not_sent() -> None:
    assert isinstance(await fail(f"http://nowhere.invalid/bot{TOKEN}", Timeouts()), NotSent)


async def test_a_bad_address_was_not_sent() -> None:
    assert isinstance(await fail(f"http://[/bot{TOKEN}"), NotSent)


async def test_a_server_without_tls_was_not_sent() -> None:
    async def handler(_: web.Request) -> web.Response:
        raise AssertionError("nothing may arrive")

    async with bot_api(handler) as address:
        assert isinstance(await fail(address.replace("http", "https")), NotSent)


async def test_no_free_connection_was_not_sent() -> None:
    arrived, answer = asyncio.Event(), asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        arrived.set()
        await answer.wait()
        return ok(True)

    async with bot_api(handler) as address, AiohttpRequest(1, QUICK) as request:
        first = asyncio.create_task(request.post(f"{address}/getMe", read_timeout=10))
        await arrived.wait()
        with pytest.raises(NotSent):
            await request.post(f"{address}/getMe")
        answer.set()
        assert await first is True


async def test_a_server_that_hangs_is_ambiguous() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(serve) as address:
        assert type(await fail(address)) is TimedOut


async def test_an_answer_that_stops_in_the_middle_is_ambiguous() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":')
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with raw_server(serve) as address:
        assert type(await fail(address)) is NetworkError


async def test_an_answer_in_drops_meets_the_deadline() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    async with raw_server(serve) as address:
        async with asyncio.timeout(3):
            assert type(await fail(address)) is TimedOut


async def test_an_upload_that_nobody_reads_meets_the_deadline() -> None:
    async def serve(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    file = InputFile(bytes(40_000_000), filename="big.bin")
    async with raw_server(serve) as address, AiohttpRequest(timeouts=QUICK) as request, asyncio.timeout(3):
        with pytest.raises(TimedOut):
            await Bot(TOKEN, address.removesuffix(TOKEN), request=request).send_document(7, file)


async def test_a_reset_is_ambiguous() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with raw_server(serve) as address:
        error = await fail(address)
    assert type(error) is NetworkError


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (
            429,
            '{"ok":false,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}',
            RetryAfter,
            "3",
        ),
        (
            400,
            '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
            BadRequest,
            "Chat not found",
        ),
        (401, '{"ok":false,"error_code":401,"description":"Unauthorized"}', InvalidToken, "Unauthorized"),
        (502, f"<html>cannot reach /bot{TOKEN}/sendMessage</html>", NetworkError, "502"),
        (500, "[]", NetworkError, "500"),
        (504, "", NetworkError, "504"),
        (302, "", NetworkError, "302"),
        (200, "<html>Log in to the hotel's Wi-Fi</html>", NetworkError, "Unreadable"),
        (200, '{"ok":true}', NetworkError, "Unreadable"),
        (200, '{"ok":false,"description":"Odd"}', NetworkError, "Unreadable"),
        (200, '["result"]', NetworkError, "Unreadable"),
        (200, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), NetworkError, "Unreadable"),
    ],
)
async def test_answers_that_are_failures(
    status: int, body: str, kind: type[TelegramError], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            status=status, text=body, headers={"Location": "http://127.0.0.1:1/"} if status == 302 else {}
        )

    caplog.set_level(logging.DEBUG)
    async with bot_api(handler) as address:
        error = await fail(address)
    assert type(error) is kind
    assert words in str(error)
    assert "Wi-Fi" not in caplog.text


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handler(_: web.Request) -> web.Response:
        return ok(True)

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    async with bot_api(handler) as address, AiohttpRequest(timeouts=QUICK) as request:
        assert await request.post(f"{address}/getMe") is True


async def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(_: web.Request) -> web.Response:
        return ok(True)

    caplog.set_level(logging.DEBUG)
    async with bot_api(handler) as address:
        async with AiohttpRequest(timeouts=QUICK) as request:
            await request.post(f"{address}/getMe")
        caplog.clear()  # the server on the other side logs what it was asked
    await fail(address)
    assert SECRET not in caplog.text


async def test_a_long_poll_waits_longer_than_other_requests() -> None:
    async def handler(_: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        return ok([])

    async with bot_api(handler) as address, AiohttpRequest(timeouts=QUICK) as request:
        assert await request.post(f"{address}/getUpdates", read_timeout=5) == []
        assert request.read_timeout == QUICK.read


async def test_cancelling_ends_it_at_once() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(serve) as address, AiohttpRequest() as request:
        task = asyncio.create_task(request.post(f"{address}/getUpdates", read_timeout=None))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
