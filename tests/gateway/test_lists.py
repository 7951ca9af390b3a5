"""Pages, their links, their order."""

from datetime import timedelta

import pytest

from bot.database import Database
from bot.gateway.settings import GatewaySettings
from tests.gateway.world import CHEAP, HOST, MOBILE, SETTINGS, Clock, World, build_world, connect

URL = f"http://{HOST}{MOBILE}/transactions/"


async def fill(world: World, count: int, name: str = "mona") -> None:
    for number in range(count):
        world.clock.pass_(timedelta(seconds=1))
        answer = await world.punch(name, gps_location=f"{number + 1}")
        assert answer.status_code == 201


async def numbers(world: World, **params: str | int) -> list[int]:
    rows = (await world.get("mona", "/transactions/", **params)).json()["results"]
    return [int(row["gps_location"]) for row in rows]


async def test_newest_first_ten_to_a_page(world: World) -> None:
    await fill(world, 12)
    assert await numbers(world) == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert await numbers(world, page=2) == [2, 1]
    assert await numbers(world, page="last") == [2, 1]
    assert await numbers(world, page_size=5, limit=2, page=3) == [2, 1]
    assert await numbers(world, limit=2) == [12, 11]
    assert len(await numbers(world, page_size=10**9)) == 12


async def test_links_keep_the_other_parameters_sorted(world: World) -> None:
    await fill(world, 5)
    first = (await world.get("mona", "/transactions/", page_size=2, b="x y", a="é", page=1)).json()
    assert first["next"] == f"{URL}?a=%C3%A9&b=x+y&page=2&page_size=2"
    assert first["previous"] is None
    answer = await world.client.get(first["next"], headers=await world.headers("mona"))
    assert answer.json()["next"] == f"{URL}?a=%C3%A9&b=x+y&page=3&page_size=2"
    assert answer.json()["previous"] == f"{URL}?a=%C3%A9&b=x+y&page_size=2"
    last = (await world.get("mona", "/transactions/", page_size=2, page="last")).json()
    assert (last["next"], last["previous"]) == (None, f"{URL}?page=2&page_size=2")
    plain = (await world.get("mona", "/transactions", page_size=5)).json()
    assert (plain["count"], plain["next"], plain["previous"]) == (5, None, None)


async def test_links_keep_however_many_parameters(world: World) -> None:
    await fill(world, 3)
    headers = await world.headers("mona")
    answer = await world.client.get(f"{URL}?page_size=2&{'a=1&' * 1100}", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["next"].count("a=1") == 1100


async def test_links_walk_through_everything_once(world: World) -> None:
    await fill(world, 7)
    url: str | None = f"{URL}?page_size=3"
    seen: list[str] = []
    while url:
        body = (await world.client.get(url, headers=await world.headers("mona"))).json()
        seen += [row["gps_location"] for row in body["results"]]
        url = body["next"]
    assert seen == ["7", "6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "1.0", "٢", "9" * 5000, "99999999999", "\0"])
async def test_no_such_page(world: World, page: str) -> None:
    answer = await world.get("mona", "/transactions/", page=page)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize(
    "params", [{}, {"page": "1"}, {"page": "last"}, {"page": ""}, {"page_size": "0"}, {"page_size": "x"}]
)
async def test_an_empty_list_has_a_first_page(world: World, params: dict[str, str]) -> None:
    answer = await world.get("mona", "/transactions/", **params)
    assert (answer.status_code, answer.json()["results"], answer.json()["count"]) == (200, [], 0)


async def test_ordering(world: World) -> None:
    await fill(world, 3)
    assert await numbers(world, ordering="punch_time") == [1, 2, 3]
    assert await numbers(world, ordering="-id") == [3, 2, 1]
    assert await numbers(world, ordering="emp_code,upload_time") == [1, 2, 3]
    assert await numbers(world, ordering="nonsense,--id,;") == [3, 2, 1]
    assert await numbers(world, ordering=",".join(["id", "-id"] * 1500)) == [1, 2, 3]


async def test_huge_pages_are_clamped(database: Database, clock: Clock) -> None:
    settings = GatewaySettings(secret_key=SETTINGS.secret_key, password_cost=CHEAP, max_page_size=2)
    async with connect(database, clock, settings) as client:
        world = await build_world(database, clock, client)
        await fill(world, 3)
        assert len(await numbers(world, page_size=500)) == 2


async def test_links_name_the_host_that_was_called(small_world: World) -> None:
    await fill(small_world, 3)
    headers = {**await small_world.headers("mona"), "Host": "127.0.0.1:8123", "X-Forwarded-Host": "evil.example"}
    answer = await small_world.client.get(f"{MOBILE}/transactions/?page_size=2", headers=headers)
    assert answer.json()["next"] == f"http://127.0.0.1:8123{MOBILE}/transactions/?page=2&page_size=2"
