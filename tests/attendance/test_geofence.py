import math
from dataclasses import replace

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.geofence import Area, Circle, Placement, build_polygon, measure, measure_distance
from bot.attendance.model import Position

OFFICE = Position(25.0916434, 55.1586873)
DUBAI_OFFICE = Area("1", "Dubai Office", (Circle(OFFICE, 100),))


def walk(start: Position, bearing: float, metres: float, accuracy: float | None = None) -> Position:
    end = Geodesic.WGS84.Direct(start.latitude, start.longitude, bearing, metres)
    return Position(end["lat2"], end["lon2"], accuracy)


def square(middle: Position, half: float) -> list[tuple[float, float]]:
    """A ring with corners `half` metres north, east, south and west of the middle."""
    corners = [walk(middle, bearing, half) for bearing in (0, 270, 180, 90, 0)]
    return [(corner.longitude, corner.latitude) for corner in corners]


def place(position: Position, *areas: Area) -> Placement:
    placement = measure(position, areas)
    assert placement is not None
    return placement


def test_at_the_office() -> None:
    placement = place(walk(OFFICE, 45, 38.2, accuracy=10), DUBAI_OFFICE)
    assert placement.area is DUBAI_OFFICE
    assert (placement.inside, placement.certain) == (True, True)
    assert placement.distance == pytest.approx(38.2, abs=0.01)
    assert placement.to_edge == pytest.approx(-61.8, abs=0.01)


def test_two_kilometres_away_it_says_how_far_there_is_to_go() -> None:
    placement = place(walk(OFFICE, 200, 2200, accuracy=10), DUBAI_OFFICE)
    assert (placement.inside, placement.certain) == (False, True)
    assert placement.to_centre == pytest.approx(2200, abs=0.01)
    assert placement.distance == pytest.approx(2100, abs=0.01)


@pytest.mark.parametrize(
    ("metres", "accuracy", "inside", "certain"),
    [
        (99, None, True, False),
        (101, None, False, False),
        (120, 30, True, False),
        (80, 30, True, False),
        (69, 30, True, True),
        (131, 30, False, True),
        (190, 1500, True, False),
        (210, 1500, False, False),
        (101, -5, False, True),
    ],
)
def test_accuracy_counts_for_the_person_up_to_the_cap(
    metres: float, accuracy: float | None, inside: bool, certain: bool
) -> None:
    placement = place(walk(OFFICE, 10, metres, accuracy), DUBAI_OFFICE)
    assert (placement.inside, placement.certain) == (inside, certain)


def test_the_cap_is_the_companys() -> None:
    near = walk(OFFICE, 10, 140, 50)
    assert [measure(near, [DUBAI_OFFICE], cap).inside for cap in (0, 39, 41)] == [False, False, True]  # type: ignore[union-attr]


def test_without_fences_there_is_no_placement() -> None:
    assert measure(OFFICE, []) is None
    assert measure(OFFICE, [Area("2", "Field", ())]) is None


def test_of_several_areas_the_one_that_holds_the_person_then_the_nearest() -> None:
    far = Area("2", "Warehouse", (Circle(walk(OFFICE, 90, 3000), 50),))
    wide = Area("3", "Emirate", (Circle(walk(OFFICE, 0, 5000), 20_000),))
    assert place(OFFICE, far, wide, DUBAI_OFFICE).area is DUBAI_OFFICE
    assert place(walk(OFFICE, 90, 2000), far, DUBAI_OFFICE).area is far
    assert place(walk(OFFICE, 90, 2000), far, DUBAI_OFFICE, wide).area is wide


def test_a_site_with_several_fences() -> None:
    gate = walk(OFFICE, 90, 1000)
    site = replace(DUBAI_OFFICE, fences=(*DUBAI_OFFICE.fences, Circle(gate, 20)))
    assert place(walk(gate, 0, 5), site).distance == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize(
    "middle",
    [
        OFFICE,
        Position(-16.5, 179.9999),
        Position(64.1, -21.9),
        Position(89.5, 12.0),
        Position(0, 0),
    ],
)
def test_a_polygon_anywhere_on_earth(middle: Position) -> None:
    area = Area("1", "Yard", (build_polygon([square(middle, 200)]),))
    for bearing in (0, 90, 180, 270):
        inside = place(walk(middle, bearing, 150), area)
        assert inside.inside
        assert inside.distance == pytest.approx(150, abs=1)
        assert inside.to_edge == pytest.approx(-50 / math.sqrt(2), abs=1)
        outside = place(walk(middle, bearing, 1200), area)
        assert not outside.inside
        assert outside.distance == pytest.approx(1000, abs=2)
    assert place(walk(middle, 45, 160), area).inside is False


def test_a_hole_is_outside() -> None:
    area = Area("1", "Ring", (build_polygon([square(OFFICE, 500), square(OFFICE, 100)]),))
    assert not place(OFFICE, area).inside
    assert place(walk(OFFICE, 0, 200), area).inside


def test_an_edge_is_straight_on_the_map() -> None:
    # Along a parallel, 100 km: the shortest way between its ends runs 80 m farther north.
    ring = [(55.0, 25.0), (56.0, 25.0), (56.0, 25.5), (55.0, 25.5), (55.0, 25.0)]
    area = Area("1", "District", (build_polygon([ring]),))
    assert abs(place(Position(25.0, 55.5), area).to_edge) < 3


@pytest.mark.parametrize("longitude", [180.0, -180.0])
def test_a_circle_over_the_antimeridian(longitude: float) -> None:
    area = Area("1", "Taveuni", (Circle(Position(-16.8, 179.9995), 200),))
    assert place(Position(-16.8, longitude), area).distance == pytest.approx(53.3, abs=0.2)
    assert place(Position(-16.8, -179.9995), area).inside


def test_a_circle_round_the_pole() -> None:
    area = Area("1", "Pole", (Circle(Position(90, 0), 5000),))
    assert all(place(Position(89.99, longitude), area).inside for longitude in (-180, -90, 0, 90, 180))


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)], "crosses itself"),
        ([(0, 0), (1, 1), (2, 2), (0, 0)], "crosses itself or is broken"),
        ([(0, 0), (20, 0), (20, 20), (0, 0)], "500 km"),
        ([(0, 80), (120, 80), (-120, 80), (0, 80)], "pole"),
    ],
)
def test_polygons_that_are_none(ring: list[tuple[float, float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build_polygon([ring])


@given(
    places=st.lists(st.tuples(st.floats(-89, 89), st.floats(-180, 180), st.floats(1, 100_000)), min_size=1, max_size=6),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    accuracy=st.none() | st.floats(0, 1500),
)
def test_leaving_fences_out_early_changes_nothing(
    places: list[tuple[float, float, float]], latitude: float, longitude: float, accuracy: float | None
) -> None:
    areas = [Area(str(n), "", (Circle(Position(*spot[:2]), spot[2]),)) for n, spot in enumerate(places)]
    position = Position(latitude, longitude, accuracy)
    chosen = place(position, *areas)
    each = [place(position, area) for area in areas]
    assert chosen.inside == any(one.inside for one in each)
    assert chosen.distance == min(one.distance for one in each if one.inside == chosen.inside)


def test_distances_are_geodesic() -> None:
    # Dubai to London, GeographicLib's own GeodSolve.
    assert measure_distance(Position(25.2532, 55.3657), Position(51.47, -0.4543)) == pytest.approx(5_511_000, rel=0.005)
    assert measure_distance(Position(0, 0), Position(0, 1)) == pytest.approx(111_319.491, abs=0.001)


def test_a_wide_fence_with_a_far_centre_can_be_the_nearest() -> None:
    wide = Area("1", "Emirate", (Circle(walk(OFFICE, 0, 100_000), 90_000),))
    small = Area("2", "Warehouse", (Circle(walk(OFFICE, 180, 10_500), 400),))
    assert place(OFFICE, small, wide).area is wide
    assert place(OFFICE, small, wide).distance == pytest.approx(10_000, abs=0.01)
