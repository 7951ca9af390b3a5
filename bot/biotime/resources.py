"""The client's side of the web API: what every resource of it can do, whatever its rows are (manual 4 to 9)."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Generic, TypeVar

from bot.biotime.auth import Scheme, authorization
from bot.biotime.errors import Unclear
from bot.biotime.exchange import Answer, Exchange
from bot.biotime.pages import PAGE_SIZE, ListPage, walk
from bot.biotime.wire.envelope import Identifier, WebList, Wire

Model = TypeVar("Model", bound=Wire)
Row = TypeVar("Row")
Written = TypeVar("Written")

Filter = str | int | None


class Shape(Generic[Row]):
    """One kind of row: how it looks on the wire, and the value it is read into."""

    def __init__(self, model: type[Model], read: Callable[[Model], Row]) -> None:
        # Held by two functions, so that whoever reads rows need not know their models.
        self.read_one: Callable[[Answer], Row] = lambda answer: _read(read, answer.read(model))
        self.read_page: Callable[[Answer], ListPage[Row]] = lambda answer: _read_page(answer, model, read)


def _read_page(answer: Answer, model: type[Model], read: Callable[[Model], Row]) -> ListPage[Row]:
    page: WebList[Any] = answer.read(WebList[model])  # type: ignore[valid-type] # pydantic builds it at run time
    return ListPage(page.count, page.next, [_read(read, row) for row in page.data])


def _read(read: Callable[[Model], Row], wire: Model) -> Row:
    try:
        return read(wire)
    except ValueError as error:
        raise Unclear(f"a {type(wire).__name__} cannot be read") from error


class Resource(Generic[Row, Written]):
    """Everything raises BioTimeError (see `errors`). Lists show `Row`; create and update answer with `Written`.

    `token` is a JWT or a general token: which of them it is shows in its form.
    """

    def __init__(self, exchange: Exchange, path: str, row: Shape[Row], written: Shape[Written]) -> None:
        self._exchange = exchange
        self._path = path
        self._row = row
        self._written = written

    async def fetch(self, token: str, **filters: Filter) -> AsyncIterator[Row]:
        """All rows that fit, in the server's order. Complete when it ends without raising."""
        params = {name: value for name, value in filters.items() if value is not None}

        async def fetch_page(number: int) -> ListPage[Row]:
            asked = {"page_size": PAGE_SIZE, **params, "page": number}
            return self._row.read_page(await self._exchange.get(self._path, header_of(token), asked))

        async for page in walk(fetch_page):
            for row in page:
                yield row

    async def fetch_one(self, token: str, identifier: Identifier) -> Row:
        """Raises Refused (404) where there is none."""
        return self._row.read_one(await self._exchange.get(self.path_of(identifier), header_of(token)))

    async def create(self, token: str, body: Wire, headers: Mapping[str, str] | None = None) -> Written:
        """Sends the members of `body` that were set. After Unclear look whether it is there before sending it again."""
        sent = {**header_of(token), **(headers or {})}
        return self._written.read_one(await self._exchange.post(self._path, sent, body, sparse=True))

    async def update(self, token: str, identifier: Identifier, body: Wire) -> Written:
        """Sends the members of `body` that were set; the others stay as they are. Doing it twice does it once."""
        answer = await self._exchange.patch(self.path_of(identifier), header_of(token), body)
        return self._written.read_one(answer)

    async def delete(self, token: str, identifier: Identifier) -> None:
        await self._exchange.delete(self.path_of(identifier), header_of(token))

    def path_of(self, identifier: Identifier) -> str:
        """Raises ValueError for what would lead elsewhere."""
        text = str(identifier)
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
            raise ValueError("not a BioTime id")
        return f"{self._path}{text}/"


def header_of(token: str) -> dict[str, str]:
    """A general token is 40 hex characters (wire notes, "Authentication"), a JWT has dots."""
    scheme = Scheme.TOKEN if re.fullmatch(r"[0-9a-fA-F]{40}", token) else Scheme.JWT
    return authorization(token, scheme)
