"""Logins, the two kinds of token, and how they end."""

import asyncio
import base64
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import httpx
import jwt
import pytest
import sqlalchemy as sa

from bot.database import Database
from bot.gateway.access.passwords import Passwords
from bot.gateway.access.tokens import Tokens
from bot.gateway.records.people import end_tokens, set_active, set_self_password
from bot.gateway.records.tables import tokens
from bot.gateway.settings import GatewaySettings, Rate
from tests.gateway.world import CHEAP, HOST, MOBILE, MOMENT, PASSWORDS, SETTINGS, Clock, World, build_world, connect

WRONG = {"non_field_errors": ["Unable to log in with provided credentials."]}
SYSTEM = {"company": "Demo Trading", "email": "admin@x.example", "password": PASSWORDS["admin"]}
STAFF = {"company": "Demo Trading", "email": "mona@x.example", "password": PASSWORDS["mona"]}
LOGINS = [
    ("/jwt-api-token-auth/", SYSTEM),
    ("/api-token-auth/", SYSTEM),
    ("/staff-jwt-api-token-auth/", STAFF),
    ("/staff-api-token-auth/", STAFF),
    (f"{MOBILE}/auth_token/", STAFF),
]
SETTINGS_PATH = f"{MOBILE}/app_settings/"


async def ask(world: World, authorization: str) -> httpx.Response:
    return await world.client.get(SETTINGS_PATH, headers={"Authorization": authorization})


@pytest.mark.parametrize(("path", "body"), LOGINS[:4])
@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_web_logins_answer_a_token_alone(
    small_world: World, prefix: str, path: str, body: dict[str, str]
) -> None:
    for spelling in (prefix + path, (prefix + path).rstrip("/")):
        answer = await small_world.client.post(spelling, json=body)
        assert answer.status_code == 200
        assert list(answer.json()) == ["token"]


@pytest.mark.parametrize(("path", "body"), LOGINS)
async def test_form_bodies_and_the_other_name_of_the_user(small_world: World, path: str, body: dict[str, str]) -> None:
    form = {"username": body["email"], "password": body["password"]}
    assert (await small_world.client.post(path, data=form)).status_code == 200
    assert (await small_world.client.post(path, files={name: (None, text) for name, text in form.items()})).is_success
    assert (await small_world.client.post(path, json={**form, "email": form["username"]})).status_code == 200


@pytest.mark.parametrize(("path", "body"), LOGINS)
@pytest.mark.parametrize(
    "changed",
    [
        {"password": "not it"},
        {"email": "nobody@x.example"},
        {"company": "No such"},
        {"company": "Elsewhere", "email": "mona@x.example"},
        {"email": "'; --"},
    ],
)
async def test_wrong_credentials_are_alike(
    small_world: World, path: str, body: dict[str, str], changed: dict[str, str]
) -> None:
    answer = await small_world.client.post(path, json={**body, **changed})
    assert (answer.status_code, answer.json()) == (400, WRONG)


@pytest.mark.parametrize(
    ("host", "company", "status"),
    [
        (HOST, None, 200),
        (f"{HOST}:8000", None, 200),
        ("localhost", None, 400),
        ("localhost", "demo trading", 200),
        ("localhost", " DEMO  Trading ", 200),
        ("localhost", "demo-trading", 200),
        ("localhost", "Demo Trading%", 400),
        ("localhost", "Demo_Trading", 400),
        ("localhost", "Demo Trading\u200b", 400),
        ("DEMO-trading.biotime.test", None, 200),
        ("elsewhere.biotime.test", None, 400),
        ("elsewhere.biotime.test", "Demo Trading", 200),
    ],
)
async def test_company_comes_from_the_body_or_the_host(
    small_world: World, host: str, company: str | None, status: int
) -> None:
    body = {"username": "mona@x.example", "password": PASSWORDS["mona"], "company": company}
    answer = await small_world.client.post(f"{MOBILE}/auth_token/", json=body, headers={"Host": host})
    assert answer.status_code == status


async def test_emp_code_and_email_in_any_case_both_log_in(small_world: World) -> None:
    for username in ("13", "Mona@X.Example", " 13 "):
        body = {"username": username, "password": PASSWORDS["mona"]}
        assert (await small_world.client.post(f"{MOBILE}/auth_token/", json=body)).status_code == 200


async def test_general_token_stays_the_same_and_only_its_digest_is_kept(world: World) -> None:
    first, second = [(await world.client.post("/staff-api-token-auth/", json=STAFF)).json()["token"] for _ in "12"]
    assert first == second
    assert len(first) == 40
    assert int(first, 16)
    kept = await world.db.read(lambda conn: conn.execute(sa.select(tokens)).all())
    assert len(kept) == 1
    assert first not in str(kept)
    assert (await ask(world, f"Token {first}")).json()["emp_code"] == "13"


async def test_jwt_carries_the_manuals_claims(small_world: World) -> None:
    token = (await small_world.client.post("/staff-jwt-api-token-auth/", json=STAFF)).json()["token"]
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["user_id"], claims["username"], claims["email"]) == (small_world.ids["mona"], "13", "mona@x.example")
    assert claims["orig_iat"] == int(MOMENT.timestamp())
    assert claims["exp"] - claims["orig_iat"] == timedelta(days=7).total_seconds()


@pytest.mark.parametrize("scheme", ["JWT", "jwt", "Jwt"])
async def test_scheme_in_any_case(small_world: World, scheme: str) -> None:
    assert (await ask(small_world, f"{scheme} {await small_world.log_in('mona')}")).status_code == 200


async def test_basic(small_world: World) -> None:
    right = base64.b64encode(f"13:{PASSWORDS['mona']}".encode()).decode()
    wrong = base64.b64encode(b"13:no").decode()
    assert (await ask(small_world, f"basic {right}")).json()["emp_code"] == "13"
    assert (await ask(small_world, f"Basic {wrong}")).json() == {"detail": "Invalid username/password."}


@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        ("", "Authentication credentials were not provided."),
        ("Bearer x", "Authentication credentials were not provided."),
        ("JWT", "Invalid Authorization header. No credentials provided."),
        ("JWT ", "Invalid Authorization header. No credentials provided."),
        ("JWT a b", "Invalid Authorization header. Credentials string should not contain spaces."),
        ("JWT x.y.z", "Invalid token."),
        ("JWT eyJhbGciOiJub25lIn0.e30.", "Invalid token."),
        ("Token " + "0" * 40, "Invalid token."),
        ("Token", "Invalid token header. No credentials provided."),
        ("Basic é", "Invalid basic header. Credentials not correctly base64 encoded."),
        ("Basic //8=", "Invalid basic header. Credentials not correctly base64 encoded."),
        ("Basic AAAA", "Invalid username/password."),
    ],
)
async def test_refused_with_401_and_a_challenge(small_world: World, authorization: str, detail: str) -> None:
    headers = {b"Authorization": authorization.encode()} if authorization else {}
    answer = await small_world.client.get(SETTINGS_PATH, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})
    assert answer.headers["www-authenticate"] == 'JWT realm="api"'


async def test_token_of_another_gateway_is_refused(small_world: World) -> None:
    other = Tokens(GatewaySettings(secret_key=b"another key for tests"))
    claims = jwt.decode(await small_world.log_in("mona"), options={"verify_signature": False})
    forged = jwt.encode(claims, other._jwt_key, "HS256")
    assert (await ask(small_world, f"JWT {forged}")).json() == {"detail": "Invalid token."}


async def test_jwt_expires(small_world: World) -> None:
    token = await small_world.log_in("mona")
    small_world.clock.pass_(timedelta(days=7))
    answer = await ask(small_world, f"JWT {token}")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Signature has expired."})


async def test_refresh_lengthens_until_the_login_is_too_old(small_world: World) -> None:
    token = await small_world.log_in("mona")
    for _ in range(14):
        small_world.clock.pass_(timedelta(days=6))
        token = (await small_world.client.post("/jwt-api-token-refresh/", json={"token": token})).json()["token"]
        assert (await ask(small_world, f"JWT {token}")).status_code == 200
    small_world.clock.pass_(timedelta(days=6, seconds=1))
    answer = await small_world.client.post("/jwt-api-token-refresh/", json={"token": token})
    assert (answer.status_code, answer.json()) == (400, {"non_field_errors": ["Refresh has expired."]})


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"token": ["This field is required."]}),
        ({"token": ""}, {"token": ["This field may not be blank."]}),
        ({"token": "x.y.z"}, {"non_field_errors": ["Invalid token."]}),
    ],
)
async def test_refresh_refuses(small_world: World, body: dict[str, str], errors: dict[str, list[str]]) -> None:
    answer = await small_world.client.post("/api/jwt-api-token-refresh", json=body)
    assert (answer.status_code, answer.json()) == (400, errors)


async def test_new_password_and_logging_out_everywhere_end_every_token(world: World) -> None:
    for end in (
        lambda conn: set_self_password(conn, world.ids["mona"], Passwords(CHEAP).hash(PASSWORDS["mona"])),
        lambda conn: end_tokens(conn, world.ids["mona"]),
    ):
        by_jwt = f"JWT {await world.log_in('mona')}"
        general = (await world.client.post("/staff-api-token-auth/", json=STAFF)).json()["token"]
        other = f"JWT {await world.log_in('omar')}"
        await world.db.write(end)
        for authorization in (by_jwt, f"Token {general}"):
            assert (await ask(world, authorization)).json() == {"detail": "Invalid token."}
        refresh = await world.client.post("/jwt-api-token-refresh/", json={"token": by_jwt[4:]})
        assert refresh.status_code == 400
        assert (await ask(world, other)).status_code == 200


async def test_who_has_left_neither_logs_in_nor_uses_a_token(world: World) -> None:
    headers = await world.headers("mona")
    await world.db.write(lambda conn: set_active(conn, world.ids["mona"], active=False))
    answer = await world.client.get(SETTINGS_PATH, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "User inactive or deleted."})
    assert (await world.client.post("/staff-api-token-auth/", json=STAFF)).json() == WRONG


async def test_guessing_is_slowed_and_not_locked(small_world: World) -> None:
    async def guess(password: str) -> httpx.Response:
        return await small_world.client.post(f"{MOBILE}/auth_token/", json={"username": "13", "password": password})

    answers = await asyncio.gather(*(guess(f"guess {number}") for number in range(100)))
    assert [answer.status_code for answer in answers].count(400) == 10
    refused = await guess(PASSWORDS["mona"])
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    assert refused.json() == {"detail": "Request was throttled. Expected available in 30 seconds."}
    omar = await small_world.client.post(
        f"{MOBILE}/auth_token/", json={"username": "0123", "password": PASSWORDS["omar"]}
    )
    assert omar.status_code == 200
    small_world.clock.pass_(timedelta(seconds=30))
    assert (await guess(PASSWORDS["mona"])).status_code == 200


async def test_a_stranger_who_guesses_keeps_nobody_out(database: Database, clock: Clock) -> None:
    settings = replace(SETTINGS, trusted_proxies=(ip_network("127.0.0.0/8"),))
    async with connect(database, clock, settings) as client:
        await build_world(database, clock, client)

        async def log_in(address: str, password: str) -> int:
            body = {"username": "13", "password": password}
            answer = await client.post(f"{MOBILE}/auth_token/", json=body, headers={"X-Forwarded-For": address})
            return answer.status_code

        assert [await log_in("192.0.2.1", "guess") for _ in range(11)] == [400] * 10 + [429]
        assert await log_in("192.0.2.2", PASSWORDS["mona"]) == 200


async def test_an_unknown_user_is_slowed_alike(small_world: World) -> None:
    body = {"username": "nobody", "password": "x"}
    statuses = [(await small_world.client.post("/api-token-auth/", json=body)).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]


async def test_right_passwords_cost_nothing(small_world: World) -> None:
    for _ in range(30):
        await small_world.log_in("mona")


async def test_address_that_tries_many_names_is_slowed(database: Database, clock: Clock) -> None:
    settings = GatewaySettings(
        secret_key=SETTINGS.secret_key, password_cost=CHEAP, logins_per_address=Rate(5, timedelta(seconds=60))
    )
    async with connect(database, clock, settings) as client:
        await build_world(database, clock, client)
        bodies = [{"username": f"name{number}", "password": "x"} for number in range(6)]
        statuses = [(await client.post("/api-token-auth/", json=body)).status_code for body in bodies]
    assert statuses == [400] * 5 + [429]


async def test_too_many_requests_of_one_person(database: Database, clock: Clock) -> None:
    settings = GatewaySettings(
        secret_key=SETTINGS.secret_key, password_cost=CHEAP, requests=Rate(3, timedelta(seconds=1))
    )
    async with connect(database, clock, settings) as client:
        world = await build_world(database, clock, client)
        mona, omar = await world.headers("mona"), await world.headers("omar")
        statuses = [(await client.get(SETTINGS_PATH, headers=mona)).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        assert (await client.get(SETTINGS_PATH, headers=omar)).status_code == 200
        anonymous = [(await client.get(SETTINGS_PATH)).status_code for _ in range(4)]
        assert anonymous == [401, 401, 401, 429]


async def test_password_check_leaves_the_event_loop_free() -> None:
    passwords = Passwords(GatewaySettings(secret_key=b"a key for tests only").password_cost)
    kept = await asyncio.to_thread(passwords.hash, "right")
    ticks = 0
    checking = asyncio.create_task(passwords.matches(kept, "right"))
    while not checking.done():
        ticks += 1
        await asyncio.sleep(0)
    assert await checking
    assert ticks > 10
    assert not await passwords.matches(None, "right")
