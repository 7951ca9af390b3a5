"""The docs pages where the manual says they are, and the README's table of endpoints beside what is served."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from inspect import isfunction
from operator import attrgetter
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from bot.biotime.att import Att
from bot.biotime.client import BioTimeClient
from bot.biotime.exchange import Exchange
from bot.biotime.iclock import Iclock
from bot.biotime.personnel import Personnel
from bot.gateway.app import build_gateway
from tests.gateway.world import DUBAI, SETTINGS, World

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "bot/gateway/README.md").read_text(encoding="utf-8")
PAGES = {
    "/api/docs/": ("jwt-api-token-auth", "api-token-auth"),
    "/api/personnel_docs/": (
        "employees-create",
        "employees-update",
        "departments-create",
        "departments-update",
        "areas-create",
        "areas-update",
        "positions-create",
        "positions-update",
    ),
    "/api/iclock_docs/": ("terminals-list", "transactions-list"),
    "/api/att_docs/": ("totalTimeCardReport-list",),
    "/api/mobile_docs/": ("transactions-create",),
}
"""Page → anchors; those of the first two are the manual's."""

# 6 is departments and the mobile API; what the manual has no number for is in words.
CHAPTERS = {
    *("1.1", "1.2", "2.1", "2.2", "3.1", "4.1", "4.2", "9.1", "5 Att", "after 6.9", "notes", "ours"),
    *(f"{chapter}.{number}" for chapter in (5, 6, 7, 8) for number in range(1, 6)),
    *("6.6", "6.7", "6.8", "6.9"),
}


@dataclass(frozen=True)
class Row:
    """A line of the table: what stands in backticks in each cell, and the words of the first two."""

    chapters: tuple[str, ...]
    methods: tuple[str, ...]
    paths: tuple[str, ...]
    server: str
    clients: tuple[str, ...]
    tests: tuple[str, ...]


def read_table() -> Iterator[Row]:
    for line in README.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and "`/" in cells[2]:
            quoted = [tuple(re.findall(r"`([^`]+)`", cell)) for cell in cells]
            chapters, methods = (tuple(cell.split(", ")) for cell in cells[:2])
            yield Row(chapters, methods, quoted[2], quoted[4][0], quoted[5], quoted[6])


ROWS = list(read_table())


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_the_manuals_anchors_and_needs_no_network(small_world: World, path: str) -> None:
    page = await small_world.client.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for anchor in PAGES[path]:
        assert f'id="{anchor}"' in page.text
    assert not re.search(r"<(script|link|img|iframe)\b", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_every_chapter_of_the_manual_has_a_row() -> None:
    assert {chapter for row in ROWS for chapter in row.chapters} == CHAPTERS


async def test_the_table_holds_what_is_served(small_world: World) -> None:
    said = [(method, path.replace("<id>", "{id}")) for row in ROWS for path in row.paths for method in row.methods]
    assert len(said) == len(set(said))
    routes = (
        route.path
        for route in build_gateway(small_world.db, SETTINGS, small_world.clock).routes
        if isinstance(route, Route)
    )
    served = {path.replace("{called}", "{id}") for path in routes if not path.startswith("/hr/")}
    assert {path for _, path in said} == served
    document = (await small_world.client.get("/api/openapi.json")).json()["paths"]
    methods = {(method.upper(), path) for path, said_of in document.items() for method in said_of}
    assert {(method, path) for method, path in said if not _is_docs(path)} == methods


def _is_docs(path: str) -> bool:
    return path in PAGES or path == "/api/openapi.json/"


def test_the_files_it_names_are_there() -> None:
    for row in ROWS:
        assert (ROOT / "bot/gateway" / row.server).is_file(), row.server
        for test in row.tests:
            assert (ROOT / "tests" / test).is_file(), test


async def test_the_client_can_what_it_says() -> None:
    async with httpx.AsyncClient() as http:
        exchange = Exchange(http, timedelta(seconds=1))
        clients = {
            "BioTimeClient": BioTimeClient(http, "Demo Trading", DUBAI),
            "Personnel": Personnel(exchange),
            "Iclock": Iclock(exchange, DUBAI),
            "Att": Att(exchange, DUBAI),
        }
        for name in (name for row in ROWS for name in row.clients):
            first, _, rest = name.partition(".")
            assert callable(attrgetter(rest)(clients[first])), name


def test_nothing_that_the_mobile_client_can_is_missing() -> None:
    can = {
        name for each in BioTimeClient.__mro__ for name, of in vars(each).items() if isfunction(of) and name[0] != "_"
    }
    assert {name.partition(".")[2] for row in ROWS for name in row.clients if name.startswith("BioTimeClient.")} == can
