"""Places a person can be at, and the fence drawn on the page's map."""

import math
from dataclasses import dataclass, replace

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Place:
    """A point in WGS 84 degrees; `accuracy` is what the phone would say, in metres, None where it says nothing."""

    latitude: float
    longitude: float
    accuracy: float | None = None

    def moved(self, north: float = 0.0, east: float = 0.0) -> "Place":
        """The same phone, so many metres further (flat-earth, good for a few kilometres)."""
        per_longitude = METRES_PER_DEGREE * math.cos(math.radians(self.latitude))
        return replace(
            self,
            latitude=round(self.latitude + north / METRES_PER_DEGREE, 7),
            longitude=round(self.longitude + east / per_longitude, 7),
        )


@dataclass(frozen=True)
class Office:
    """The place the page offers first: its name, its middle, and the radius in metres of the circle on the map."""

    name: str
    address: str
    place: Place
    radius: float


DUBAI_OFFICE = Office("Dubai Office", "Dubai Internet City", Place(25.0916434, 55.1586873, 12.0), 150.0)
