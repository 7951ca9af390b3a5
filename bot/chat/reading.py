"""What people type for a time of day or a day, in any of our languages and in any script's digits."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

from babel.dates import get_day_names, get_month_names

from bot.chat.phrases import simplify
from bot.i18n import LANGUAGES, N_, translator_for

TODAY, YESTERDAY, TOMORROW = N_("today"), N_("yesterday"), N_("tomorrow")
_OFFSETS = {TODAY: 0, YESTERDAY: -1, TOMORROW: 1}

_MORNING = ("am", "a", "ص", "صباحا", "صبح", "सुबह", "पूर्वाह्न")
_EVENING = ("pm", "p", "م", "مساء", "شام", "عصرا", "शाम", "अपराह्न")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h،٫,]\s*|\s+)(?P<minute>\d{2})h?"
    r"|(?P<both>\d{3,4})h?"
    r"|(?P<only>\d{1,2})\s*h?"
)
_HALF = re.compile(rf"(?P<time>.*?)\s*(?P<half>{'|'.join(sorted((*_MORNING, *_EVENING), key=len, reverse=True))})?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})(?:[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?)?")
_WORDS = re.compile(r"(?:(?P<day>\d{1,2}) )?(?P<word>[^\d]+?)(?: (?P<after>\d{1,2}))?(?: (?P<year>\d{4}))?")


@dataclass(frozen=True, slots=True)
class Days:
    """The days one may choose from, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_time(typed: str) -> time | None:
    """`8:05`, `0805`, `8h05`, `8.05 pm`, `٨:٠٥ م`, `8`; None for anything else."""
    split = _HALF.fullmatch(_plain(typed))
    found = _TIME.fullmatch(split["time"]) if split else None
    if split is None or found is None:
        return None
    digits = found["both"]
    hour, minute = (digits[:-2], digits[-2:]) if digits else (found["hour"] or found["only"], found["minute"] or "0")
    return _build_time(int(hour), int(minute), split["half"])


def _build_time(hour: int, minute: int, half: str | None) -> time | None:
    if half in _MORNING:
        hour = {12: 0}.get(hour, hour) if 1 <= hour <= 12 else 24
    elif half in _EVENING:
        hour = hour + 12 if 1 <= hour < 12 else hour or 24
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_day(typed: str, today: date, days: Days) -> date | None:
    """`2`, `2/3`, `2 Mar`, `Mon, 2 March 2026`, `2026-03-02`, `yesterday`, `Monday`, the words in any of our languages.

    What names no year, month or week means one of `days` where it can, else the nearest to today: it is for the caller
    to say that this is none of them. None for what is no day at all.
    """
    meant = sorted(set(_read_days(_plain(typed), today)), key=lambda day: abs(day - today))
    return next((day for day in meant if day in days), next(iter(meant), None))


def _read_days(plain: str, today: date) -> Iterator[date]:
    if found := _ISO.fullmatch(plain):
        yield from _dates([int(found[1])], [int(found[2])], int(found[3]))
    elif found := _NUMERIC.fullmatch(plain.rstrip(".")):
        year = int(found[3]) if found[3] else None
        months = [int(found[2])] if found[2] else range(1, 13)
        yield from _dates(_years(year, today), months, int(found[1]))
    else:
        weekday, rest = _split_weekday(plain)
        if weekday is not None:
            yield from (day for day in _read_days(rest, today) if day.weekday() == weekday)
        yield from _read_words(simplify(plain), today)


def _split_weekday(plain: str) -> tuple[int | None, str]:
    """Its name before or behind a day, in any of our languages, and the day."""
    words = plain.split()
    for name, rest in ((words[:1], words[1:]), (words[-1:], words[:-1])):
        if rest and (weekday := _weekdays().get(simplify(" ".join(name)))) is not None:
            return weekday, " ".join(rest)
    return None, ""


def _read_words(said: str, today: date) -> Iterator[date]:
    offset, weekday = _relative_words().get(said), _weekdays().get(said)
    if offset is not None:
        yield today + timedelta(days=offset)
    if weekday is not None:
        start = today - timedelta(days=today.weekday() - weekday)
        yield from (start + timedelta(days=7 * week) for week in (-1, 0, 1))
    found = _WORDS.fullmatch(said)
    month = _months().get(found["word"].strip()) if found else None
    number = (found["day"] or found["after"]) if found else None
    if found and month and number:
        yield from _dates(_years(int(found["year"]) if found["year"] else None, today), [month], int(number))


def _years(year: int | None, today: date) -> list[int]:
    if year is None:
        return [today.year - 1, today.year, today.year + 1]
    return [year + 2000 if year < 100 else year]


def _dates(years: list[int], months: "list[int] | range", day: int) -> Iterator[date]:
    for year in years:
        for month in months:
            try:
                yield date(year, month, day)
            except ValueError:
                continue


def _plain(typed: str) -> str:
    """One width, lower case, Western digits; without marks of direction, and without the dots of "p.m."."""
    text = unicodedata.normalize("NFKC", typed[:60]).casefold()
    visible = "".join(_western(c) for c in text if not _is_unseen(c))
    return re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", " ".join(visible.split()))


def _is_unseen(character: str) -> bool:
    """Marks of direction, and Arabic vowel signs; those of Devanagari belong to their words."""
    category = unicodedata.category(character)
    return category == "Cf" or (category == "Mn" and character <= "\u08ff")


def _western(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


@cache
def _relative_words() -> dict[str, int]:
    spoken = [translator_for(code) for code in LANGUAGES]
    return {simplify(t.gettext(word)): offset for t in spoken for word, offset in _OFFSETS.items()}


@cache
def _weekdays() -> dict[str, int]:
    return {simplify(name): number for names in _names(get_day_names) for number, name in names}


@cache
def _months() -> dict[str, int]:
    return {simplify(name): number for names in _names(get_month_names) for number, name in names}


def _names(get: "object") -> Iterator[list[tuple[int, str]]]:
    for code in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                assert callable(get)
                yield list(get(width, context, translator_for(code).locale).items())
