"""Where a position is, seen from the areas a person may clock in at.

BioTime's areas have no coordinates; the fences are ours. A circle is measured on the ellipsoid. A polygon is laid out
once in metres around its own centre (azimuthal equidistant: distances from there are true), and measured in that plane,
which for fences up to `LARGEST` is right to a thousandth - at the antimeridian and at the poles too.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import shapely
from geographiclib.geodesic import Geodesic

from bot.attendance.model import Position

LARGEST = 500_000.0
ACCURACY_CAP = 100.0

_EARTH_RADIUS = 6_371_008.8
# A sphere differs from the ellipsoid by 0.56 % at most: what it says, less one percent, is never too much.
_SPHERE_ALLOWANCE = 0.99
# Edges are straight in longitude and latitude (RFC 7946, 3.1.1); cut in pieces of this many degrees, also in our plane.
_EDGE_PIECE = 0.02


class Fence(Protocol):
    """A shape on the ground with a centre; distances in metres."""

    @property
    def centre(self) -> Position: ...

    @property
    def reach(self) -> float:
        """No point of the fence is farther from the centre."""

    def measure(self, position: Position) -> tuple[float, float]:
        """Distance to the centre, and to the edge: negative inside."""


@dataclass(frozen=True, slots=True)
class Circle:
    centre: Position
    radius: float

    @property
    def reach(self) -> float:
        return self.radius

    def measure(self, position: Position) -> tuple[float, float]:
        distance = measure_distance(self.centre, position)
        return distance, distance - self.radius


@dataclass(frozen=True, slots=True, eq=False)
class Polygon:
    """A polygon in metres east and north of its centre; made by `build_polygon`."""

    centre: Position
    reach: float
    plane: shapely.Polygon

    def measure(self, position: Position) -> tuple[float, float]:
        x, y = _lay_out(self.centre, position)
        point = shapely.Point(x, y)
        to_edge = float(shapely.distance(self.plane.boundary, point))
        return math.hypot(x, y), -to_edge if self.plane.covers(point) else to_edge


@dataclass(frozen=True, slots=True)
class Area:
    """A place BioTime knows by `code` or `name` (one of them may be empty), with its fences.

    `enforce`: a punch from outside is refused; otherwise it is recorded and marked.
    """

    code: str
    name: str
    fences: tuple[Fence, ...]
    enforce: bool = False

    @property
    def title(self) -> str:
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class Placement:
    """The area that fits a position best. `to_edge` is negative inside the fence; both distances in metres.

    `inside` gives the person the benefit of the phone's accuracy; `certain` says that the whole circle of that accuracy
    is on the same side of the fence (never without an accuracy).
    """

    area: Area
    to_centre: float
    to_edge: float
    inside: bool
    certain: bool

    @property
    def distance(self) -> float:
        """What people are shown: inside, how far from the middle of the place; outside, how far they have to go."""
        return self.to_centre if self.inside else max(self.to_edge, 0.0)


def measure_distance(one: Position, other: Position) -> float:
    """Metres along the ground, WGS84."""
    return float(
        Geodesic.WGS84.Inverse(one.latitude, one.longitude, other.latitude, other.longitude, Geodesic.DISTANCE)["s12"]
    )


def measure(position: Position, areas: Iterable[Area], accuracy_cap: float = ACCURACY_CAP) -> Placement | None:
    """The area the position is in, else the nearest one; None where there are no fences.

    Inside means within the phone's accuracy of the fence, but no more than `accuracy_cap` metres of it: a phone
    that vouches for 1,500 m must not open every gate in town. Of several areas, the one with the nearest centre.
    """
    allowance = min(max(position.accuracy or 0.0, 0.0), accuracy_cap)
    best: tuple[float, float, Area, float] | None = None
    for least, area, fence in _sort_by_least(position, areas, allowance):
        if best is not None and least > best[:2]:
            break
        to_centre, to_edge = fence.measure(position)
        if best is None or (max(to_edge - allowance, 0.0), to_centre) < best[:2]:
            best = max(to_edge - allowance, 0.0), to_centre, area, to_edge
    if best is None:
        return None
    missing, to_centre, area, to_edge = best
    return Placement(area, to_centre, to_edge, missing == 0, _is_certain(to_edge, missing == 0, position.accuracy))


def _is_certain(to_edge: float, inside: bool, accuracy: float | None) -> bool:
    if accuracy is None:
        return False
    return to_edge + accuracy <= 0 if inside else to_edge - accuracy > 0


def _sort_by_least(
    position: Position, areas: Iterable[Area], allowance: float
) -> list[tuple[tuple[float, float], Area, Fence]]:
    """The fences with the least that `measure` could find for each: only a few need measuring exactly."""
    found = []
    for area in areas:
        for fence in area.fences:
            to_centre = _measure_on_sphere(position, fence.centre) * _SPHERE_ALLOWANCE
            found.append(((max(to_centre - fence.reach - allowance, 0.0), to_centre), area, fence))
    return sorted(found, key=lambda entry: entry[0])


def _measure_on_sphere(one: Position, other: Position) -> float:
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    across = math.sin(math.radians(other.longitude - one.longitude) / 2)
    along = math.sin((other_latitude - latitude) / 2)
    square = along * along + math.cos(latitude) * math.cos(other_latitude) * across * across
    return 2 * _EARTH_RADIUS * math.asin(math.sqrt(min(square, 1.0)))


def _lay_out(centre: Position, position: Position) -> tuple[float, float]:
    """Metres east and north of the centre, distance and direction from there being true."""
    line = Geodesic.WGS84.Inverse(centre.latitude, centre.longitude, position.latitude, position.longitude)
    distance, bearing = line["s12"], math.radians(line["azi1"])
    return distance * math.sin(bearing), distance * math.cos(bearing)


def build_polygon(rings: Sequence[Sequence[tuple[float, float]]]) -> Polygon:
    """Rings of (longitude, latitude) in degrees, the outer one first, each closed; ValueError says what is wrong."""
    outline = shapely.Polygon(*_unwrap(rings))
    if not outline.is_valid:
        raise ValueError(f"its outline crosses itself or is broken ({shapely.is_valid_reason(outline)})")
    middle = outline.centroid
    centre = Position(middle.y, (middle.x + 180) % 360 - 180)
    corners = [Position(y, x) for ring in rings for x, y in ring]
    if max(measure_distance(centre, corner) for corner in corners) > LARGEST:
        raise ValueError(f"it reaches more than {LARGEST / 1000:.0f} km from its middle")
    plane = _project(outline.segmentize(_EDGE_PIECE), centre)
    shapely.prepare(plane)
    return Polygon(centre, max(math.hypot(x, y) for x, y in plane.exterior.coords), plane)


def _project(outline: shapely.Polygon, centre: Position) -> shapely.Polygon:
    def lay_out(ring: shapely.LinearRing) -> list[tuple[float, float]]:
        return [_lay_out(centre, Position(y, x)) for x, y in ring.coords]

    return shapely.Polygon(lay_out(outline.exterior), [lay_out(hole) for hole in outline.interiors])


def _unwrap(
    rings: Sequence[Sequence[tuple[float, float]]],
) -> tuple[list[tuple[float, float]], list[list[tuple[float, float]]]]:
    """Longitudes that run on over the antimeridian (179, 181) instead of jumping back (179, -179)."""
    start = rings[0][0][0]
    outer, *holes = (list(_walk(ring, start)) for ring in rings)
    for ring in (outer, *holes):
        if ring[0] != ring[-1]:
            raise ValueError("it goes round a pole: draw a circle there")
    return outer, holes


def _walk(ring: Sequence[tuple[float, float]], start: float) -> Iterator[tuple[float, float]]:
    longitude = start
    for x, y in ring:
        longitude = x + 360 * round((longitude - x) / 360)
        yield longitude, y
