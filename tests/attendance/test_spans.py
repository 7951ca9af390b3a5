"""Stretches of time, as hours of a day."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.spans import Span, clip, cut_out, merge, total, total_within

Hours = list[tuple[float, float]]


def spans(hours: Hours) -> list[Span]:
    midnight = datetime(2024, 6, 3, tzinfo=UTC)
    return [(midnight + timedelta(hours=start), midnight + timedelta(hours=end)) for start, end in hours]


@pytest.mark.parametrize(
    ("apart", "merged"),
    [
        ([], []),
        ([(3, 4), (1, 2)], [(1, 2), (3, 4)]),
        ([(1, 2), (2, 3)], [(1, 3)]),
        ([(1, 5), (2, 3)], [(1, 5)]),
        ([(1, 3), (2, 4), (6, 7)], [(1, 4), (6, 7)]),
    ],
)
def test_merge(apart: Hours, merged: Hours) -> None:
    assert merge(spans(apart)) == spans(merged)


@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([], [(1, 5)]),
        ([(2, 3)], [(1, 2), (3, 5)]),
        ([(0, 2)], [(2, 5)]),
        ([(4, 6)], [(1, 4)]),
        ([(1, 5)], []),
        ([(5, 6)], [(1, 5)]),
        ([(2, 3), (4, 9)], [(1, 2), (3, 4)]),
    ],
)
def test_cut_out(holes: Hours, left: Hours) -> None:
    assert cut_out(spans([(1, 5)]), spans(holes)) == spans(left)


def test_clip_and_total() -> None:
    ((start, end),) = spans([(2, 6)])
    assert clip(spans([(0, 1), (1, 3), (4, 5), (5, 9), (6, 7)]), start, end) == spans([(2, 3), (4, 5), (5, 6)])
    assert total(spans([(0, 1), (4, 6.5)])) == timedelta(hours=3.5)
    assert total_within(spans([(0, 4), (5, 7)]), spans([(3, 6)])) == timedelta(hours=2)
