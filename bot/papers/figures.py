"""What a picture is drawn from, in values that cross to another process."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.services.digests import Digest, Stripe
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


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """`stripes` of some of the team's `people`, in one language, for a light or a dark screen."""

    language: str
    dark: bool
    first: date
    last: date
    people: int
    stripes: tuple[Stripe, ...]


def build_figures(overview: Overview, language: str, *, dark: bool) -> Figures:
    days = tuple(Day(day.workdate, day.mark, day.worked, day.due) for day in overview.days)
    return Figures(language, dark, overview.first, overview.last, overview.today, days)


def build_team_figures(digest: Digest, language: str, *, dark: bool) -> TeamFigures:
    period = digest.period
    return TeamFigures(language, dark, period.first, period.last, digest.people, digest.stripes)
