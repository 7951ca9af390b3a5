"""Periods of days: those people choose by a button, and those they type."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.services.summaries import LONGEST_EXPORT
from bot.services.workdays import DAY, month_of

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_DATE = re.compile(rf"(?<!\d)(?:{_ISO.pattern}|{_DAY_FIRST.pattern})(?!\d)", re.ASCII)
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

    def until(self, today: date) -> "Period":
        """Without the days that are still to come."""
        return Period(self.first, min(self.last, today))


def this_month(today: date) -> Period:
    return Period(month_of(today)[0], today)


def last_month(today: date) -> Period:
    return Period(*month_of(month_of(today)[0] - DAY))


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today)


def last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def read_period(typed: str) -> Period | None:
    """Two dates in either order, the year or the day first, with anything between them: `1/2/2026 - 15/2/2026`,
    `٢٠٢٦-٠٢-٠١ إلى ٢٠٢٦-٠٢-١٥`. None for anything else.
    """
    try:
        dates = sorted(_read_dates(_western(typed)))
    except ValueError:
        return None
    return Period(*dates) if len(dates) == 2 else None


def _read_dates(text: str) -> Iterator[date]:
    for found in _DATE.finditer(text):
        year, month, day, day_first, month_too, year_last = found.groups()
        yield date(int(year or year_last), int(month or month_too), int(day or day_first))


def _western(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in unicodedata.normalize("NFKC", text))
