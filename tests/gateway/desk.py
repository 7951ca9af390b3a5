"""A company's office at the web API: its system user, who logs in as any integration does."""

from dataclasses import dataclass, replace

import httpx
import sqlalchemy as sa
from pydantic import JsonValue

from bot.gateway.records.companies import Company
from bot.gateway.records.kinds import Dialect
from bot.gateway.records.tables import companies
from tests.gateway.world import PASSWORDS, World

Json = dict[str, JsonValue]


@dataclass(frozen=True)
class Desk:
    world: World
    company: Company
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: object = None, **params: str | int) -> httpx.Response:
        return await self.world.client.request(method, path, json=body, params=params, headers=self.headers)

    async def get(self, path: str, **params: str | int) -> Json:
        return _body(await self.ask("GET", path, **params), 200)

    async def rows(self, path: str, **params: str | int) -> list[Json]:
        return rows_of(await self.get(path, **params))

    async def post(self, path: str, body: object) -> Json:
        return _body(await self.ask("POST", path, body), 201)

    async def patch(self, path: str, body: object) -> Json:
        return _body(await self.ask("PATCH", path, body), 200)

    async def refused(self, method: str, path: str, body: object = None, **params: str | int) -> Json:
        return _body(await self.ask(method, path, body, **params), 400)


async def open_desk(world: World, company: Company | None = None) -> Desk:
    """Of Demo Trading, unless another is named."""
    company = company or world.demo
    body = {"email": "admin@x.example", "password": PASSWORDS["admin"], "company": company.name}
    token = _body(await world.client.post("/jwt-api-token-auth/", json=body), 200)["token"]
    return Desk(world, company, {"Authorization": f"JWT {token}"})


async def open_onprem_desk(world: World) -> Desk:
    """Demo Trading as clients of an on-prem server see it."""
    await world.db.write(
        lambda conn: conn.execute(
            sa.update(companies).where(companies.c.id == world.demo.id).values(dialect=Dialect.ONPREM.value)
        )
    )
    return await open_desk(world, replace(world.demo, dialect=Dialect.ONPREM.value))


def rows_of(page: Json) -> list[Json]:
    rows = page["data"]
    assert isinstance(rows, list)
    return [row for row in rows if isinstance(row, dict)]


def _body(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: Json = answer.json()
    return body
