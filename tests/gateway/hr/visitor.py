"""An administrator in a browser without JavaScript: pages are read, forms are sent with all that stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx

from bot.gateway.settings import GatewaySettings
from tests.gateway.world import HOST, PASSWORDS, SETTINGS, World, connect

ORIGIN = {"Origin": f"http://{HOST}"}
VOID = frozenset({"input", "meta", "link", "br"})


class Page(HTMLParser):
    """What is on it: `fields` of its forms as a browser would send them, rows of tables, what is said as wrong."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status = answer.status_code
        self.path = answer.url.path
        self.html = answer.text
        self.fields: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._select = ""
        self._alert: int | None = None
        self._depth = 0
        self._in_cell = False
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        self._depth += tag not in VOID
        if tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.fields[name] = "on" if said.get("type") == "checkbox" else value
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in said or self._select not in self.fields):
            self.fields[self._select] = value
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
            self._in_cell = True
        elif tag == "a":
            self.links.append(said.get("href") or "")
        if said.get("role") == "alert":
            self.wrong.append("")
            self._alert = self._depth

    def handle_endtag(self, tag: str) -> None:
        if self._alert == self._depth:
            self._alert = None
        self._depth -= 1
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.rows[-1][-1] += data
        if self._alert is not None:
            self.wrong[-1] += data

    @property
    def table(self) -> list[list[str]]:
        """Without the head, each cell in one line."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows if row]


@dataclass
class Visitor:
    client: httpx.AsyncClient

    async def open(self, path: str, status: int = 200) -> Page:
        answer = await self.client.get(path, follow_redirects=True)
        page = Page(answer)
        assert page.status == status, page.html
        return page

    async def send(self, path: str, typed: Mapping[str, str | None] | None = None, status: int = 200) -> Page:
        """What stands in the form at this address and what is typed over it; None empties a tick."""
        form = {**(await self.open(path)).fields, **(typed or {})}
        return await self.post(path, {name: value for name, value in form.items() if value is not None}, status)

    async def post(self, path: str, form: Mapping[str, str], status: int = 200) -> Page:
        answer = await self.client.post(path, data=dict(form), headers=ORIGIN, follow_redirects=True)
        page = Page(answer)
        assert page.status == status, page.html
        return page

    async def log_in(self, name: str = "admin", company: str = "Demo Trading", status: int = 200) -> Page:
        typed = {"company": company, "username": f"{name}@x.example", "password": PASSWORDS[name]}
        return await self.send("/hr/login/", typed, status)


def enter(world: World, settings: GatewaySettings = SETTINGS) -> Visitor:
    """At the page of a gateway of their own, nobody yet; closed by whoever asks."""
    return Visitor(connect(world.db, world.clock, settings))
