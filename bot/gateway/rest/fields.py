"""Reads a body field by field and collects what is wrong with it, in Django REST Framework's words.

Stricter than the framework where that keeps nonsense out of the records: no NaN, no infinity, no "1_0", no control
characters. Text and numbers are both taken, since existing clients send both.
"""

import math
import re
import unicodedata
from collections.abc import Container
from datetime import date
from typing import TypeVar

from bot.gateway.rest.bodies import Body
from bot.gateway.rest.errors import Invalid

T = TypeVar("T")

REQUIRED = "This field is required."
NULL = "This field may not be null."
BLANK = "This field may not be blank."

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_PK = re.compile(r"[+-]?\d+", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LONGEST_NUMBER = 40
_MOST_ITEMS = 1000
_BIGGEST_ID = 2**31 - 1
_TRUE, _FALSE = frozenset({"true", "t", "1", "yes", "on"}), frozenset({"false", "f", "0", "no", "off"})
_LAYOUT = "\t\n\r"
_INFINITE = (math.inf, -math.inf)


class Fields:
    """Each reader returns a value of its type whatever happens; `finish` raises when anything was wrong."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._errors: dict[str, list[str]] = {}

    def finish(self) -> None:
        if self._errors:
            raise Invalid(self._errors)

    @property
    def wrong(self) -> bool:
        return bool(self._errors)

    def given(self, name: str) -> bool:
        """An update leaves alone what is not."""
        return name in self._body

    def empty(self, name: str) -> bool:
        """Missing, null or empty: so JSON and forms say "nothing"."""
        return self._body.get(name) in (None, "")

    def text(self, name: str, limit: int, *, trim: bool = False) -> str:
        """Required and not empty."""
        value = self._required(name)
        if value is None:
            return ""
        text = self._as_text(name, value, limit)
        text = text.strip() if trim else text
        return text if text or name in self._errors else self._refuse(name, BLANK, "")

    def optional_text(self, name: str, limit: int) -> str | None:
        """Missing, null and empty are all right, and kept apart as far as null and empty go."""
        value = self._body.get(name)
        return None if value is None else self._as_text(name, value, limit)

    def number(self, name: str, low: float, high: float) -> tuple[float, str]:
        """The number and its own text, so that an answer can repeat it digit for digit."""
        value = self._required(name)
        if value is None:
            return 0.0, ""
        text = _number_text(value)
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            return self._refuse(name, "A valid number is required.", (0.0, ""))
        number = float(text)
        if number > high:
            self._refuse(name, f"Ensure this value is less than or equal to {high:g}.", None)
        if number < low:
            self._refuse(name, f"Ensure this value is greater than or equal to {low:g}.", None)
        return number, text

    def whole(self, name: str, low: int, high: int | None = None) -> int:
        value = self._required(name)
        if value is None:
            return low
        text = _number_text(value)
        if not _WHOLE.fullmatch(text):
            return self._refuse(name, "A valid integer is required.", low)
        if int(text) < low:
            return self._refuse(name, f"Ensure this value is greater than or equal to {low}.", low)
        if high is not None and int(text) > high:
            return self._refuse(name, f"Ensure this value is less than or equal to {high}.", low)
        return int(text)

    def choice(self, name: str, choices: Container[int]) -> int:
        """A whole number or its text."""
        value = self._required(name)
        if value is None:
            return 0
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if re.fullmatch(r"\d{1,3}", text, re.ASCII) and int(text) in choices:
            return int(text)
        return self._refuse(name, f'"{str(value)[:50]}" is not a valid choice.', 0)

    def word(self, name: str, words: Container[str]) -> str:
        """One of some words, gender for instance."""
        value = self._required(name)
        if isinstance(value, str) and value in words:
            return value
        return "" if value is None else self._refuse(name, f'"{str(value)[:50]}" is not a valid choice.', "")

    def flag(self, name: str) -> bool:
        value = self._required(name)
        text = str(value).lower() if isinstance(value, str | int) else ""
        if value is not None and text not in _TRUE | _FALSE:
            self._refuse(name, "Must be a valid boolean.", None)
        return text in _TRUE

    def day(self, name: str) -> date:
        """`YYYY-MM-DD`."""
        value = self._required(name)
        match = _DATE.fullmatch(value) if isinstance(value, str) else None
        try:
            if match is not None:
                return date(*map(int, match.groups()))
        except ValueError:
            pass  # a 31st of February
        if value is None:
            return date.min
        return self._refuse(name, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.", date.min)

    def pk(self, name: str) -> int | None:
        """The id of another record, or nothing. Whether there is one is for the caller to see."""
        return None if self.empty(name) else self._as_pk(name, self._body[name])

    def pks(self, name: str) -> tuple[int, ...]:
        """Required: one id or more; in a form with commas between them."""
        value = self._required(name)
        if value is None:
            return ()
        items = value.strip("[] ").split(",") if isinstance(value, str) and value else value
        if not isinstance(items, list):
            return self._refuse(name, f'Expected a list of items but got type "{type(value).__name__}".', ())
        if not items:
            return self._refuse(name, "This list may not be empty.", ())
        if len(items) > _MOST_ITEMS:
            return self._refuse(name, f"Ensure this field has no more than {_MOST_ITEMS} elements.", ())
        return tuple(dict.fromkeys(self._as_pk(name, item) for item in items))

    def refuse(self, name: str, reason: str) -> None:
        self._refuse(name, reason, None)

    def _required(self, name: str) -> object:
        if name not in self._body:
            self._refuse(name, REQUIRED, None)
        elif self._body[name] is None:
            self._refuse(name, NULL, None)
        return self._body.get(name)

    def _as_pk(self, name: str, value: object) -> int:
        # The on-prem dialect shows records where it takes ids, and some clients send back what they were shown.
        value = value["id"] if isinstance(value, dict) and "id" in value else value
        text = value.strip() if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not isinstance(value, str | int) or not _PK.fullmatch(text):
            return self._refuse(name, f"Incorrect type. Expected pk value, received {type(value).__name__}.", 0)
        return read_pk(text) or self._refuse(name, no_such_pk(text), 0)

    def _as_text(self, name: str, value: object, limit: int) -> str:
        # 1e400 has come in as infinity: kept, it would be a name "inf".
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value in _INFINITE:
            return self._refuse(name, "Not a valid string.", "")
        text = str(value)
        if len(text) > limit:
            return self._refuse(name, f"Ensure this field has no more than {limit} characters.", "")
        if problem := unprintable(text):
            return self._refuse(name, problem, "")
        return text

    def _refuse(self, name: str, reason: str, instead: T) -> T:
        self._errors.setdefault(name, []).append(reason)
        return instead


def read_pk(text: str) -> int | None:
    """An integer id; None for what no record can have."""
    number = int(text) if _WHOLE.fullmatch(text) else 0
    return number if 0 < number <= _BIGGEST_ID else None


def no_such_pk(identifier: object) -> str:
    """Also where it is another company's."""
    return f'Invalid pk "{str(identifier)[:50]}" - object does not exist.'


def _number_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return value.strip() if isinstance(value, str) else str(value)


def unprintable(text: str) -> str | None:
    """Why the databases or a reader of the lists would choke on it."""
    if "\0" in text:
        return "Null characters are not allowed."
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            return f"Surrogate characters are not allowed: U+{ord(character):X}."
        if category == "Cc" and character not in _LAYOUT:
            return "Control characters are not allowed."
    return None
