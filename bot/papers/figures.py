"""What a picture is drawn from, in values that cross to another process."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.services.workdays import Mark, Overview


@dataclass(frozen=True, slots=True)
class Day:
    workdate: date
    mark: Mark
    worked: timedelta
    due: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """A week or a month in one language, for a light or a dark screen."""

    language: str
    dark: bool
    first: date
    last: date
    today: date
    days: tuple[Day, ...]


def build_figures(overview: Overview, language: str, *, dark: bool) -> Figures:
    days = tuple(Day(day.workdate, day.mark, day.worked, day.due) for day in overview.days)
    return Figures(language, dark, overview.first, overview.last, overview.today, days)
