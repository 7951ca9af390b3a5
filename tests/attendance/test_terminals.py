"""A silent terminal and a wrong clock, and what only looks like one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.attendance.terminals import SILENT_AFTER, WRONG_BY, Heard, Trouble, TroubleKind, find_troubles, measure_clock

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DOOR = Heard("A1", "Door", NOW - MINUTE)


def stamps(*off: timedelta) -> list[tuple[datetime, datetime]]:
    """Punches taken at ten-minute steps, by a clock that is ahead by that much."""
    taken = [NOW - (len(off) - n) * 10 * MINUTE for n in range(len(off))]
    return [(at + by, at) for at, by in zip(taken, off, strict=True)]


def test_one_that_was_just_heard_of_is_well() -> None:
    silent = replace(DOOR, last_activity_at=NOW - SILENT_AFTER)
    assert find_troubles([DOOR, silent, replace(DOOR, last_activity_at=None)], NOW) == []


def test_one_that_is_silent_is_named_with_since_when() -> None:
    since = NOW - SILENT_AFTER - SECOND
    assert find_troubles([replace(DOOR, last_activity_at=since)], NOW) == [
        Trouble("A1", "Door", TroubleKind.OFFLINE, since)
    ]


def test_a_clock_ahead_shows_in_one_punch() -> None:
    (trouble,) = find_troubles([replace(DOOR, punches=stamps(WRONG_BY + SECOND))], NOW)
    assert (trouble.kind, trouble.off) == (TroubleKind.CLOCK, WRONG_BY + SECOND)
    assert measure_clock(stamps(WRONG_BY)) is None


def test_a_clock_behind_shows_when_it_is_behind_by_the_same() -> None:
    behind = -60 * MINUTE
    assert measure_clock(stamps(behind, behind - 10 * SECOND, behind)) == behind
    assert measure_clock(stamps(behind, behind)) is None


def test_punches_that_were_sent_late_together_are_no_wrong_clock() -> None:
    at = NOW - 5 * MINUTE
    late = [(NOW - 3 * 60 * MINUTE, at), (NOW - 2 * 60 * MINUTE, at), (NOW - 60 * MINUTE, at)]
    assert measure_clock(late) is None


def test_a_clock_that_was_set_right_is_well_with_its_next_punch() -> None:
    assert measure_clock(stamps(60 * MINUTE, 60 * MINUTE, timedelta(0))) is None
