"""Geofences: kept per company, matched with the area names that BioTime gives a person."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.attendance.geofence import Area
from bot.attendance.geojson import parse_areas
from bot.database import Database
from bot.store import areas as store

# `hadir areas import` runs in another process: what it changes is seen after this long.
FRESH = timedelta(seconds=15)


class Areas:
    """The companies' fences, parsed once and looked up again after a quarter of a minute."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now
        self._parsed: dict[str, tuple[datetime, tuple[Area, ...]]] = {}

    async def of(self, company: str) -> tuple[Area, ...]:
        known = self._parsed.get(company)
        if known is None or not timedelta(0) <= self._now() - known[0] < FRESH:
            document = await self._db.read(lambda c: store.load_areas(c, company))
            known = self._parsed[company] = (self._now(), parse_areas(document) if document else ())
        return known[1]

    async def replace(self, company: str, document: str) -> tuple[Area, ...]:
        """Takes a GeoJSON FeatureCollection for all of the company's fences; BadAreas says what is wrong where."""
        parsed = parse_areas(document)
        await self._db.write(lambda c: store.settle_areas(c, company, document))
        self._parsed.pop(company, None)
        return parsed


def match_areas(named: str, areas: Sequence[Area]) -> tuple[Area, ...]:
    """The fences of the areas BioTime names for a person, by code or name; several are divided by commas."""
    whole = named.strip().casefold()
    parts = {whole, *(part.strip() for part in whole.replace(";", ",").split(","))} - {""}
    return tuple(area for area in areas if {area.code.casefold(), area.name.casefold()} & parts)
