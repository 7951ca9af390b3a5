"""Manual chapters 3.1 and 4 beside their examples, and all that can be asked and written of terminals."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.gateway.records.kinds import APP_TERMINAL
from tests.gateway.desk import Desk, Json, open_desk, open_onprem_desk
from tests.gateway.test_golden import shape
from tests.gateway.world import MOMENT, PASSWORDS, World
from tests.golden import golden_text

TERMINALS = "/iclock/api/terminals/"
# What a bridge in front of the manual's terminal would say of it.
D3 = {
    "sn": "7860223940009",
    "ip_address": "113.108.97.177",
    "alias": "Auto add",
    "terminal_name": "D3",
    "fw_ver": "ZMM510-NF28HC-1.1.23-OCM-649-V",
    "push_ver": "Ver 2.0.33S-20220623",
    "terminal_tz": 330,
    "area": 1,
    "last_activity": "2023-09-01 15:30:00",
}


def golden(name: str) -> Any:
    return json.loads(golden_text(name))


@pytest.fixture
async def desk(world: World) -> Desk:
    return await open_desk(world)


@pytest.fixture
async def small_desk(small_world: World) -> Desk:
    return await open_desk(small_world)


async def sns(desk: Desk, **params: str | int) -> list[object]:
    return [row["sn"] for row in await desk.rows(TERMINALS, **params)]


async def test_a_company_without_terminals_has_the_manuals_empty_list_to_the_letter(small_desk: Desk) -> None:
    answer = await small_desk.ask("GET", TERMINALS)
    assert answer.text == golden_text("3.1-empty-web-list")


async def test_terminal_list_is_the_manuals_to_the_letter(desk: Desk) -> None:
    await desk.post(TERMINALS, D3)
    body, example = await desk.get(TERMINALS, sn="7860223940009"), golden("4.1-terminals")
    assert shape(body) == shape(example)
    [row] = await desk.rows(TERMINALS, sn="7860223940009")
    [expected] = example["data"]
    differs = {
        "id": row["id"],
        "area": {"id": 1, "area_code": "13", "area_name": "Dubai Office"},
        "area_name": "Dubai Office",
        "last_activity": "2023-09-01 15:30:00",
        "company": {"id": desk.company.id, "name": "Demo Trading"},
    }
    assert row == {**expected, **differs}


async def test_one_terminal_is_the_manuals(small_desk: Desk) -> None:
    created = await small_desk.post(TERMINALS, D3)
    body = await small_desk.get(f"{TERMINALS}{created['id']}/")
    assert shape(body) == shape(golden("4.2-terminal"))
    assert body == created


async def test_onprem_terminals_have_their_state_in_words_and_no_company(small_world: World) -> None:
    desk = await open_onprem_desk(small_world)
    created = await desk.post(TERMINALS, D3)
    [row] = await desk.rows(TERMINALS)
    assert row == created == await desk.get(f"{TERMINALS}{created['id']}/")
    cloud = golden("4.1-terminals")["data"][0]
    assert list(row) == [name for name in cloud if name != "company"]
    assert row["state"] == "1"


async def test_a_terminal_needs_no_more_than_its_serial_number(small_desk: Desk) -> None:
    created = await small_desk.post(TERMINALS, {"sn": "CJPM214960015"})
    assert {name: created[name] for name in ("alias", "area", "area_name", "last_activity", "state")} == {
        "alias": "",
        "area": None,
        "area_name": None,
        "last_activity": None,
        "state": 3,
    }
    # Dubai is four hours ahead.
    assert created["terminal_tz"] == 240


async def test_who_was_heard_of_within_ten_minutes_is_online(desk: Desk) -> None:
    created = await desk.post(TERMINALS, D3 | {"last_activity": "2023-09-01 15:34:13"})
    path = f"{TERMINALS}{created['id']}/"
    desk.world.clock.at = MOMENT.replace(microsecond=0) + timedelta(minutes=10) - timedelta(microseconds=1)
    assert ((await desk.get(path))["state"], await sns(desk, state=1), await sns(desk, state=3)) == (1, [D3["sn"]], [])
    desk.world.clock.pass_(timedelta(microseconds=1))
    assert ((await desk.get(path))["state"], await sns(desk, state=1), await sns(desk, state=3)) == (3, [], [D3["sn"]])
    await desk.patch(path, {"last_activity": "2023-09-01 15:44:13"})
    assert (await desk.get(path))["state"] == 1


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["A-1", "A-2", "b%3"]),
        ({"sn": "A-1"}, ["A-1"]),
        ({"sn": "a-1"}, []),
        ({"sn_icontains": "a-"}, ["A-1", "A-2"]),
        ({"sn_icontains": "%"}, ["b%3"]),
        ({"alias": "Front Gate"}, ["A-1"]),
        ({"alias_icontains": "GATE"}, ["A-1", "A-2"]),
        ({"area": 1}, ["A-1"]),
        ({"area": "1,2"}, []),
        ({"area_icontains": "dubai"}, ["A-1", "A-2"]),
        ({"area": ""}, ["A-1", "A-2", "b%3"]),
        ({"state": 1}, ["A-2"]),
        ({"state": 3}, ["A-1", "b%3"]),
        ({"state": 0}, []),
        ({"unknown": "x"}, ["A-1", "A-2", "b%3"]),
        ({"ordering": "-sn"}, ["b%3", "A-2", "A-1"]),
        ({"ordering": "alias"}, ["b%3", "A-2", "A-1"]),
        ({"page_size": 2, "page": 2}, ["b%3"]),
        ({"page_size": 1, "page": "last"}, ["b%3"]),
    ],
)
async def test_filters_and_orders(small_desk: Desk, params: dict[str, str | int], expected: list[str]) -> None:
    await small_desk.post(TERMINALS, {"sn": "A-1", "alias": "Front Gate", "area": 1})
    await small_desk.post(
        TERMINALS, {"sn": "A-2", "alias": "Back gate", "area": 2, "last_activity": "2023-09-01 15:34:00"}
    )
    await small_desk.post(TERMINALS, {"sn": "b%3"})
    if params.get("area") == "1,2":
        assert await small_desk.refused("GET", TERMINALS, **params) == {"area": ["Enter a number."]}
    else:
        assert await sns(small_desk, **params) == expected


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_an_update_changes_what_it_names(small_desk: Desk, method: str) -> None:
    created = await small_desk.post(TERMINALS, D3)
    changes = {"alias": "Gate", "area": None, "ip_address": None, "terminal_tz": None, "user_count": 7}
    answer = await small_desk.ask(method, f"{TERMINALS}{created['id']}/", changes)
    expected = {"alias": "Gate", "area": None, "area_name": None, "ip_address": None, "terminal_tz": 240}
    assert answer.json() == {**created, **expected, "user_count": 7}
    same = await small_desk.ask(method, f"{TERMINALS}{created['id']}/", {"sn": D3["sn"]})
    assert same.status_code == 200


async def test_a_terminal_is_removed(small_desk: Desk) -> None:
    path = f"{TERMINALS}{(await small_desk.post(TERMINALS, D3))['id']}/"
    gone = await small_desk.ask("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("GET", "PATCH", "DELETE"):
        assert (await small_desk.ask(method, path, {})).status_code == 404


TAKEN = "terminal with this sn already exists."


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("sn", None, "This field may not be null."),
        ("sn", "", "This field may not be blank."),
        ("sn", "  ", "This field may not be blank."),
        ("sn", "x" * 51, "Ensure this field has no more than 50 characters."),
        ("sn", "a\x00b", "Null characters are not allowed."),
        ("sn", ["a"], "Not a valid string."),
        ("sn", "taken", TAKEN),
        ("sn", APP_TERMINAL, TAKEN),
        ("alias", "x" * 201, "Ensure this field has no more than 200 characters."),
        ("area", 99, 'Invalid pk "99" - object does not exist.'),
        ("area", 4, 'Invalid pk "4" - object does not exist.'),
        ("area", 10**30, f'Invalid pk "{10**30}" - object does not exist.'),
        ("area", "north", "Incorrect type. Expected pk value, received str."),
        ("terminal_tz", 841, "Ensure this value is less than or equal to 840."),
        ("terminal_tz", "1.5", "A valid integer is required."),
        ("user_count", -1, "Ensure this value is greater than or equal to 0."),
        ("user_count", 2**31, "Ensure this value is less than or equal to 2147483647."),
        ("transfer_interval", 2**15, "Ensure this value is less than or equal to 32767."),
        (
            "last_activity",
            "soon",
            "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DD HH:MM:SS.",
        ),
        ("last_activity", "2023-09-01 15:49:14", "Cannot be later than now."),
        ("last_activity", "1999-12-31", "Ensure this value is greater than or equal to 2000-01-01 00:00:00."),
    ],
)
async def test_what_is_wrong_is_said_by_field(small_desk: Desk, member: str, value: object, reason: str) -> None:
    await small_desk.post(TERMINALS, {"sn": "taken"})
    created = await small_desk.post(TERMINALS, {"sn": "other"})
    body = {"sn": "new", member: value}
    assert await small_desk.refused("POST", TERMINALS, body) == {member: [reason]}
    assert await small_desk.refused("PATCH", f"{TERMINALS}{created['id']}/", {member: value}) == {member: [reason]}
    assert await sns(small_desk) == ["taken", "other"]


async def test_a_serial_number_is_required(small_desk: Desk) -> None:
    assert await small_desk.refused("POST", TERMINALS, {}) == {"sn": ["This field is required."]}


async def test_what_one_company_has_another_does_not_see(desk: Desk) -> None:
    created = await desk.post(TERMINALS, D3)
    other = await open_desk(desk.world, desk.world.elsewhere)
    assert await sns(other) == []
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert (await other.ask(method, f"{TERMINALS}{created['id']}/", {})).status_code == 404
    # The same serial number twice: each company has its own.
    await other.post(TERMINALS, {"sn": D3["sn"]})
    assert (await desk.get(f"{TERMINALS}{created['id']}/")) == created


@pytest.mark.parametrize("called", ["App", "0", "-1", "1.0", "9" * 30, "x", "%00"])
async def test_no_such_terminal(small_desk: Desk, called: str) -> None:
    assert (await small_desk.ask("GET", f"{TERMINALS}{called}/")).status_code == 404


async def test_the_apps_own_terminal_stands_nowhere(small_desk: Desk) -> None:
    await small_desk.world.punch("mona")
    assert await sns(small_desk) == []
    for number in (1, 2):
        assert (await small_desk.ask("GET", f"{TERMINALS}{number}/")).status_code == 404


async def _token(world: World, path: str, name: str) -> str:
    body = {"email": f"{name}@x.example", "password": PASSWORDS[name], "company": "Demo Trading"}
    token: Json = (await world.client.post(path, json=body)).json()
    return str(token["token"])


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(
    ("path", "name", "scheme"),
    [
        ("/jwt-api-token-auth/", "admin", "JWT"),
        ("/jwt-api-token-auth/", "admin", "jwt"),
        ("/api-token-auth/", "admin", "Token"),
        ("/api-token-auth/", "admin", "tOKEN"),
        ("/staff-jwt-api-token-auth/", "huda", "JWT"),
        ("/staff-api-token-auth/", "huda", "token"),
    ],
)
async def test_every_kind_of_token_opens_the_door(
    small_world: World, prefix: str, path: str, name: str, scheme: str
) -> None:
    headers = {"Authorization": f"{scheme} {await _token(small_world, prefix + path, name)}"}
    answer = await small_world.client.get(TERMINALS, headers=headers)
    assert (answer.status_code, answer.json()["count"]) == (200, 0)


@pytest.mark.parametrize("scheme", ["Basic", "basic"])
async def test_basic_opens_it_too(small_world: World, scheme: str) -> None:
    auth = httpx.BasicAuth("admin@x.example", PASSWORDS["admin"])
    _, credentials = next(auth.auth_flow(httpx.Request("GET", "http://x"))).headers["Authorization"].split(" ")
    answer = await small_world.client.get(TERMINALS, headers={"Authorization": f"{scheme} {credentials}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "name", "status"),
    [("/staff-jwt-api-token-auth/", "mona", 403), ("/staff-api-token-auth/", "mona", 403)],
)
async def test_employees_do_not_manage_terminals(small_world: World, path: str, name: str, status: int) -> None:
    headers = {"Authorization": f"JWT {await _token(small_world, path, name)}"}
    if "jwt" not in path:
        headers = {"Authorization": headers["Authorization"].replace("JWT", "Token")}
    for method, body in (("GET", None), ("POST", D3)):
        answer = await small_world.client.request(method, TERMINALS, json=body, headers=headers)
        assert answer.status_code == status


async def test_a_mobile_token_is_none_for_the_web(small_world: World) -> None:
    answer = await small_world.client.get(TERMINALS, headers=await small_world.headers("huda"))
    assert answer.status_code == 403
    assert (await small_world.client.get(TERMINALS)).status_code == 401
