"""A month under a message: the days one may choose as buttons, in the week that the person's country begins."""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.chat.keyboards import Row
from bot.chat.reading import Days
from bot.i18n import Translator

# A button that says something and does nothing.
IDLE = "idle"
NOTHING = ("·", IDLE)


@dataclass(frozen=True, slots=True)
class Month:
    """The first day of it stands for it."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    @classmethod
    def read(cls, text: str) -> "Month":
        """`202603`. Raises ValueError."""
        return cls(date(int(text[:4]), int(text[4:6]), 1))

    def __str__(self) -> str:
        return f"{self.first:%Y%m}"

    @property
    def following(self) -> "Month":
        return Month.of(self.first + timedelta(days=31))

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)


def build_calendar(
    t: Translator, month: Month, days: Days, pick: Callable[[date], str], turn: Callable[[Month], str]
) -> list[Row]:
    """`pick` and `turn` give a button's data. Days that are not among `days` are dots; so is a month without any."""
    month = min(max(month, Month.of(days.first), key=_first), Month.of(days.last), key=_first)
    older = ("‹", turn(month.previous)) if month.first > days.first else NOTHING
    newer = ("›", turn(month.following)) if month.last < days.last else NOTHING
    head: Row = [older, (t.month(month.first), IDLE), newer]
    return [head, *build_weeks(t, month.first, lambda day: (t.number(day.day), pick(day)) if day in days else None)]


def build_weeks(t: Translator, first: date, build_day: Callable[[date], tuple[str, str] | None]) -> list[Row]:
    """The month of `first` under the names of the weekdays. What `build_day` has no button for is a dot; a week of
    dots is left out."""
    rows = [build_names(t)]
    for week in Calendar(t.first_weekday).monthdatescalendar(first.year, first.month):
        row = [build_day(day) if day.month == first.month else None for day in week]
        if any(row):
            rows.append([button or NOTHING for button in row])
    return rows


def build_names(t: Translator) -> Row:
    return [(name, IDLE) for name in t.weekdays()]


def _first(month: Month) -> date:
    return month.first
