"""What is typed without being seen."""

import pytest

from bot.services.spelling import clean_sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  late \n again ", "late again"),
        ("\u202eetal\u202c", "etal"),
        ("\u2066a\u2069\x00b\x1b", "ab"),
        ("نمی\u200cآیم", "نمی\u200cآیم"),
        ("👨\u200d👩", "👨\u200d👩"),
        (" \u200b\u202e ", ""),
        ("", ""),
    ],
)
def test_a_sentence_turns_nothing_around_it(typed: str, kept: str) -> None:
    assert clean_sentence(typed) == kept
