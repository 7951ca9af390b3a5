"""Lengths of time as people type them."""

import pytest

from bot.chat.lengths import read_minutes

LENGTHS = {
    "20": 20,
    "20 min": 20,
    "1h": 60,
    "1 h 30": 90,
    "1:30": 90,
    "٢٠ دقيقة": 20,
    "20 minutes late": 20,
    "20 मिनट": 20,
    "полчаса": 30,
}


@pytest.mark.parametrize(
    ("typed", "minutes"), [*LENGTHS.items(), ("0", None), ("601", None), ("", None), ("-5", None), ("5 before", None)]
)
def test_lengths_of_time(typed: str, minutes: int | None) -> None:
    assert read_minutes(typed) == minutes
