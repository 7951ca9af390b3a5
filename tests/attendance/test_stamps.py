"""How far BioTime's clock is off, from what it stamped."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.stamps import is_zone, measure_shift

MADE = datetime(2026, 3, 2, 5, tzinfo=UTC)
HOUR = 3600


@pytest.mark.parametrize(
    ("seconds", "shift"),
    [
        pytest.param([], None, id="nothing stamped"),
        pytest.param([2], 0, id="right"),
        pytest.param([-70, 2, 75], 0, id="a clock a little off"),
        pytest.param([220], 0, id="as late as a request can be"),
        pytest.param([4 * HOUR + 2, 4 * HOUR, 4 * HOUR + 70], 4 * HOUR, id="four hours ahead"),
        pytest.param([-4 * HOUR + 2], -4 * HOUR, id="four hours behind"),
        pytest.param([1.5 * HOUR + 1], 1.5 * HOUR, id="Tehran read as Dubai, in summer"),
        pytest.param([0.75 * HOUR + 1], 0.75 * HOUR, id="Nepal"),
        pytest.param([7 * 60, 7 * 60 + 2], 7 * 60, id="a clock that is seven minutes off"),
        pytest.param([2, 4 * HOUR, 4 * HOUR], None, id="right since the last punch"),
        pytest.param([4 * HOUR, 2 * HOUR], None, id="no two alike"),
    ],
)
def test_shift(seconds: list[float], shift: float | None) -> None:
    stamps = [(MADE, MADE + timedelta(seconds=after)) for after in seconds]
    assert measure_shift(stamps) == (None if shift is None else timedelta(seconds=shift))


@pytest.mark.parametrize(("minutes", "zone"), [(240, True), (-210, True), (45, True), (7, False), (-61, False)])
def test_whole_quarters_are_a_zone_s(minutes: int, zone: bool) -> None:
    assert is_zone(timedelta(minutes=minutes)) is zone
