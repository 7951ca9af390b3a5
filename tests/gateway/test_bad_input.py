"""What is wrong with a body is said field by field in the framework's words; nothing that comes in is a 500."""

import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.gateway.records.tables import manual_logs, transactions
from bot.gateway.rest.bodies import MAX_BODY
from tests.gateway.world import MANUAL_LOG, MOBILE, PASSWORDS, PUNCH, World

TRANSACTIONS = f"{MOBILE}/transactions/"
LOGIN = f"{MOBILE}/auth_token/"
MISSING = object()
REQUIRED = "This field is required."
NULL = "This field may not be null."
NUMBER = "A valid number is required."
TOO_OLD = "Ensure this value is greater than or equal to 946684800."

BAD_PUNCHES: list[tuple[str, object, str]] = [
    ("latitude", MISSING, REQUIRED),
    ("latitude", None, NULL),
    ("latitude", "", NUMBER),
    ("latitude", "north", NUMBER),
    ("latitude", "nan", NUMBER),
    ("latitude", "inf", NUMBER),
    ("latitude", "-Infinity", NUMBER),
    ("latitude", "1_0", NUMBER),
    ("latitude", "٢٥", NUMBER),
    ("latitude", "0x19", NUMBER),
    ("latitude", "25,09", NUMBER),
    ("latitude", "1" * 41, NUMBER),
    ("latitude", "1e999", NUMBER),
    ("latitude", 10**400, NUMBER),
    ("latitude", True, NUMBER),
    ("latitude", [25], NUMBER),
    ("latitude", {"degrees": 25}, NUMBER),
    ("latitude", "90.0000001", "Ensure this value is less than or equal to 90."),
    ("latitude", -91, "Ensure this value is greater than or equal to -90."),
    ("longitude", "180.1", "Ensure this value is less than or equal to 180."),
    ("longitude", -180.5, "Ensure this value is greater than or equal to -180."),
    ("punch_state", MISSING, REQUIRED),
    ("punch_state", None, NULL),
    ("punch_state", "6", '"6" is not a valid choice.'),
    ("punch_state", "", '"" is not a valid choice.'),
    ("punch_state", " 0", '" 0" is not a valid choice.'),
    ("punch_state", -1, '"-1" is not a valid choice.'),
    ("punch_state", True, '"True" is not a valid choice.'),
    ("punch_state", 0.0, '"0.0" is not a valid choice.'),
    ("punch_state", ["0"], "\"['0']\" is not a valid choice."),
    ("punch_state", "\ud800", '"\ud800" is not a valid choice.'),
    ("gps_location", "x" * 1001, "Ensure this field has no more than 1000 characters."),
    ("gps_location", ["a"], "Not a valid string."),
    ("gps_location", {"a": 1}, "Not a valid string."),
    ("gps_location", False, "Not a valid string."),
    ("gps_location", "a\0b", "Null characters are not allowed."),
    ("gps_location", "a\x1b[2Jb", "Control characters are not allowed."),
    ("gps_location", "a\x85b", "Control characters are not allowed."),
    ("gps_location", "a\ud83d", "Surrogate characters are not allowed: U+D83D."),
]
BAD_LOGS: list[tuple[str, object, str]] = [
    ("punch_time", MISSING, REQUIRED),
    ("punch_time", None, NULL),
    ("punch_time", "2023-09-01 15:38:42", "A valid integer is required."),
    ("punch_time", "1693568322.5", "A valid integer is required."),
    ("punch_time", 1.5, "A valid integer is required."),
    ("punch_time", "9" * 30, "A valid integer is required."),
    ("punch_time", True, "A valid integer is required."),
    ("punch_time", -1, TOO_OLD),
    ("punch_time", "0", TOO_OLD),
    ("punch_time", "946684799", TOO_OLD),
    ("punch_time", "1693568999999", "Punch time cannot be in the future."),
    ("punch_state", "9", '"9" is not a valid choice.'),
    ("work_code", "x" * 21, "Ensure this field has no more than 20 characters."),
    ("apply_reason", "x" * 1001, "Ensure this field has no more than 1000 characters."),
    ("apply_reason", {}, "Not a valid string."),
]
BAD_LOGINS: list[tuple[str, object, str]] = [
    ("username", MISSING, REQUIRED),
    ("username", None, NULL),
    ("username", "", "This field may not be blank."),
    ("username", "  ", "This field may not be blank."),
    ("username", {"$ne": ""}, "Not a valid string."),
    ("username", "mo\0na", "Null characters are not allowed."),
    ("username", "x" * 255, "Ensure this field has no more than 254 characters."),
    ("password", MISSING, REQUIRED),
    ("password", "", "This field may not be blank."),
    ("password", ["x"], "Not a valid string."),
    ("password", "x" * 1025, "Ensure this field has no more than 1024 characters."),
    ("password", "\udfff", "Surrogate characters are not allowed: U+DFFF."),
    ("company", "a\0", "Null characters are not allowed."),
]


def changed(body: dict[str, Any], name: str, value: object) -> str:
    others = {field: kept for field, kept in body.items() if field != name}
    return json.dumps(others if value is MISSING else {**others, name: value})


@pytest.fixture
async def no_errors_logged(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    with caplog.at_level(logging.WARNING, logger="bot"):
        yield
    assert not caplog.records


@pytest.mark.parametrize(("name", "value", "reason"), BAD_PUNCHES)
async def test_bad_punch(small_world: World, name: str, value: object, reason: str) -> None:
    headers = {**await small_world.headers("mona"), "Content-Type": "application/json"}
    answer = await small_world.client.post(TRANSACTIONS, content=changed(PUNCH, name, value), headers=headers)
    assert (answer.status_code, answer.json()) == (400, {name: [reason]})
    assert await small_world.db.read(lambda conn: conn.execute(sa.select(transactions)).all()) == []


@pytest.mark.parametrize(("name", "value", "reason"), BAD_LOGS)
async def test_bad_manual_log(small_world: World, name: str, value: object, reason: str) -> None:
    path = f"{MOBILE}/employees/{small_world.ids['mona']}/manual_logs"
    headers = await small_world.headers("mona")
    answer = await small_world.client.post(path, content=changed(MANUAL_LOG, name, value), headers=headers)
    assert (answer.status_code, answer.json()) == (400, {name: [reason]})
    assert await small_world.db.read(lambda conn: conn.execute(sa.select(manual_logs)).all()) == []


@pytest.mark.parametrize(("name", "value", "reason"), BAD_LOGINS)
async def test_bad_login(small_world: World, name: str, value: object, reason: str) -> None:
    body = {"username": "13", "password": PASSWORDS["mona"]}
    answer = await small_world.client.post(LOGIN, content=changed(body, name, value))
    assert (answer.status_code, answer.json()) == (400, {name: [reason]})


@pytest.mark.parametrize("sign", ["", "-"])
async def test_numbers_of_thousands_of_digits(small_world: World, sign: str) -> None:
    """In the framework's words; Python itself would not write, nor read, such a one."""
    number, headers = sign + "9" * 5000, await small_world.headers("mona")
    path = f"{MOBILE}/employees/{small_world.ids['mona']}/manual_logs"
    for to, field, reason in (
        (TRANSACTIONS, "latitude", NUMBER),
        (path, "punch_time", "A valid integer is required."),
        (path, "punch_state", f'"{number[:50]}" is not a valid choice.'),
    ):
        body = (PUNCH if to == TRANSACTIONS else MANUAL_LOG) | {field: "HERE"}
        content = json.dumps(body).replace('"HERE"', number)
        answer = await small_world.client.post(to, content=content, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {field: [reason]})


@pytest.mark.parametrize("number", ["1e400", "-1e400"])
async def test_a_number_beyond_all_is_no_text(small_world: World, number: str) -> None:
    body = json.dumps({**PUNCH, "gps_location": 0}).replace('"gps_location": 0', f'"gps_location": {number}')
    headers = {**await small_world.headers("mona"), "Content-Type": "application/json"}
    answer = await small_world.client.post(TRANSACTIONS, content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"gps_location": ["Not a valid string."]})


async def test_everything_that_is_wrong_is_said_at_once(small_world: World) -> None:
    for path, names in ((TRANSACTIONS, ["latitude", "longitude", "punch_state"]), (LOGIN, ["username", "password"])):
        answer = await small_world.client.post(path, json={}, headers=await small_world.headers("mona"))
        assert answer.json() == {name: [REQUIRED] for name in names}


@pytest.mark.parametrize("path", ["/jwt-api-token-auth/", "/staff-api-token-auth/"])
async def test_web_logins_call_it_email(small_world: World, path: str) -> None:
    answer = await small_world.client.post(path, json={})
    assert answer.json() == {"email": [REQUIRED], "password": [REQUIRED]}


@pytest.mark.parametrize(
    ("punch", "echo"),
    [
        ({"latitude": 25.0916434, "longitude": 55}, {"latitude": "25.0916434", "longitude": "55"}),
        ({"latitude": "-90", "longitude": "180.000"}, {"latitude": "-90", "longitude": "180.000"}),
        ({"punch_state": 5}, {"punch_state": "5"}),
        ({"punch_state": "255"}, {"punch_state": "255"}),
        ({"gps_location": None}, {"gps_location": None}),
        ({"gps_location": ""}, {"gps_location": ""}),
        ({"gps_location": " دبي 🏢 [TG-7K3Q2H] "}, {"gps_location": " دبي 🏢 [TG-7K3Q2H] "}),
        ({"gps_location": "x" * 1000}, {"gps_location": "x" * 1000}),
        ({"gps_location": "<b>'; DROP TABLE transactions; --"}, {"gps_location": "<b>'; DROP TABLE transactions; --"}),
        ({"source": {}, "emp_code": [], "terminal_sn": 7}, {"source": 3, "emp_code": "13", "terminal_sn": "App"}),
    ],
)
async def test_punch_taken_as_text_and_as_numbers(
    world: World, punch: dict[str, object], echo: dict[str, object]
) -> None:
    answer = await world.punch("mona", **punch)
    assert answer.status_code == 201
    body = answer.json()
    assert {name: body[name] for name in echo} == echo
    listed = (await world.get("mona", "/transactions/")).json()["results"][0]
    assert listed["gps_location"] == body["gps_location"]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "detail"),
    [
        (b"{", "application/json", 400, "JSON parse error - "),
        (b"\xff", "application/json", 400, "JSON parse error - not UTF-8"),
        (b'{"latitude": NaN}', "application/json", 400, "JSON parse error - Out of range"),
        (b'{"latitude": -Infinity}', "application/json; charset=utf-8", 400, "JSON parse error - Out of range"),
        (b"[" * MAX_BODY, "application/json", 400, "JSON parse error - nested too deeply"),
        (b'{"a":' * 10_000, "application/json", 400, "JSON parse error - nested too deeply"),
        (b"9" * 5000, "application/json", 400, "Invalid data. Expected a dictionary, but got "),
        (b"[]", "application/json", 400, "Invalid data. Expected a dictionary, but got list."),
        (b"null", "application/json", 400, "Invalid data. Expected a dictionary, but got NoneType."),
        (b" " * (MAX_BODY + 1), "application/json", 413, "Request body is larger"),
        (b"<a/>", "text/xml", 415, 'Unsupported media type "text/xml" in request.'),
        (b"a=b", "", 415, 'Unsupported media type "" in request.'),
        (b"&".join([b"a=1"] * 101), "application/x-www-form-urlencoded", 400, "Malformed form."),
        (b"\xff=1", "application/x-www-form-urlencoded", 400, "Malformed form."),
        (b"x", "multipart/form-data", 400, "Multipart form parse error."),
        (b"x", "multipart/form-data; boundary=b", 400, "Multipart form parse error."),
        (b"--b\r\n\r\n\r\n--b--", "multipart/form-data; boundary=b", 400, "Multipart form parse error."),
    ],
)
@pytest.mark.usefixtures("no_errors_logged")
async def test_unreadable_body(small_world: World, content: bytes, content_type: str, status: int, detail: str) -> None:
    headers = {**await small_world.headers("mona"), "Content-Type": content_type}
    for path in (TRANSACTIONS, LOGIN):
        answer = await small_world.client.post(path, content=content, headers=headers)
        assert answer.status_code == status
        assert detail in answer.text.replace('\\"', '"')


async def test_body_without_a_length_is_capped_too(small_world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 1024

    answer = await small_world.client.post(LOGIN, content=endless())
    assert answer.status_code == 413


NASTY = st.sampled_from(["0", "nan", "1e309", "a\0b", "a\ud800", "\x1b[2J", "9" * 5000, 10**400, 1e308, [[]], {"": {}}])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
anything = st.dictionaries(st.text(), values, max_size=8) | values
CREDENTIALS = {"username": "13", "password": "x", "company": "Demo Trading"}
DOORS: list[tuple[str, dict[str, Any]]] = [
    ("/api-token-auth/", CREDENTIALS),
    (LOGIN, CREDENTIALS),
    ("/jwt-api-token-refresh/", {"token": "x.y.z"}),
    (TRANSACTIONS, PUNCH),
    (f"{MOBILE}/employees/1/manual_logs/", MANUAL_LOG),
]


def attacks_on(door: tuple[str, dict[str, Any]]) -> st.SearchStrategy[tuple[str, object]]:
    """Mostly the right body with one member gone wrong: that gets past the first checks."""
    path, body = door
    wrong = st.builds(lambda name, value: {**body, name: value}, st.sampled_from(list(body)), NASTY | values)
    return st.tuples(st.just(path), wrong | anything)


attacks = st.sampled_from(DOORS).flatmap(attacks_on)


@pytest.mark.usefixtures("no_errors_logged")
@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(attack=attacks, query=st.text(st.characters(codec="utf-8"), max_size=20), raw=st.binary(max_size=30))
async def test_whatever_comes_is_no_fault_of_ours(
    small_world: World, attack: tuple[str, object], query: str, raw: bytes
) -> None:
    path, body = attack
    small_world.clock.pass_(timedelta(minutes=10))  # so that the limits are full again
    headers = await small_world.headers("huda")
    # ASCII JSON, so that lone surrogates get through; NaN and Infinity as Python writes them.
    sent = json.dumps(body).encode()
    for content in (sent, raw):
        answer = await small_world.client.post(path, content=content, headers=headers)
        assert answer.status_code < 500
    for params in ({"page": query, "page_size": query, "ordering": query}, {query: query}):
        answer = await small_world.client.get(TRANSACTIONS, params=params, headers=headers)
        assert answer.status_code in (200, 404)
