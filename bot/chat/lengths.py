"""Lengths of time as people type them, alone or before and after something, in any of our languages' words."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.chat.phrases import simplify
from bot.i18n import LOCALES

MOST = 600
_LONGEST, _DIGITS = 80, 4
_UNSEEN = " \u200e\u200f\u2066\u2067\u2068\u2069"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_NUMBER = re.compile(r"(\d+)")
_BETWEEN = re.compile(r"\d[^\w\s:]+\d")


@dataclass(frozen=True, slots=True)
class Length:
    """`side` is -1 before something, 1 after it, and 0 where that was not said."""

    minutes: int
    side: int

    @property
    def signed(self) -> int:
        return -self.minutes if self.side < 0 else self.minutes


@dataclass(frozen=True, slots=True)
class _Words:
    hours: frozenset[str]
    minutes: frozenset[str]
    one: dict[str, int]
    before: tuple[str, ...]
    after: tuple[str, ...]
    beside: frozenset[str]


def read_length(typed: str) -> Length | None:
    """`20`, `-10`, `1 h 30`, `1:30`, `15 min before the start`, «١٥ دقيقة قبل»; None for anything else."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST]).strip(_UNSEEN)
    side = {"-": -1, "−": -1, "–": -1, "+": 1}.get(plain[:1], 0)
    said = simplify(_CLOCK.sub(r"\1 h \2", plain[1:] if side else plain))
    # What stands between digits is a decimal point, or a range.
    if _BETWEEN.search(plain):
        return None
    found = next((one for words in read_words() if (one := _read(said, words)) is not None), None)
    if found is None or not side:
        return found
    return Length(found.minutes, side) if not found.side else None


def read_minutes(typed: str, most: int = MOST) -> int | None:
    """From 1 to `most`, and not before anything."""
    found = read_length(typed)
    return found.minutes if found is not None and found.side >= 0 and 1 <= found.minutes <= most else None


@cache
def read_words() -> tuple[_Words, ...]:
    """One for each language."""
    tables = tomllib.loads((LOCALES / "lengths.toml").read_text(encoding="utf-8"))
    return tuple(_build_words(table) for table in tables.values())


def _build_words(table: dict[str, Any]) -> _Words:
    def plain(name: str) -> Iterable[str]:
        return map(simplify, table[name])

    return _Words(
        hours=frozenset(plain("hours")),
        minutes=frozenset(plain("minutes")),
        one={simplify(word): minutes for word, minutes in table["one"].items()},
        before=tuple(plain("before")),
        after=tuple(plain("after")),
        beside=frozenset(plain("beside")),
    )


def _read(said: str, words: _Words) -> Length | None:
    """Everything that was said must be understood, in one language."""
    minutes, rest = _take_minutes(_NUMBER.sub(r" \1 ", said).split(), words)
    sides, left = _take_sides(rest, words)
    if minutes is None or len(sides) > 1 or set(left.split()) - words.beside:
        return None
    return Length(minutes, next(iter(sides), 0))


def _take_minutes(tokens: Sequence[str], words: _Words) -> tuple[int | None, str]:
    """How long, and the words around it."""
    hours, minutes, rest = None, None, []
    while tokens:
        number, unit, skipped = tokens[0], tokens[1] if len(tokens) > 1 else "", 2
        if not number.isdecimal():
            rest.append(number)
            skipped = 1
        elif len(number) > _DIGITS or minutes is not None:
            return None, ""
        elif unit in words.hours and hours is None:
            hours = int(number)
        else:
            minutes, skipped = int(number), 2 if unit in words.minutes else 1
        tokens = tokens[skipped:]
    if hours is None and minutes is None:
        return _take_one(" ".join(rest), words)
    return 60 * (hours or 0) + (minutes or 0), " ".join(rest)


def _take_one(said: str, words: _Words) -> tuple[int | None, str]:
    for word in sorted(words.one, key=len, reverse=True):
        rest = _without(said, word)
        if rest is not None:
            return words.one[word], rest
    return None, said


def _take_sides(said: str, words: _Words) -> tuple[set[int], str]:
    sides = set()
    for side, known in ((-1, words.before), (1, words.after)):
        for word in sorted(known, key=len, reverse=True):
            rest = _without(said, word)
            if rest is not None:
                sides.add(side)
                said = rest
    return sides, said


def _without(said: str, word: str) -> str | None:
    """None where the word is not in it."""
    padded = f" {' '.join(said.split())} "
    return padded.replace(f" {word} ", " ", 1).strip() if f" {word} " in padded else None
