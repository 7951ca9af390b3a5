"""Fences out of a GeoJSON file (RFC 7946), as map editors write it.

A FeatureCollection; every feature belongs to the area that its property `code` (BioTime's area code) or `name` (the
area's name) says, and an area may have several. A Point with the property `radius` in metres is a circle; Polygon and
MultiPolygon are themselves. `enforce: true` refuses punches from outside.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from bot.attendance.geofence import LARGEST, Area, Circle, Fence, build_polygon
from bot.attendance.model import Position

Json = Mapping[str, object]


class BadAreas(ValueError):
    """The file cannot be taken; `problems` are sentences, each naming its feature."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Feature:
    code: str
    name: str
    fences: tuple[Fence, ...]
    enforce: bool | None


def parse_areas(text: str | bytes) -> tuple[Area, ...]:
    """Every area of the file, in its order; BadAreas with everything that is wrong, not only the first."""
    features, problems = [], []
    for number, entry in enumerate(_read_features(text), start=1):
        try:
            features.append(_read_feature(entry))
        except ValueError as error:
            problems.append(f"Feature {number}{_quote_title(entry)}: {error}.")
    areas = _group(features, problems)
    if problems:
        raise BadAreas(problems)
    return areas


def _read_features(text: str | bytes) -> Sequence[object]:
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        document = json.loads(decoded, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadAreas([f"The file is not JSON: {error}."]) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise BadAreas(["The file is not a GeoJSON FeatureCollection."])
    if not features:
        raise BadAreas(["The file has no features."])
    return features


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _read_feature(entry: object) -> _Feature:
    feature = _as_object(entry, "it")
    if feature.get("type") != "Feature":
        raise ValueError("it is not of type Feature")
    properties = _as_object(feature.get("properties"), "`properties`")
    code, name = _read_text(properties, "code"), _read_text(properties, "name")
    if not code and not name:
        raise ValueError("it needs the property `code` or `name` of its area")
    enforce = properties.get("enforce")
    if enforce is not None and not isinstance(enforce, bool):
        raise ValueError("`enforce` is true or false")
    geometry = _as_object(feature.get("geometry"), "`geometry`")
    return _Feature(code, name, tuple(_read_fences(geometry, properties)), enforce)


def _read_text(properties: Json, key: str) -> str:
    value = properties.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"`{key}` is a text")
    return str(value).strip()


def _read_fences(geometry: Json, properties: Json) -> Iterator[Fence]:
    coordinates = geometry.get("coordinates")
    match geometry.get("type"):
        case "Point":
            yield _read_circle(coordinates, properties.get("radius"))
        case "Polygon":
            yield build_polygon(_read_rings(coordinates))
        case "MultiPolygon":
            for part in _as_list(coordinates, "a MultiPolygon"):
                yield build_polygon(_read_rings(part))
        case other:
            raise ValueError(f"a fence is a Point with a `radius`, a Polygon or a MultiPolygon, not {other}")


def _read_circle(coordinates: object, radius: object) -> Circle:
    if isinstance(radius, bool) or not isinstance(radius, int | float):
        raise ValueError("a Point needs the property `radius`, in metres")
    if not 0 < radius <= LARGEST:
        raise ValueError(f"its radius of {radius} m is not between 0 and {LARGEST:.0f} m")
    longitude, latitude = _read_point(coordinates)
    return Circle(Position(latitude, longitude), float(radius))


def _read_rings(coordinates: object) -> list[list[tuple[float, float]]]:
    rings = [[_read_point(point) for point in _as_list(ring, "a ring")] for ring in _as_list(coordinates, "a Polygon")]
    for ring in rings:
        if len(ring) < 4:
            raise ValueError("a ring has at least four points")
        if ring[0] != ring[-1]:
            raise ValueError("a ring ends where it starts")
    return rings


def _read_point(point: object) -> tuple[float, float]:
    match point:
        # The height that a third number gives is of no use here.
        case [int() | float() as longitude, int() | float() as latitude, *_]:
            _check(latitude, 90, "latitude")
            _check(longitude, 180, "longitude")
            return float(longitude), float(latitude)
    raise ValueError(f"{json.dumps(point)[:60]} is not a pair of longitude and latitude")


def _check(degrees: float, limit: int, what: str) -> None:
    if isinstance(degrees, bool) or abs(degrees) > limit:
        raise ValueError(f"{what} {degrees} is not between -{limit} and {limit} (GeoJSON has the longitude first)")


def _as_object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")
    return value


def _as_list(value: object, what: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{what} is a list and not empty")
    return value


def _quote_title(entry: object) -> str:
    properties = entry.get("properties") if isinstance(entry, dict) else None
    title = (properties.get("name") or properties.get("code")) if isinstance(properties, dict) else None
    return f" ({title})" if title else ""


def _group(features: Sequence[_Feature], problems: list[str]) -> tuple[Area, ...]:
    codes = {feature.name: feature.code for feature in reversed(features) if feature.code}
    groups: dict[tuple[str, str], list[_Feature]] = {}
    for feature in features:
        code = feature.code or codes.get(feature.name, "")
        groups.setdefault((code, "") if code else ("", feature.name), []).append(feature)
    return tuple(_merge(code, group, problems) for (code, _), group in groups.items())


def _merge(code: str, group: Sequence[_Feature], problems: list[str]) -> Area:
    names = list(dict.fromkeys(feature.name for feature in group if feature.name))
    enforce = {feature.enforce for feature in group} - {None}
    title = names[0] if names else code
    if len(names) > 1:
        problems.append(f"Area {code} has several names: {', '.join(names)}.")
    if len(enforce) > 1:
        problems.append(f"Area {title} says both true and false for `enforce`.")
    fences = tuple(fence for feature in group for fence in feature.fences)
    return Area(code, names[0] if names else "", fences, enforce=True in enforce)
