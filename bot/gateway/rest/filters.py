"""Filters of a list: what one query parameter asks of a row (wire notes, "Lists").

An empty filter is no filter, an unknown parameter is ignored; a value that cannot be meant is refused in
django-filter's words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy import Column, ColumnElement
from starlette.requests import Request

from bot.biotime.wire.times import read_wall_text
from bot.gateway.rest.errors import Invalid
from bot.gateway.rest.fields import unprintable

LONGEST_VALUE = 1000
MOST_IDS = 1000
MOST_WORDS = 10
BIGGEST_NUMBER = 2**31 - 1
NO_FILTER = "-1"

Condition = ColumnElement[bool]
Filter = Callable[[str, ZoneInfo], Condition]
"""From a value that is not empty, and the company's zone. Raises BadValueError."""

Schema = Mapping[str, JsonValue]
"""What a parameter may be, in the words of JSON Schema, for the generated document."""

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
MOMENT: Schema = {"type": "string", "examples": ["2023-09-01 00:00:00"]}
ID_LIST: Schema = {"type": "string", "examples": ["1,2", "-1"]}


@dataclass(frozen=True, slots=True)
class Typed:
    """A filter that takes something else than text, and says what."""

    read: Filter
    schema: Schema

    def __call__(self, value: str, zone: ZoneInfo) -> Condition:
        return self.read(value, zone)


def schema_of(filter_: Filter) -> Schema:
    return filter_.schema if isinstance(filter_, Typed) else TEXT


class BadValueError(Exception):
    """The text is for the client."""


def read_filters(request: Request, filters: Mapping[str, Filter], zone: ZoneInfo) -> list[Condition]:
    """What the query parameters ask for. Raises Invalid, naming each that cannot be read."""
    conditions: list[Condition] = []
    errors: dict[str, list[str]] = {}
    for name, asked in request.query_params.items():
        # The manual's own example ends in `?area_code=2/`.
        value = asked.strip().removesuffix("/")
        if name not in filters or not value:
            continue
        try:
            conditions.append(_read(filters[name], value, zone))
        except BadValueError as problem:
            errors[name] = [str(problem)]
    if errors:
        raise Invalid(errors)
    return conditions


def _read(filter_: Filter, value: str, zone: ZoneInfo) -> Condition:
    if len(value) > LONGEST_VALUE:
        raise BadValueError(f"Ensure this value has at most {LONGEST_VALUE} characters.")
    if problem := unprintable(value):
        raise BadValueError(problem)
    return filter_(value, zone)


def texts(**columns: Column[str] | Column[str | None]) -> dict[str, Filter]:
    """Each by its name, to the letter, and as `<name>_icontains`, a part in any case."""
    exact = {name: _is_text(column) for name, column in columns.items()}
    return exact | {f"{name}_icontains": contains(column) for name, column in columns.items()}


def _is_text(column: Column[str] | Column[str | None]) -> Filter:
    return lambda value, _: column == value


def contains(column: Column[str] | Column[str | None]) -> Filter:
    """A part of it, in any case."""
    return lambda value, _: column.icontains(value, autoescape=True)


def search(*columns: Column[str] | Column[str | None]) -> Filter:
    """Each word in one column or another, as the framework's `search` has it: "mona ali" is found by both names."""

    def read(value: str, _: ZoneInfo) -> Condition:
        words = value.split()[:MOST_WORDS]
        return sa.and_(*(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))

    return read


def number(column: ColumnElement[int]) -> Filter:
    """A whole number, an id for instance."""
    return Typed(lambda value, _: _is_number(column, value), INTEGER)


def _is_number(column: ColumnElement[int], value: str) -> Condition:
    wanted = _whole(value)
    # No row has it, and the databases would not take it.
    return column == wanted if abs(wanted) <= BIGGEST_NUMBER else sa.false()


def choice(column: ColumnElement[int], choices: frozenset[int]) -> Filter:
    def read(value: str, _: ZoneInfo) -> Condition:
        if not value.isdecimal() or not value.isascii() or len(value) > 3 or int(value) not in choices:
            raise BadValueError(f"Select a valid choice. {value[:50]} is not one of the available choices.")
        return column == int(value)

    return Typed(read, {"type": "integer", "enum": [*sorted(choices)]})


def among(is_one_of: Callable[[list[int]], Condition]) -> Filter:
    """Ids with commas between them; -1 asks for nothing."""

    def read(value: str, _: ZoneInfo) -> Condition:
        if value == NO_FILTER:
            return sa.true()
        wanted = [_whole(part) for part in value.split(",")[: MOST_IDS + 1] if part.strip()]
        if len(wanted) > MOST_IDS:
            raise BadValueError(f"Ensure there are at most {MOST_IDS} values.")
        return is_one_of([number for number in wanted if abs(number) <= BIGGEST_NUMBER])

    return Typed(read, ID_LIST)


def ids(column: Column[int]) -> Filter:
    """`among` the values of one column."""
    return among(column.in_)


def since(column: ColumnElement[object]) -> Filter:
    """Not before this wall clock time of the company; a date alone is its midnight."""
    return Typed(lambda value, zone: column >= _instant(value, zone), MOMENT)


def until(column: ColumnElement[object]) -> Filter:
    """Not after it."""
    return Typed(lambda value, zone: column <= _instant(value, zone), MOMENT)


def _instant(value: str, zone: ZoneInfo) -> object:
    try:
        return read_wall_text(value, zone)
    except ValueError:
        raise BadValueError("Enter a valid date/time.") from None


def _whole(text: str) -> int:
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_VALUE):
        raise BadValueError("Enter a number.")
    return int(text)
