import asyncio
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openlocationcode import openlocationcode

from bot.attendance.geofence import measure_distance
from bot.attendance.model import Position
from bot.services.addresses import Addresses, Gazetteer, Locality, build_plus_code

OFFICE = Position(25.0916434, 55.1586873, 12)


@pytest.fixture(scope="module")
def addresses() -> Addresses:
    loaded = Addresses()
    asyncio.run(loaded.load())
    return loaded


def test_the_place_of_the_manuals_example(addresses: Addresses) -> None:
    assert addresses.build_gps_location(OFFICE) == "7HQQ35R5+MF - Dubai Internet City - Dubai - United Arab Emirates"
    assert addresses.build_short_address(OFFICE) == "7HQQ35R5+MF Dubai Internet City"


def test_without_the_gazetteer_the_code_is_there() -> None:
    addresses = Addresses()
    assert addresses.build_gps_location(OFFICE) == addresses.build_short_address(OFFICE) == "7HQQ35R5+MF"


def test_far_from_any_place_the_code_stands_alone(addresses: Addresses) -> None:
    assert addresses.build_short_address(Position(0, 0)) == "6FG22222+22"
    assert addresses.build_short_address(Position(22.0, 53.5)) == build_plus_code(Position(22.0, 53.5))


@pytest.mark.parametrize(
    ("position", "name", "country"),
    [
        (Position(21.4225, 39.8262), "Makkah", "Saudi Arabia"),
        (Position(30.05, 31.24), "Cairo", "Egypt"),
        (Position(78.2, 15.6), "Longyearbyen", "Svalbard and Jan Mayen"),
    ],
)
def test_places_elsewhere(addresses: Addresses, position: Position, name: str, country: str) -> None:
    place = addresses.find_locality(position)
    assert place is not None
    assert (place.name, place.country) == (name, country)


def test_a_name_is_not_said_twice(addresses: Addresses) -> None:
    where = Position(25.07725, 55.30927)
    assert addresses.build_gps_location(where) == "7HQQ38G5+WP - Dubai - United Arab Emirates"


ISLANDS = [
    (-16.8, 179.99, "Waiyevo", "Northern", "FJ"),
    (-16.8, -179.9, "Rabi", "", "FJ"),
    (70.0, 20.0, "Far", "", "NO"),
]


@pytest.mark.parametrize(
    ("longitude", "name"), [(179.95, "Waiyevo"), (-179.99, "Waiyevo"), (-179.92, "Rabi"), (180, "Waiyevo")]
)
def test_the_antimeridian_is_no_border(longitude: float, name: str) -> None:
    place = Gazetteer(list(ISLANDS), {"FJ": "Fiji"}).find(Position(-16.8, longitude), within=10)
    assert place is not None
    assert (place.name, place.country) == (name, "Fiji")


def test_an_unknown_country_is_left_out() -> None:
    assert Gazetteer(list(ISLANDS), {}).find(Position(70, 20.01), 10) == Locality("Far", "", "")


def test_distance_is_on_the_ground_not_in_degrees() -> None:
    # At 60 degrees north a degree of longitude is half as long: 0.15 of it is nearer than 0.1 of latitude.
    rows = [(60.0, 10.15, "east", "", ""), (60.1, 10.0, "north", "", "")]
    place = Gazetteer(rows, {}).find(Position(60, 10), within=12)
    assert place is not None
    assert place.name == "east"
    assert Gazetteer(rows, {}).find(Position(60, 10), within=8) is None


@given(
    rows=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=8),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    within=st.sampled_from([10.0, 1000.0, 5000.0]),
)
def test_it_is_the_nearest_one(
    rows: list[tuple[float, float]], latitude: float, longitude: float, within: float
) -> None:
    position = Position(latitude, longitude)
    distances = {str(n): measure_distance(position, Position(*row)) / 1000 for n, row in enumerate(rows)}
    place = Gazetteer([(*row, str(n), "", "") for n, row in enumerate(rows)], {}).find(position, within)
    # The sphere is half a percent off: close calls may go either way.
    if place is None:
        assert all(distance > within * 0.99 for distance in distances.values())
    else:
        assert distances[place.name] <= min(*distances.values(), within) * 1.02 + 0.001


@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
@example(latitude=89.99999999999999, longitude=0.0)
@example(latitude=0.0, longitude=179.99999999999997)
def test_every_position_has_a_code(latitude: float, longitude: float) -> None:
    code = build_plus_code(Position(latitude, longitude))
    assert openlocationcode.isFull(code)
    assert len(code) == 11


def test_scipy_stays_out_of_the_process() -> None:
    script = (
        "import sys; from bot.services.addresses import Gazetteer; Gazetteer.read(); assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
