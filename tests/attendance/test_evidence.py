from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.evidence import Evidence, EvidenceLimits, Share, build_evidence
from bot.attendance.geofence import Area, Circle, measure
from bot.attendance.model import Position

NINE = datetime(2025, 3, 9, 5, 0, tzinfo=UTC)
OFFICE = Position(25.0916434, 55.1586873, 12)
AREA = Area("1", "Dubai Office", (Circle(OFFICE, 100),))
LONDON = Position(51.5072, -0.1276, 12)


def share(position: Position = OFFICE, at: datetime = NINE, late: timedelta = timedelta(), live: bool = False) -> Share:
    return Share(position, at, at + late, live)


def marks(new: Share, *earlier: Share) -> tuple[Evidence, ...]:
    return build_evidence(new, earlier, measure(new.position, [AREA]))


def nearby(metres_north: float, accuracy: float | None = 12) -> Position:
    return Position(OFFICE.latitude + metres_north / 110_800, OFFICE.longitude, accuracy)


def test_an_ordinary_morning_has_no_marks() -> None:
    yesterday = share(nearby(7), NINE - timedelta(days=1))
    assert marks(share(late=timedelta(seconds=2)), yesterday) == ()


@pytest.mark.parametrize(
    ("accuracy", "expected"),
    [(None, (Evidence.NO_ACCURACY,)), (0.0, ()), (100.0, ()), (100.5, (Evidence.POOR_ACCURACY,))],
)
def test_accuracy(accuracy: float | None, expected: tuple[Evidence, ...]) -> None:
    assert marks(share(Position(OFFICE.latitude, OFFICE.longitude, accuracy))) == expected


@pytest.mark.parametrize(
    ("position", "ago", "same"),
    [
        (OFFICE, timedelta(days=1), True),
        (Position(OFFICE.latitude, OFFICE.longitude, None), timedelta(minutes=1), True),
        (OFFICE, timedelta(seconds=59), False),
        (OFFICE, timedelta(seconds=-59), False),
        (OFFICE, timedelta(hours=-1), True),
        (Position(OFFICE.latitude + 1e-7, OFFICE.longitude, 12), timedelta(days=1), False),
    ],
)
def test_the_very_same_coordinates(position: Position, ago: timedelta, same: bool) -> None:
    assert (Evidence.SAME_COORDINATES in marks(share(), share(position, NINE - ago))) == same


@pytest.mark.parametrize(
    ("ago", "fast"),
    [(timedelta(hours=5), True), (timedelta(hours=6), False), (timedelta(hours=-5), True), (timedelta(), True)],
)
def test_a_journey_from_london(ago: timedelta, fast: bool) -> None:
    assert (Evidence.IMPOSSIBLE_SPEED in marks(share(), share(LONDON, NINE - ago))) == fast


@pytest.mark.parametrize(
    ("metres", "accuracy", "fast"),
    [(500, 12, True), (500, 250, False), (380, None, False), (700, None, True), (270, 12, False)],
)
def test_a_jump_within_a_second_counts_less_the_accuracies(metres: float, accuracy: float | None, fast: bool) -> None:
    jump = share(nearby(metres, accuracy), NINE)
    assert (Evidence.IMPOSSIBLE_SPEED in marks(share(), jump)) == fast


def test_any_earlier_share_is_compared() -> None:
    odd = share(LONDON, NINE - timedelta(minutes=1))
    assert Evidence.IMPOSSIBLE_SPEED in marks(share(), share(nearby(3), NINE - timedelta(days=1)), odd)


def test_areas() -> None:
    assert marks(share(nearby(2000))) == (Evidence.OUTSIDE_AREA,)
    assert build_evidence(share(), [], None) == (Evidence.NO_AREA,)


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (61, True), (-5, False)])
def test_late_delivery(seconds: int, late: bool) -> None:
    assert (marks(share(late=timedelta(seconds=seconds))) == (Evidence.LATE_DELIVERY,)) == late


def test_live_location_and_the_order_of_marks() -> None:
    new = share(Position(LONDON.latitude, LONDON.longitude, 900), late=timedelta(hours=1), live=True)
    assert marks(new, share(at=NINE - timedelta(minutes=5))) == (
        Evidence.POOR_ACCURACY,
        Evidence.IMPOSSIBLE_SPEED,
        Evidence.OUTSIDE_AREA,
        Evidence.LATE_DELIVERY,
        Evidence.LIVE_LOCATION,
    )


def test_the_limits_are_the_companys() -> None:
    strict = EvidenceLimits(accuracy=10, late_after=timedelta())
    new = share(late=timedelta(seconds=1))
    assert build_evidence(new, [], measure(OFFICE, [AREA]), strict) == (
        Evidence.POOR_ACCURACY,
        Evidence.LATE_DELIVERY,
    )


@given(minutes=st.integers(1, 600), speed=st.floats(0, 900))
def test_no_real_journey_is_impossible(minutes: int, speed: float) -> None:
    metres = speed / 3.6 * minutes * 60
    start = share(nearby(-metres), NINE - timedelta(minutes=minutes)) if metres < 4_000_000 else share()
    assert Evidence.IMPOSSIBLE_SPEED not in marks(share(), start)
