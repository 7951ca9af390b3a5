"""The client that is handed to BioTimeClient: one host, no cookies, no proxies, quiet logs, the gateway in process."""

import logging
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.biotime.addresses import BadAddressError
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import Unclear
from bot.biotime.transport import open_embedded_http, open_http
from tests.biotime.conftest import Talk
from tests.biotime.server import Server, answer, running

Message = MutableMapping[str, Any]


async def test_another_host_is_never_reached() -> None:
    here, there = Server(answer({})), Server(answer({}))
    async with running(here) as url, running(there) as other, open_http(url) as http:
        with pytest.raises(httpx.UnsupportedProtocol):
            await http.get(other)
        assert there.connections == 0


def test_a_bad_url_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(BadAddressError):
        open_http("http://demo.biotimecloud.com")


async def test_cookies_of_one_employee_do_not_travel_with_the_next() -> None:
    server = Server(answer({"token": "abc"}, 200, {"Set-Cookie": "sessionid=mona; Path=/"}))
    # By name: aiohttp keeps no cookies of bare addresses anyway.
    async with running(server) as url, open_http(url.replace("127.0.0.1", "localhost")) as http:
        client = BioTimeClient(http, "demo", ZoneInfo("Asia/Dubai"))
        await client.fetch_token("mona", "pwd", "963D560D")
        await client.fetch_token("omar", "pwd", "963D560E")
        assert [seen.headers.get("cookie") for seen in server.seen] == [None, None]


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, talk: Talk) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with talk(answer({"token": "abc"})) as (client, _):
        assert await client.fetch_token("mona", "pwd", "963D560D") == "abc"


async def test_nothing_of_a_request_is_logged(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with talk(answer({"token": "canary-token"}), answer({"detail": "canary"}, 500)) as (client, _):
            token = await client.fetch_token("canary-name", "canary-password", "canary-client")
            with pytest.raises(Unclear) as caught:
                await client.fetch_employee(token, "canary-id")
    assert "canary" not in caplog.text
    assert "canary" not in str(caught.value)


async def test_tls_to_a_server_that_is_vouched_for(certificate: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    async with running(Server(answer({"token": "abc"})), certificate) as url, open_http(url, trusting) as http:
        assert url.startswith("https://")
        client = BioTimeClient(http, "demo", ZoneInfo("Asia/Dubai"), timedelta(seconds=5))
        assert await client.fetch_token("mona", "pwd", "963D560D") == "abc"


async def test_the_embedded_gateway_is_called_in_process() -> None:
    hosts: list[bytes] = []

    async def app(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        hosts.append(dict(scope["headers"])[b"host"])
        if scope["path"] != "/mobile/api/v1.0/auth_token/":
            raise RuntimeError("a bug in the gateway")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"token": "abc"}'})

    async with open_embedded_http(app, "demo.localhost") as http:
        client = BioTimeClient(http, "demo", ZoneInfo("Asia/Dubai"), timedelta(seconds=5))
        assert await client.fetch_token("mona", "pwd", "963D560D") == "abc"
        with pytest.raises(Unclear):
            await client.fetch_app_settings("abc")
    assert set(hosts) == {b"demo.localhost"}
