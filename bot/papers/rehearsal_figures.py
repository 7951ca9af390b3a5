"""What the picture of a rehearsal is drawn from, in values that cross to another process."""

from dataclasses import dataclass
from datetime import date

from bot.services.rehearsing import DayTally, Rehearsal, SiteTally, Tally

_MOST_SITES = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """In one language, for a light or a dark screen; `sites` are those with the most to tell."""

    language: str
    dark: bool
    first: date
    last: date
    days: tuple[DayTally, ...]
    sites: tuple[SiteTally, ...]


def build_figures(rehearsal: Rehearsal, language: str, *, dark: bool) -> Figures:
    sites = tuple(site for site in rehearsal.sites if count_all(site.tally))
    return Figures(language, dark, rehearsal.first, rehearsal.last, rehearsal.days, sites[:_MOST_SITES])


def count_all(tally: Tally) -> int:
    """All that is drawn of a day or a site."""
    return tally.told + tally.missed
