import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.geofence import Circle, Polygon, measure
from bot.attendance.geojson import BadAreas, parse_areas
from bot.attendance.model import Position

RING = [[55.15, 25.09], [55.16, 25.09], [55.16, 25.10], [55.15, 25.10], [55.15, 25.09]]
OFFICE = {"type": "Point", "coordinates": [55.1586873, 25.0916434]}


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def problems(text: str | bytes) -> str:
    with pytest.raises(BadAreas) as caught:
        parse_areas(text)
    assert caught.value.problems
    assert str(caught.value) == "\n".join(caught.value.problems)
    return str(caught.value)


def test_circles_and_polygons() -> None:
    office, yard, islands = parse_areas(
        collection(
            feature(OFFICE, code=1, name=" Dubai Office ", radius=100, enforce=True),
            feature({"type": "Polygon", "coordinates": [RING]}, name="Yard"),
            feature({"type": "MultiPolygon", "coordinates": [[RING], [[[-p[0], p[1]] for p in RING]]]}, code="I-2"),
        )
    )
    assert (office.code, office.name, office.title, office.enforce) == ("1", "Dubai Office", "Dubai Office", True)
    assert office.fences == (Circle(Position(25.0916434, 55.1586873), 100),)
    assert (yard.code, yard.title, yard.enforce) == ("", "Yard", False)
    assert isinstance(yard.fences[0], Polygon)
    assert (islands.title, len(islands.fences)) == ("I-2", 2)
    placement = measure(Position(25.095, 55.155), [yard])
    assert placement is not None
    assert placement.inside


def test_a_byte_order_mark_and_heights_do_no_harm() -> None:
    point = {"type": "Point", "coordinates": [55.1, 25.1, 12.5]}
    (area,) = parse_areas(collection(feature(point, name="مكتب دبي", radius=5)).encode("utf-8-sig"))
    assert area.title == "مكتب دبي"


def test_features_of_one_area_come_together() -> None:
    (area,) = parse_areas(
        collection(
            feature(OFFICE, name="Dubai Office", radius=10),
            feature(OFFICE, code="1", name="Dubai Office", radius=20),
            feature(OFFICE, code="1", radius=30, enforce=True),
        )
    )
    assert (area.code, area.name, area.enforce) == ("1", "Dubai Office", True)
    assert [fence.reach for fence in area.fences] == [10, 20, 30]


@pytest.mark.parametrize(
    ("geometry", "properties", "words"),
    [
        (OFFICE, {"name": "Gate"}, "Feature 1 (Gate): a Point needs the property `radius`"),
        (OFFICE, {"name": "Gate", "radius": 0}, "radius of 0 m"),
        (OFFICE, {"name": "Gate", "radius": -5}, "radius of -5 m"),
        (OFFICE, {"name": "Gate", "radius": 1e9}, "radius of"),
        (OFFICE, {"name": "Gate", "radius": "5"}, "`radius`"),
        (OFFICE, {"name": "Gate", "radius": True}, "`radius`"),
        (OFFICE, {"radius": 5}, "Feature 1: it needs the property `code` or `name`"),
        (OFFICE, {"name": "  ", "radius": 5}, "`code` or `name`"),
        (OFFICE, {"name": ["x"], "radius": 5}, "`name` is a text"),
        (OFFICE, {"code": "9", "radius": 5, "enforce": "yes"}, "Feature 1 (9): `enforce` is true or false"),
        (None, {"name": "Gate"}, "`geometry` is not an object"),
        ({"type": "Point", "coordinates": [25.1, 155.1]}, {"name": "Gate", "radius": 5}, "latitude 155.1 is not"),
        ({"type": "Point", "coordinates": [190, 25]}, {"name": "Gate", "radius": 5}, "longitude 190 is not"),
        ({"type": "Point", "coordinates": [10**400, 25]}, {"name": "Gate", "radius": 5}, "longitude 1000"),
        ({"type": "Point", "coordinates": [True, 25]}, {"name": "Gate", "radius": 5}, "longitude True"),
        ({"type": "Point", "coordinates": ["55", "25"]}, {"name": "Gate", "radius": 5}, "not a pair"),
        ({"type": "Point", "coordinates": [55]}, {"name": "Gate", "radius": 5}, "not a pair"),
        ({"type": "Point"}, {"name": "Gate", "radius": 5}, "not a pair"),
        ({"type": "LineString", "coordinates": RING}, {"name": "Gate"}, "not LineString"),
        ({"type": "Polygon", "coordinates": []}, {"name": "Gate"}, "not empty"),
        ({"type": "Polygon", "coordinates": [RING[:2]]}, {"name": "Gate"}, "at least four points"),
        ({"type": "Polygon", "coordinates": [RING[:4]]}, {"name": "Gate"}, "ends where it starts"),
        (
            {"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]},
            {"name": "Gate"},
            "Feature 1 (Gate): its outline crosses itself",
        ),
        ({"type": "MultiPolygon", "coordinates": [[RING], []]}, {"name": "Gate"}, "not empty"),
    ],
)
def test_bad_features_are_named(geometry: object, properties: dict[str, object], words: str) -> None:
    assert words in problems(collection(feature(geometry, **properties)))


def test_all_problems_are_told_at_once() -> None:
    told = problems(collection(feature(OFFICE, name="Gate"), "x", feature(OFFICE, name="Yard", radius=-1)))
    assert [line.split(":")[0] for line in told.splitlines()] == ["Feature 1 (Gate)", "Feature 2", "Feature 3 (Yard)"]


def test_an_area_agrees_with_itself() -> None:
    told = problems(
        collection(
            feature(OFFICE, code="1", name="Gate", radius=5, enforce=True),
            feature(OFFICE, code="1", name="Yard", radius=5, enforce=False),
        )
    )
    assert "Area 1 has several names: Gate, Yard." in told
    assert "Area Gate says both true and false for `enforce`." in told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        b"\xff\xfe",
        '{"type":"FeatureCollection"}',
        '{"type":"FeatureCollection","features":[]}',
        '{"type":"Feature","features":[1]}',
        '{"type":"FeatureCollection","features":[NaN]}',
        "[" * 100_000,
    ],
)
def test_files_that_are_something_else(text: str | bytes) -> None:
    assert problems(text).startswith("The file")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "geometry", "properties", "coordinates", "radius", "name"])
                | st.sampled_from(["Feature", "Point"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_nothing_but_sentences_comes_of_nonsense(entry: object) -> None:
    for candidate in (entry, feature(entry, name="Gate", radius=5), feature({"type": "Polygon", "coordinates": entry})):
        assert problems(collection(candidate))
