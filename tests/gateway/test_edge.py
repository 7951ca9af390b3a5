"""Faults of ours, and where a request is said to come from."""

import asyncio
import logging
from datetime import timedelta
from ipaddress import ip_network

import pytest
import sqlalchemy as sa
from starlette.requests import Request
from starlette.types import Message, Scope

from bot.gateway.access.tokens import Tokens
from bot.gateway.app import build_gateway
from bot.gateway.records.callers import Claims
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.tables import transactions
from bot.gateway.rest.origin import Origin, read_origin
from bot.gateway.settings import GatewaySettings
from tests.gateway.world import HOST, MOBILE, PUNCH, SETTINGS, World

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


async def test_a_database_that_fails_is_a_503_without_a_word_of_it(
    small_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    headers = await small_world.headers("mona")
    await small_world.db.write(transactions.drop)
    answer = await small_world.client.post(f"{MOBILE}/transactions/", json=PUNCH, headers=headers)
    assert answer.status_code == 503
    assert answer.json() == {"detail": "Service temporarily unavailable, try again later."}
    assert answer.headers["retry-after"] == "5"
    assert "25.09" not in caplog.text
    assert "35R5" not in caplog.text


async def test_a_bug_is_a_500_without_a_trace(small_world: World, caplog: pytest.LogCaptureFixture) -> None:
    headers = await small_world.headers("mona")
    await small_world.db.write(lambda conn: conn.execute(sa.text("UPDATE companies SET timezone = 'Nowhere/At all'")))
    answer = await small_world.client.post(f"{MOBILE}/transactions/", json=PUNCH, headers=headers)
    assert (answer.status_code, answer.json()) == (500, {"detail": "A server error occurred."})
    assert "Nowhere" in caplog.text  # the trace is in the log


async def test_a_client_that_hangs_up_is_a_quiet_line(small_world: World, caplog: pytest.LogCaptureFixture) -> None:
    """In the middle of the body it announced; a clock-in is not made of half of one."""
    caplog.set_level(logging.INFO)
    arrives: list[Message] = [
        {"type": "http.request", "body": b'{"punch_state"', "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return arrives.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    headers = await small_world.headers("mona") | {"content-type": "application/json", "host": HOST}
    gateway = build_gateway(small_world.db, SETTINGS, small_world.clock)
    await gateway(_scope(f"{MOBILE}/transactions/", headers), receive, send)
    assert answered == []
    assert "a client hung up" in caplog.text
    assert [record.levelname for record in caplog.records if record.exc_info or record.levelno >= logging.WARNING] == []


async def test_a_body_that_does_not_arrive_is_408(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gateway.rest.bodies.PATIENCE", timedelta(milliseconds=20))
    arrives: list[Message] = [{"type": "http.request", "body": b'{"punch_state"', "more_body": True}]
    answered: list[Message] = []

    async def receive() -> Message:
        if arrives:
            return arrives.pop()
        return await asyncio.Future()

    async def send(message: Message) -> None:
        answered.append(message)

    headers = await small_world.headers("mona") | {"content-type": "application/json", "host": HOST}
    gateway = build_gateway(small_world.db, SETTINGS, small_world.clock)
    await gateway(_scope(f"{MOBILE}/transactions/", headers), receive, send)
    started, body = answered
    assert (started["status"], body["body"]) == (408, b'{"detail": "Request body did not arrive in time."}')
    assert (b"connection", b"close") in started["headers"]


def _scope(path: str, headers: dict[str, str]) -> Scope:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": raw,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}  # fmt: skip


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        ("9.9.9.9", [("host", "a.b:1")], Origin("http", "a.b:1", "9.9.9.9")),
        ("9.9.9.9", [("host", "a"), ("x-forwarded-for", "1.1.1.1")], Origin("http", "a", "9.9.9.9")),
        ("10.0.0.1", [("host", "a"), ("x-forwarded-for", "6.6.6.6, 1.1.1.1")], Origin("http", "a", "1.1.1.1")),
        (
            "10.0.0.1",
            [("host", "a"), ("x-forwarded-for", "6.6.6.6, 1.1.1.1, 10.0.0.2")],
            Origin("http", "a", "1.1.1.1"),
        ),
        (
            "10.0.0.1",
            [("host", "a"), ("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.1.1.1")],
            Origin("http", "a", "1.1.1.1"),
        ),
        ("10.0.0.1", [("host", "a"), ("x-forwarded-for", "1.1.1.1, garbage")], Origin("http", "a", "10.0.0.1")),
        ("10.0.0.1", [("host", "a"), ("x-forwarded-for", "10.0.0.3")], Origin("http", "a", "10.0.0.1")),
        (
            "::1",
            [("host", "a"), ("x-forwarded-host", "evil, demo.example"), ("x-forwarded-proto", "https")],
            Origin("https", "demo.example", "::1"),
        ),
        ("::1", [("host", "a"), ("x-forwarded-proto", "javascript")], Origin("http", "a", "::1")),
        ("9.9.9.9", [("host", 'a"<b')], Origin("http", "localhost", "9.9.9.9")),
        ("9.9.9.9", [("host", "[::1]:80")], Origin("http", "[::1]:80", "9.9.9.9")),
        ("9.9.9.9", [], Origin("http", "localhost", "9.9.9.9")),
        ("not an address", [("host", "a"), ("x-forwarded-for", "1.1.1.1")], Origin("http", "a", "not an address")),
    ],
)
def test_origin(peer: str, headers: list[tuple[str, str]], expected: Origin) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": raw, "client": (peer, 1)}
    assert read_origin(Request({**scope, "server": ("localhost", 80)}), PROXIES) == expected


def test_no_start_without_a_real_key() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        GatewaySettings(secret_key=b"short")
    assert "a key for" not in repr(GatewaySettings(secret_key=b"a key for tests only"))


def test_general_tokens_differ_by_key() -> None:
    claims = Claims(UserKind.STAFF, "c", "u", 1)
    made = {Tokens(GatewaySettings(secret_key=key * 16)).general(claims) for key in (b"a", b"b")}
    assert len(made) == 2
