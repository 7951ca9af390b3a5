"""One key, one punch: the same request again is answered with the first answer, byte for byte."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.gateway.records.idempotency import LIFETIME
from bot.gateway.records.schedule_tables import idempotent_answers
from bot.gateway.records.tables import transactions
from tests.gateway.world import MOBILE, PASSWORDS, PUNCH, World

URL = f"{MOBILE}/transactions/"
REUSED = {"detail": "This Idempotency-Key was used for another request."}
BAD = {"Idempotency-Key": ["Give one key of 1 to 255 printable ASCII characters."]}


async def post(world: World, key: str, name: str = "mona", **changed: object) -> httpx.Response:
    headers = {**await world.headers(name), "Idempotency-Key": key}
    return await world.client.post(URL, json={**PUNCH, **changed}, headers=headers)


async def count(world: World, table: sa.Table = transactions) -> int:
    return await world.db.read(lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


async def test_the_first_answer_again_byte_for_byte(world: World) -> None:
    first = await post(world, "TG-7K3Q2H")
    world.clock.pass_(timedelta(minutes=5))
    again = await post(world, "TG-7K3Q2H")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert await count(world) == 1


async def test_spaces_and_the_order_of_members_make_no_other_request(small_world: World) -> None:
    first = await post(small_world, "k")
    headers = {**await small_world.headers("mona"), "Idempotency-Key": "k", "Content-Type": "application/json"}
    text = json.dumps(dict(reversed(PUNCH.items())), indent=2)
    again = await small_world.client.post(URL.rstrip("/"), content=text, headers=headers)
    assert again.content == first.content
    assert await count(small_world) == 1


async def test_the_same_key_with_another_request_is_refused(world: World) -> None:
    await post(world, "k")
    other = await post(world, "k", punch_state="1")
    assert (other.status_code, other.json()) == (422, REUSED)
    assert await count(world) == 1


async def test_a_key_is_its_callers_own(world: World) -> None:
    first, second = await post(world, "k"), await post(world, "k", "omar")
    assert [first.json()["emp_code"], second.json()["emp_code"]] == ["13", "0123"]
    assert await count(world) == 2


async def test_a_token_of_another_kind_is_the_same_caller(small_world: World) -> None:
    first = await post(small_world, "k")
    staff = {"company": "Demo Trading", "email": "mona@x.example", "password": PASSWORDS["mona"]}
    token = (await small_world.client.post("/staff-api-token-auth/", json=staff)).json()["token"]
    headers = {"Authorization": f"Token {token}", "Idempotency-Key": "k"}
    assert (await small_world.client.post(URL, json=PUNCH, headers=headers)).content == first.content


async def test_without_a_key_each_is_a_punch(small_world: World) -> None:
    await small_world.punch("mona")
    await small_world.punch("mona")
    assert (await count(small_world), await count(small_world, idempotent_answers)) == (2, 0)


async def test_twins_at_once_are_one_punch(world: World) -> None:
    headers = {**await world.headers("mona"), "Idempotency-Key": "k"}
    answers = await asyncio.gather(*(world.client.post(URL, json=PUNCH, headers=headers) for _ in range(8)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert await count(world) == 1


async def test_what_was_refused_is_not_kept(world: World) -> None:
    assert (await post(world, "k", punch_state="6")).status_code == 400
    assert (await post(world, "k")).status_code == 201
    assert await count(world, idempotent_answers) == 1


async def test_keys_are_kept_for_eight_days(world: World) -> None:
    await post(world, "k")
    world.clock.pass_(LIFETIME)
    await post(world, "k")
    assert await count(world) == 1
    world.clock.pass_(timedelta(seconds=1))
    assert (await post(world, "k", punch_state="1")).status_code == 201
    assert (await count(world), await count(world, idempotent_answers)) == (2, 1)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "a\x00b", "a\x7fb", "é"])
async def test_bad_keys(small_world: World, key: str) -> None:
    headers = [("Authorization", (await small_world.headers("mona"))["Authorization"].encode())]
    headers.append(("Idempotency-Key", key.encode("latin-1")))
    answer = await small_world.client.post(URL, json=PUNCH, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()) == (400, BAD)
    assert await count(small_world) == 0


async def test_two_keys_are_bad(small_world: World) -> None:
    headers = [*(await small_world.headers("mona")).items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = await small_world.client.post(URL, json=PUNCH, headers=headers)
    assert (answer.status_code, answer.json()) == (400, BAD)
