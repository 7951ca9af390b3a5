"""The webhook: only Telegram gets in, and it hears 200 when the update is on disk; health; metrics."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.app import Hadir
from bot.companies import open_hr_page
from bot.diary import build_diary
from bot.gateway.sample import NAME
from bot.playground.people import Person
from bot.store.audit_lines import Act, AuditLine, add_audit_line
from bot.web.entrance import BODY_LIMIT, WEBHOOK_PATH, build_entrance
from bot.web.serving import serving
from tests.talk import AT_OFFICE, MORNING, Office, open_office

SECRET = "a-secret-of-the-tests-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def office(_quick: None) -> AsyncIterator[Office]:
    async with open_office({}, polling=False) as opened:
        yield opened


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    entrance = build_entrance(office.hadir.intake.accept, office.hadir.is_healthy, office.hadir.count, SECRET)
    async with serving(entrance, "127.0.0.1", 0) as served:
        yield served
        await office.playground.close()


@pytest.fixture
async def http(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


def update(number: int = 1, **members: object) -> dict[str, Any]:
    return {"update_id": number} | members


# -- who gets in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(HEADER, "")],
        [(HEADER, "wrong")],
        [(HEADER, SECRET[:-1])],
        [(HEADER, SECRET + "x")],
        [(HEADER.encode(), "sécret".encode())],
        [(HEADER.encode(), b"\xff\xfe\x80")],
        [(HEADER, SECRET), (HEADER, SECRET)],
        [(HEADER, "wrong"), (HEADER, SECRET)],
        [(HEADER, f"{SECRET}, {SECRET}")],
        [("Authorization", SECRET)],
    ],
    ids=["missing", "empty", "wrong", "short", "long", "UTF-8", "no text", "twice", "right second", "listed", "other"],
)
async def test_without_the_secret_it_is_401_and_nothing_is_kept(
    office: Office, http: httpx.AsyncClient, headers: list[tuple[str, str]]
) -> None:
    answer = await http.post(WEBHOOK_PATH, json=update(message={"text": "let me in"}), headers=headers)
    assert answer.status_code == 401
    assert office._query("hadir.db", "SELECT * FROM inbox") == []


async def test_with_the_secret_it_is_200_once_the_row_is_there(office: Office, http: httpx.AsyncClient) -> None:
    answer = await http.post(WEBHOOK_PATH, json=update(77), headers={HEADER: SECRET})
    assert answer.status_code == 200
    assert [row["update_id"] for row in office._query("hadir.db", "SELECT * FROM inbox")] == [77]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"1", b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": -1}', b"{}",
     b'{"update_id": 1e3}', b'{"update_id": ' + b"9" * 40 + b"}", b"[" * 100_000, b"\xff\xfe", b"x" * (BODY_LIMIT + 1)],
)  # fmt: skip
async def test_nonsense_with_the_secret_is_400(office: Office, http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post(WEBHOOK_PATH, content=body, headers={HEADER: SECRET})
    assert answer.status_code == 400
    assert office._query("hadir.db", "SELECT * FROM inbox") == []


async def test_half_a_character_is_an_update_like_any_other(office: Office, http: httpx.AsyncClient) -> None:
    office.expects_trouble = True
    body = rb'{"update_id": 5, "message": {"text": "\ud800"}}'
    assert (await http.post(WEBHOOK_PATH, content=body, headers={HEADER: SECRET})).status_code == 200


async def test_without_a_secret_there_is_no_webhook(office: Office) -> None:
    entrance = build_entrance(office.hadir.intake.accept, office.hadir.is_healthy, office.hadir.count, None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(entrance), base_url="http://bot") as http:
        assert (await http.post(WEBHOOK_PATH, json=update(), headers={HEADER: ""})).status_code == 404


async def test_the_hr_page_is_served_and_nothing_else_of_the_gateway(office: Office) -> None:
    hadir = office.hadir
    for number in range(51):
        act = Act.EXCLUDED if number else Act.RULES_CHANGED
        text = {"text": "" if number else "grace=10→15 delay=10→0"}
        line = AuditLine(NAME, MORNING, "1003", "Huda", act, str(number), "1001", "<i>Mona", text, reason="a & b")
        await hadir.db.write(lambda c, line=line: add_audit_line(c, line))  # type: ignore[misc]
    diary = build_diary(hadir.db, hadir.settings)
    async with open_hr_page(hadir.settings, office.clock, diary) as page:
        entrance = build_entrance(hadir.intake.accept, hadir.is_healthy, hadir.count, SECRET, page)
        transport = httpx.ASGITransport(entrance)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot", follow_redirects=True) as http:
            login = await http.get("/hr")
            csrf = re.search(r'name="csrf" value="([^"]+)"', login.text)
            assert csrf, login.text
            administrator = office.credentials.administrator
            form = {"csrf": csrf[1], "username": administrator.username, "password": administrator.password}
            shown = await http.post("/hr/login/", data=form, headers={"Origin": "http://bot"})
            assert (shown.url.path, shown.status_code) == ("/hr/people/", 200)
            diary_page = (await http.get("/hr/diary/")).text
            assert diary_page.count("left out of alerts:") == 50, "the newest first, a page of them"
            for shown_there in ("Mon, 2 Mar, 09:00 · Huda (1003)", "&lt;i&gt;Mona (1001)", "Reason: a &amp; b"):
                assert shown_there in diary_page
            rules_page = (await http.get("/hr/diary/?page=2")).text
            for shown_there in ("changed the rules of alerts", "Grace: 15 min (before: 10 min)",
                                "Managers are told after: at once (before: 10 min)"):  # fmt: skip
                assert shown_there in rules_page
            for far in ("3", "999", "9" * 40, "last"):
                asked = await http.get(f"/hr/diary/?page={far}")
                assert (asked.status_code, asked.text.count("<li")) == (200, rules_page.count("<li")), far
                assert "Page 2" in asked.text
                assert ('href="?page=1"' in asked.text, "Older" in asked.text) == (True, False)
            nothing = (await http.get("/hr/diary/?page=999&emp_code=77")).text
            assert "Nothing of that person" in nothing
            assert "Newer" not in nothing
            await _look_for_somebody(hadir, http)
            for path in ("/jwt-api-token-auth/", "/personnel/api/employees/", "/hr/../mobile/api/v1.0/auth_token/"):
                assert (await http.post(path, json={})).status_code == 404


async def _look_for_somebody(hadir: Hadir, http: httpx.AsyncClient) -> None:
    """By day and by person, whoever did it or whom it is about; days are the office's."""
    late = MORNING.replace(hour=20, minute=30)  # half past midnight in Dubai, on the third
    line = AuditLine(NAME, late, "1002", "Omar", Act.ASKED, "asked", "1004", "Store")
    await hadir.db.write(lambda c: add_audit_line(c, line))
    asked = "asked where they are"
    for query, there in (
        ("first=2026-03-03", True),
        ("first=2026-03-03&last=2026-03-03&emp_code=1002", True),
        ("emp_code=+1004+", True),
        ("last=2026-03-02", False),
        ("emp_code=1001", False),
    ):
        shown = (await http.get(f"/hr/diary/?{query}")).text
        assert (asked in shown) is there, query
    assert "Nothing of that person on these days." in (await http.get("/hr/diary/?emp_code=77")).text
    assert (
        "?page=2&amp;emp_code=1003&amp;last=2026-03-02"
        in (await http.get("/hr/diary/?emp_code=1003&last=2026-03-02")).text
    ), "the next page is of the same"


# -- a day through the webhook -----------------------------------------------------------------------------------------


@pytest.fixture
async def webhook(office: Office, address: str) -> None:
    await office.hadir.application.bot.set_webhook(
        f"{address}{WEBHOOK_PATH}",
        secret_token=SECRET,
        allowed_updates=["message", "edited_message", "callback_query"],
    )


@pytest.mark.usefixtures("webhook")
async def test_she_clocks_in_through_the_webhook(office: Office, mona: Person) -> None:
    await office.log_in(mona)
    await office.talk(mona, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00"), ("☰ More",)])
    assert len(office.stamps()) == 1


@pytest.mark.usefixtures("webhook")
async def test_the_same_update_twice_is_one_punch(office: Office, mona: Person) -> None:
    await office.log_in(mona)
    await office.talk(mona, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    office.playground.redeliver()
    await office.rest()
    assert len(office.stamps()) == len(await office.punches()) == 1


@pytest.mark.usefixtures("webhook")
async def test_a_locked_database_is_no_200_and_telegram_comes_again(
    office: Office, mona: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.expects_trouble = True
    await office.log_in(mona)
    monkeypatch.setattr("bot.sqlite.BUSY_TIMEOUT", timedelta(milliseconds=50))
    with closing(sqlite3.connect(office.folder / "hadir.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        mona.press("Clock in", place=AT_OFFICE)
        signal, info = office.playground.world.signal, office.playground.webhook.info
        assert await signal.wait_for(lambda: info().get("last_error_message"), 5)
        assert office.playground.world.updates.pending
        other.execute("ROLLBACK")
    await office.rest()
    assert len(office.stamps()) == len(await office.punches()) == 1


async def test_a_locked_database_is_a_503_that_says_when_to_come_again(
    office: Office, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sqlite.BUSY_TIMEOUT", timedelta(milliseconds=50))
    with closing(sqlite3.connect(office.folder / "hadir.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await http.post(WEBHOOK_PATH, json=update(7), headers={HEADER: SECRET})
        assert (answer.status_code, answer.headers["retry-after"], answer.text) == (503, "2", "")
    assert "OperationalError" in office.logged.getvalue()
    assert "Traceback" not in office.logged.getvalue()
    assert (await http.post(WEBHOOK_PATH, json=update(7), headers={HEADER: SECRET})).status_code == 200
    assert [row["update_id"] for row in office._query("hadir.db", "SELECT * FROM inbox")] == [7]


async def test_half_an_update_and_nobody_on_the_line_is_no_error(office: Office, address: str) -> None:
    """`office` looks for errors in the log when it closes."""
    url = httpx.URL(address)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: bot\r\n{HEADER}: {SECRET}\r\n".encode())
    writer.write(b'Content-Length: 100\r\n\r\n{"update_id"')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    for _ in range(500):
        if "a client hung up" in office.logged.getvalue():
            break
        await asyncio.sleep(0.01)
    assert "a client hung up" in office.logged.getvalue()
    assert "Traceback" not in office.logged.getvalue()
    assert office._query("hadir.db", "SELECT * FROM inbox") == []


async def test_who_does_not_send_on_is_let_go(office: Office, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.entrance.PATIENCE", timedelta(milliseconds=20))
    url = httpx.URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: bot\r\n{HEADER}: {SECRET}\r\n".encode())
    writer.write(b'Content-Length: 100\r\n\r\n{"update_id"')
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "Traceback" not in office.logged.getvalue()


# -- health and metrics ------------------------------------------------------------------------------------------------


async def test_health_is_503_while_the_database_takes_no_writes(
    office: Office, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = await http.get("/health")
    assert (well.status_code, well.text) == (200, "ok\n")
    monkeypatch.setattr("bot.sqlite.BUSY_TIMEOUT", timedelta(milliseconds=50))
    with closing(sqlite3.connect(office.folder / "hadir.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert (await http.get("/health")).status_code == 503
    assert (await http.get("/health")).status_code == 200


@pytest.mark.usefixtures("webhook")
async def test_metrics_count_punches_and_name_nobody(office: Office, mona: Person, http: httpx.AsyncClient) -> None:
    await office.log_in(mona)
    await office.talk(mona, [("📍 Clock in", AT_OFFICE, "Clocked in at 09:00")])
    metrics = (await http.get("/metrics")).text
    assert 'hadir_punches{state="confirmed"} 1.0' in metrics
    for secret in ("Mona", "1001", "25.09", office.account(mona).password, SECRET):
        assert secret not in metrics


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/redoc", "/telegram/", "/favicon.ico"])
async def test_there_is_nothing_else(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code in (404, 405, 307)
