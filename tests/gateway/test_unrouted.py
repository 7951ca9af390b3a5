"""Paths that lead nowhere, and the companies that hosts name."""

import pytest

from tests.gateway.desk import open_onprem_desk
from tests.gateway.world import HOST, PASSWORDS, World

NOWHERE = "/iclock/api/nowhere/"


async def test_a_path_that_leads_nowhere_is_not_found(small_world: World) -> None:
    answer = await small_world.client.get(NOWHERE)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    ("host", "status"), [(HOST, 200), ("elsewhere.biotime.test", 404), ("127.0.0.1", 404), ("nobody.biotime.test", 404)]
)
async def test_clients_of_an_onprem_server_get_a_page(small_world: World, host: str, status: int) -> None:
    desk = await open_onprem_desk(small_world)
    answer = await small_world.client.get(NOWHERE, headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html" if status == 200 else "application/json")
    # What is known by its path and only not there stays an error.
    assert (await desk.ask("GET", "/iclock/api/terminals/99/")).status_code == 404


@pytest.mark.parametrize("body", [{"username": "admin@x.example"}, {"email": "admin@x.example"}])
@pytest.mark.parametrize("path", ["/jwt-api-token-auth/", "/api-token-auth/", "/api/jwt-api-token-auth/"])
async def test_onprem_logins_need_no_company(small_world: World, path: str, body: dict[str, str]) -> None:
    await open_onprem_desk(small_world)
    login = {**body, "password": PASSWORDS["admin"]}
    answer = await small_world.client.post(path, json=login)
    assert (answer.status_code, list(answer.json())) == (200, ["token"])
    scheme = "JWT" if "jwt" in path else "Token"
    headers = {"Authorization": f"{scheme} {answer.json()['token']}"}
    assert (await small_world.client.get("/iclock/api/terminals/", headers=headers)).status_code == 200
