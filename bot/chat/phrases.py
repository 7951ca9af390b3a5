"""Plain words: "in", "late 20 min", «حضور». A small table of phrases per language, and no guessing beyond it."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.i18n import LANGUAGES, LOCALES

# People write Arabic and Urdu with and without these, and their keyboards differ in some letters.
_ALIKE = str.maketrans("أإآٱىیئيكةۀہھؤ", "ااااييييکههههو") | str.maketrans("", "", "ـ")
_NUMBER = r"(?P<n>[0-9]{1,3})"


class Wish(StrEnum):
    """What is asked for; the names of the rows in `locales/phrases.toml`."""

    IN = "in"
    OUT = "out"
    BREAK = "break"
    BACK = "back"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LATE = "late"
    SICK = "sick"
    FORGOT = "forgot"


@dataclass(frozen=True, slots=True)
class Wished:
    wish: Wish
    minutes: int | None = None


def read_wish(text: str, language: str) -> Wished | None:
    """What these words ask for in `language`, else in any of ours; None for all that no table holds."""
    said = simplify(text)
    for code in sorted(LANGUAGES, key=lambda code: code != language):
        for pattern, wish in phrases_of(code):
            found = pattern.fullmatch(said)
            if found is not None:
                minutes = found.groupdict().get("n")
                return Wished(wish, int(minutes) if minutes else None)
    return None


def say_wish(language: str, wish: Wish) -> str:
    """How somebody would say it, for an example: with a number where the table has one."""
    phrases = _read_table(language)[wish]
    return next((one for one in phrases if "{n}" in one), phrases[1]).replace("{n}", "20")


def simplify(text: str) -> str:
    """Lower case, plain digits, single spaces; no punctuation, emoji or Arabic vowel signs."""
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.translate(_ALIKE).split())


@cache
def phrases_of(language: str) -> tuple[tuple[re.Pattern[str], Wish], ...]:
    table = _read_table(language)
    return tuple((_pattern(phrase), Wish(name)) for name, phrases in table.items() for phrase in phrases)


@cache
def _read_table(language: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = tomllib.loads((LOCALES / "phrases.toml").read_text(encoding="utf-8"))[language]
    return table


def _pattern(phrase: str) -> re.Pattern[str]:
    parts = [re.escape(simplify(part)) for part in phrase.split("{n}")]
    # "20min" is "20 min".
    return re.compile(rf" ?{_NUMBER} ?".join(parts) if len(parts) > 1 else parts[0])


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category == "Mn" and unicodedata.bidirectional(character) == "NSM" and "\u064b" <= character <= "\u0670":
        return ""
    if character in "'’":
        return ""
    # Signs that carry a vowel belong to the word in Devanagari.
    return character if category[0] in "LM" else " "
