"""How an endpoint is described: what it takes, what it answers, and under which anchor its page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from bot.biotime.wire.envelope import EmptyWebList, Wire
from bot.gateway.api.web_lists import WebListing
from bot.gateway.rest.filters import INTEGER, TEXT, Filter, Schema, schema_of

Model = type[BaseModel]
Parameters = Mapping[str, Schema]

PAGING: Parameters = {
    "page": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "last"}], "description": "From 1."},
    "page_size": {"type": "integer", "minimum": 1, "description": "Rows of a page, 10 if nothing is said."},
    "limit": {"type": "integer", "minimum": 1, "description": "The same; page_size wins."},
}
_DAY: Schema = {"type": "string", "examples": ["2023-09-01"]}
PERIOD: Parameters = {
    "start_date": {**_DAY, "description": "The first of the month of end_date if it is not given."},
    "end_date": {**_DAY, "description": "Included; today if it is not given."},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a path.

    `answers`: any of these, none is 204. `required`: members that the body needs beyond those its model requires.
    """

    anchor: str
    summary: str
    answers: tuple[Model, ...] = ()
    status: int = 200
    bodies: tuple[Model, ...] = ()
    required: tuple[str, ...] = ()
    query: Parameters = field(default_factory=dict)
    headers: Parameters = field(default_factory=dict)
    identifier: Schema = field(default_factory=lambda: INTEGER)
    """What the URL's `{id}` may be."""


Methods = Mapping[str, Operation]
Paths = Mapping[str, Methods]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One docs page: where the manual says it is, whose endpoints it shows, and what goes for all of them."""

    name: str
    page: str
    about: str
    paths: Paths


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of record in anchors and summaries: `employees`, `employee`."""

    anchor: str
    one: str
    many: str
    identifier: Schema = field(default_factory=lambda: INTEGER)


def typed(filters: Mapping[str, Filter]) -> Parameters:
    """A list's filters as parameters, out of the table that it is asked by."""
    return {name: schema_of(filter_) for name, filter_ in filters.items()}


def asked(listing: WebListing, also: Parameters | None = None) -> Parameters:
    """All that a list of the web API can be asked for; `also`: filters that it makes anew for each request."""
    return {**typed(listing.filters), **(also or {}), **PAGING, "ordering": ordering(listing.orders)}


def ordering(orders: Iterable[str]) -> Schema:
    names = ", ".join(sorted(orders))
    return {**TEXT, "description": f"One or several of {names}, with commas; a minus in front turns it around."}


def a_list(noun: Noun, rows: tuple[Model, ...], query: Parameters) -> Operation:
    """`rows` are the pages: one for each dialect."""
    return Operation(f"{noun.anchor}-list", f"List {noun.many}", (*rows, EmptyWebList), query=query)


def a_reading(noun: Noun, rows: tuple[type[Wire], ...]) -> Operation:
    return Operation(f"{noun.anchor}-read", f"Show {noun.one}", rows, identifier=noun.identifier)


def a_creation(noun: Noun, receipts: tuple[type[Wire], ...], body: Model, required: tuple[str, ...] = ()) -> Operation:
    return Operation(f"{noun.anchor}-create", f"Create {noun.one}", receipts, 201, (body,), required)


def changes(noun: Noun, receipts: tuple[type[Wire], ...], body: Model) -> Methods:
    """PUT and PATCH alike: what is not said stays."""
    change = Operation(
        f"{noun.anchor}-update", f"Change {noun.one}", receipts, bodies=(body,), identifier=noun.identifier
    )
    return {"PUT": change, "PATCH": change}


def a_removal(noun: Noun, answers: tuple[type[Wire], ...] = ()) -> Operation:
    """Without an answer, or in the `cloud` dialect with one."""
    return Operation(f"{noun.anchor}-delete", f"Delete {noun.one}", answers, identifier=noun.identifier)
