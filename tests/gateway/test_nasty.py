"""In every place of every endpoint at once what no client means: 4xx at most, on both databases."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from bot.database import Database
from tests.gateway.desk import Desk, open_desk
from tests.gateway.fuzzing import TIMES, UNLIMITED
from tests.gateway.world import Clock, build_world, connect

LONGEST = 1100
# As JSON, for a body; the same as text, for a query and a path.
VALUES = {
    "nothing": "null",
    "a yes": "true",
    "NUL": r'"a\u0000b"',
    "half a character": r'"\ud800"',
    "a control character": r'"a\u0007b"',
    "a bell of Unicode": r'"\u202e\u2028\ufeff"',
    "a long text": f'"{"x" * 5000}"',
    "no number": "NaN",
    "more than any number": "1e400",
    "10^400": "1" + "0" * 400,
    "more than a bigint": str(2**63),
    "more than an integer": str(2**31),
    "less than any": str(-(2**63) - 1),
    "a fraction": "0.5",
    "other digits": '"٣"',
    "a day before all": '"0000-00-00 00:00:00"',
    "a day after all": '"9999-12-31 23:59:59"',
    "a list": "[[]]",
    "an object": '{"id": {"id": {}}}',
    "a bomb": "[" * 2000 + "]" * 2000,
}


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    query: tuple[str, ...]
    members: tuple[str, ...]


@pytest.fixture
async def desk(database: Database, clock: Clock) -> AsyncIterator[Desk]:
    async with connect(database, clock, UNLIMITED) as client:
        yield await open_desk(await build_world(database, clock, client))


async def read_endpoints(desk: Desk) -> list[Endpoint]:
    document = (await desk.world.client.get("/api/openapi.json")).json()
    return [
        Endpoint(
            method.upper(),
            path,
            tuple(each["name"] for each in said["parameters"] if each["in"] == "query"),
            tuple(members(said.get("requestBody", {}), document["components"]["schemas"])),
        )
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def members(part: Any, schemas: dict[str, Any]) -> Iterator[str]:
    """Of all the body's alternatives."""
    if isinstance(part, list):
        for each in part:
            yield from members(each, schemas)
    elif isinstance(part, dict):
        yield from part.get("properties", {})
        if "$ref" in part:
            yield from members(schemas[part["$ref"].rpartition("/")[2]], schemas)
        for name in ("content", "application/json", "schema", "anyOf", "allOf"):
            yield from members(part.get(name, []), schemas)


@pytest.mark.timeout(60 * TIMES)
async def test_no_value_is_a_fault(desk: Desk) -> None:
    """The short run tries each value at every fifth endpoint, each endpoint with every fifth value."""
    endpoints, faults = await read_endpoints(desk), []
    mobile = await desk.world.headers("huda")
    for place, name in enumerate(VALUES):
        for endpoint in endpoints if TIMES > 1 else endpoints[place % 5 :: 5]:
            headers = mobile if endpoint.path.startswith("/mobile/") else desk.headers
            faults += [f"{name}: {fault}" async for fault in throw(desk, endpoint, VALUES[name], headers)]
    assert faults == []


async def throw(desk: Desk, endpoint: Endpoint, value: str, headers: dict[str, str]) -> AsyncIterator[str]:
    text = quote(value.strip('"').encode().decode("unicode-escape"), safe="", errors="surrogatepass")[:LONGEST]
    body = "{" + ", ".join(f"{json.dumps(member)}: {value}" for member in endpoint.members) + "}"
    query = "&".join(f"{each}={text}" for each in endpoint.query)
    for path in {endpoint.path.replace("{id}", text), endpoint.path.replace("{id}", "1")}:
        sent = {"content": body, "headers": {**headers, "Content-Type": "application/json"}}
        answer = await desk.world.client.request(endpoint.method, f"{path}?{query}", **sent)  # type: ignore[arg-type]
        if answer.status_code >= 500:
            yield f"{endpoint.method} {path[:100]}?{query[:100]} {body[:100]}: {answer.status_code}"
