"""The cases of named_cases.txt, one test each."""

from pathlib import Path

import pytest

from tests.attendance.clerk import build_cards, read_week, tell
from tests.attendance.mona import read_person

_TABLE = Path(__file__).with_name("named_cases.txt").read_text(encoding="utf-8")
_CASES = [[cell.strip() for cell in line.split("|")] for line in _TABLE.splitlines()[2:] if "|" in line]


@pytest.mark.parametrize(("who", "punches", "told"), [pytest.param(*cells, id=title) for title, *cells in _CASES])
def test_time_card(who: str, punches: str, told: str) -> None:
    week = read_week(who)
    cards = build_cards(read_person(who, week), punches.replace("no punch", ""), _find_days(who, told), week)
    assert (tell(cards, week) or "no card") == told


def _find_days(who: str, told: str) -> str:
    """The days of the cards told, where the case does not name them."""
    if "cards of " in who:
        return who.split("cards of ")[1]
    names = [line.split()[0] for line in told.split("; ")]
    return f"{names[0]}-{names[-1]}"


def test_every_case_has_its_own_name() -> None:
    titles = [title for title, *_ in _CASES]
    assert len(titles) == len(set(titles)) >= 60
