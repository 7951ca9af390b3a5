"""Periods of days: those people choose by a button, and those they type."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from bot.chat.keyboards import means
from bot.chat.reading import Days, read_day
from bot.i18n import N_, Translator
from bot.services.summaries import LONGEST_EXPORT
from bot.services.workdays import DAY, FIRST_DAY, month_of

# A dash between two days; a hyphen may belong to one of them.
_DASH = re.compile(r"[–—]|-(?=\d{1,2}[/.])")
_MOST_WORDS = 12
FORM = r"\d{8}-\d{8}"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    first: date
    last: date

    def __str__(self) -> str:
        """As it travels in a button: `20260301-20260331`."""
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"

    @classmethod
    def read(cls, text: str) -> "Period":
        """What `str` gave. Raises ValueError."""
        first, last = (datetime.strptime(part, "%Y%m%d").date() for part in text.split("-"))  # noqa: DTZ007
        return cls(first, last)

    @property
    def is_too_long(self) -> bool:
        return self.last - self.first > LONGEST_EXPORT

    @property
    def is_too_old(self) -> bool:
        return self.first < FIRST_DAY

    def until(self, today: date) -> "Period":
        """Without the days that are still to come."""
        return Period(self.first, min(self.last, today))


def describe_too_old(t: Translator) -> str:
    return t("That is too long ago: please choose days from {first} on.", first=t.date(FIRST_DAY))


def this_month(today: date) -> Period:
    return Period(month_of(today)[0], today)


def last_month(today: date) -> Period:
    return Period(*month_of(month_of(today)[0] - DAY))


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today)


def last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


# What stands on the buttons, and may be typed as well.
NAMED: Mapping[str, Callable[[date], Period]] = MappingProxyType(
    {
        N_("This month"): this_month,
        N_("Last month"): last_month,
        N_("This year"): this_year,
        N_("Last year"): last_year,
    }
)


def read_named(typed: str, today: date) -> Period | None:
    """ "last month", in any of our languages."""
    return next((named(today) for label, named in NAMED.items() if means(typed, label)), None)


def is_slip(typed: str) -> bool:
    """Figures that are no days."""
    return any(letter.isdecimal() for letter in typed)


def read_period(typed: str, today: date, days: Days | None = None) -> Period | None:
    """Two days in either order, as `read_day` takes each, with words before and a word or a dash between them:
    `1/2/2026 - 15/2/2026`, `from 1 Feb to 15 Feb`, `٢٠٢٦-٠٢-٠١ إلى ٢٠٢٦-٠٢-١٥`. What names no year is one of `days`,
    or past. None for anything else.
    """
    days = days or Days(today - LONGEST_EXPORT, today)
    for left, right in _split(_DASH.sub(" ", typed).split()[:_MOST_WORDS]):
        first, last = read_day(left, today, days), read_day(right, today, days)
        if first is not None and last is not None:
            return Period(min(first, last), max(first, last))
    return None


def _split(words: list[str]) -> Iterator[tuple[str, str]]:
    """Every way to part them in two, with or without words before and one in the middle; no figure is lost. First those
    whose days are written alike: `1 Feb 20 Mar` is not `1 Feb 20` and `Mar`, Tuesday in Spanish."""
    for begin in range(3):
        ways = [(end, go_on) for end in range(len(words) - 1, begin, -1) for go_on in (end, end + 1)]
        for end, go_on in sorted(ways, key=lambda way: abs((way[0] - begin) - (len(words) - way[1]))):
            if not any(c.isdecimal() for word in (*words[:begin], *words[end:go_on]) for c in word):
                yield " ".join(words[begin:end]), " ".join(words[go_on:])
