"""A silent terminal and a wrong clock, and what only looks like one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.attendance.terminals import (
    APART,
    SILENT_AFTER,
    WRONG_BY,
    Heard,
    Trouble,
    TroubleKind,
    date_punch,
    examine,
    is_doubted,
    measure_clock,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DOOR = Heard("A1", "Door", NOW - MINUTE)


def stamps(*off: timedelta) -> list[tuple[datetime, datetime]]:
    """Punches taken at ten-minute steps, by a clock that is ahead by that much."""
    taken = [NOW - (len(off) - n) * 10 * MINUTE for n in range(len(off))]
    return [(at + by, at) for at, by in zip(taken, off, strict=True)]


def test_one_that_was_just_heard_of_is_well() -> None:
    silent = replace(DOOR, last_activity_at=NOW - SILENT_AFTER)
    assert examine([DOOR, silent, replace(DOOR, last_activity_at=None)], NOW).troubles == ()


def test_one_that_is_silent_is_named_with_since_when() -> None:
    since = NOW - SILENT_AFTER - SECOND
    health = examine([replace(DOOR, last_activity_at=since)], NOW)
    assert health.troubles == (Trouble("A1", "Door", TroubleKind.OFFLINE, since),)
    assert health.well == set()


def test_a_clock_ahead_shows_in_one_punch() -> None:
    (trouble,) = examine([replace(DOOR, punches=stamps(WRONG_BY + SECOND))], NOW).troubles
    assert (trouble.kind, trouble.off) == (TroubleKind.CLOCK, WRONG_BY + SECOND)
    assert measure_clock(stamps(WRONG_BY)) == timedelta(0)


def test_a_clock_behind_shows_when_it_is_behind_by_the_same() -> None:
    behind = -60 * MINUTE
    assert measure_clock(stamps(behind, behind - 10 * SECOND, behind)) == behind
    assert measure_clock(stamps(behind, behind)) is None


def test_punches_that_were_sent_late_together_are_no_wrong_clock() -> None:
    at = NOW - 5 * MINUTE
    hours_apart = [(NOW - 3 * 60 * MINUTE, at), (NOW - 2 * 60 * MINUTE, at), (NOW - 60 * MINUTE, at)]
    assert measure_clock(hours_apart) is None
    at_the_end_of_a_shift = [(NOW - 60 * MINUTE + n * 30 * SECOND, at + n * SECOND) for n in range(5)]
    assert measure_clock(at_the_end_of_a_shift) is None
    slowly = [(NOW - 60 * MINUTE + n * MINUTE, at + n * MINUTE) for n in range(5)]
    assert measure_clock(slowly) is None


def test_a_clock_behind_is_told_from_a_delivery_by_everything_in_between() -> None:
    """Three uploads that are late by the same, and one between them that is not: nobody can tell."""
    behind = -60 * MINUTE
    assert measure_clock(stamps(behind, -30 * MINUTE, behind, behind)) is None
    busy = [(NOW + n * MINUTE + behind, NOW + n * MINUTE) for n in range(int(2 * APART / MINUTE) + 1)]
    assert measure_clock(busy) == behind
    assert measure_clock(busy[1:]) is None


def test_a_clock_that_was_set_right_is_well_with_its_next_punch() -> None:
    assert measure_clock(stamps(60 * MINUTE, 60 * MINUTE, timedelta(0))) == timedelta(0)


def test_no_punch_arrives_before_it_is_made() -> None:
    assert date_punch(NOW + 24 * 60 * MINUTE, NOW) == NOW
    assert date_punch(NOW + SECOND, NOW) == date_punch(NOW + WRONG_BY, NOW) == NOW
    assert date_punch(NOW - 60 * MINUTE, NOW) == date_punch(NOW - 60 * MINUTE, None) == NOW - 60 * MINUTE


def test_a_clock_that_differs_a_little_is_not_doubted() -> None:
    assert not is_doubted(NOW, None)
    assert not is_doubted(NOW, NOW + WRONG_BY)
    assert is_doubted(NOW, NOW + WRONG_BY + SECOND)
    assert is_doubted(NOW, NOW - 180 * MINUTE)


def test_what_is_late_by_what_the_clock_is_known_to_be_behind_was_made_when_it_arrived() -> None:
    hours = 180 * MINUTE
    for late in (hours, hours - WRONG_BY, hours + WRONG_BY):
        assert date_punch(NOW - late, NOW, hours) == NOW
        assert date_punch(NOW - late, NOW) == NOW - late, "its clock is right"
    for late in (timedelta(0), MINUTE, 40 * MINUTE, hours - 6 * MINUTE, hours + 6 * MINUTE):
        assert date_punch(NOW - late, NOW, hours) == NOW - late, "it has waited for the network"
    assert date_punch(NOW - MINUTE, NOW, 3 * MINUTE) == NOW - MINUTE, "clocks differ a little"
    assert date_punch(NOW - hours, None, hours) == NOW - hours


def test_of_a_clock_that_stamped_nothing_of_late_nobody_can_tell() -> None:
    known = {(DOOR.sn, TroubleKind.OFFLINE)}
    assert examine([DOOR], NOW).well == known
    assert examine([replace(DOOR, punches=stamps(-60 * MINUTE))], NOW).well == known
    assert examine([replace(DOOR, punches=stamps(MINUTE))], NOW).well == {*known, (DOOR.sn, TroubleKind.CLOCK)}
