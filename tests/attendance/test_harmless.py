"""Which manual logs may be approved together: each doubt by name, and none where there is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.attendance.harmless import OLDEST, TWICE_WITHIN, Claim, Doubt, Sighting, find_doubts
from bot.attendance.model import PunchState

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
CLAIM = Claim(AT, PunchState.CHECK_IN)
SEEN = Sighting(AT + timedelta(milliseconds=700), PunchState.CHECK_IN, True, ("no_accuracy", "late_delivery"))


def test_what_the_bot_saw_at_the_place_is_harmless() -> None:
    far = Claim(AT - timedelta(hours=15), PunchState.CHECK_IN)
    assert find_doubts(CLAIM, SEEN, [far, Claim(AT, PunchState.CHECK_OUT)], LATER) == ()


def test_a_word_alone_is_not() -> None:
    assert find_doubts(CLAIM, None, [], LATER) == (Doubt.ONLY_THEIR_WORD,)


@pytest.mark.parametrize(
    ("seen", "doubt"),
    [
        (replace(SEEN, punched_at=AT + timedelta(seconds=2)), Doubt.OTHER_TIME),
        (replace(SEEN, punch_state=PunchState.CHECK_OUT), Doubt.OTHER_TIME),
        (replace(SEEN, inside=False), Doubt.NOT_THERE),
        (replace(SEEN, inside=None), Doubt.NOT_THERE),
        (replace(SEEN, evidence=("poor_accuracy",)), Doubt.ODD_PLACE),
        (replace(SEEN, evidence=("same_coordinates",)), Doubt.ODD_PLACE),
        (replace(SEEN, evidence=("impossible_speed",)), Doubt.ODD_PLACE),
    ],
)
def test_what_is_odd_about_a_sighting_is_named(seen: Sighting, doubt: Doubt) -> None:
    assert find_doubts(CLAIM, seen, [], LATER) == (doubt,)


@pytest.mark.parametrize("state", [PunchState.CHECK_IN, PunchState.UNKNOWN])
def test_one_like_it_minutes_away_is_a_doubt(state: PunchState) -> None:
    near = Claim(AT - TWICE_WITHIN, state)
    assert find_doubts(CLAIM, SEEN, [near], LATER) == (Doubt.TWICE,)
    further = replace(near, punched_at=near.punched_at - timedelta(seconds=1))
    assert find_doubts(CLAIM, SEEN, [further], LATER) == ()


def test_what_is_a_week_old_is_looked_at() -> None:
    assert find_doubts(CLAIM, SEEN, [], AT + OLDEST) == ()
    assert find_doubts(CLAIM, SEEN, [], AT + OLDEST + timedelta(seconds=1)) == (Doubt.OLD,)


def test_of_several_all_are_named() -> None:
    odd = replace(SEEN, inside=False, evidence=("poor_accuracy",))
    assert find_doubts(CLAIM, odd, [CLAIM], LATER) == (Doubt.NOT_THERE, Doubt.ODD_PLACE, Doubt.TWICE)
