"""The line that is signed: what is written is read again, and nothing else is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.model import PunchState
from bot.attendance.receipt import FIRST, Receipt, Statement, find_line, read_line, write_line

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MONA = Statement("Demo Trading", "1001", 7, "7K3Q2H", PunchState.CHECK_IN, AT, "Dubai Office", "confirmed")
RECEIPT = Receipt(MONA, FIRST, "0a1b2c3d", "f" * 32)
LINE = (
    "HADIR1|Demo Trading|1001|7|7K3Q2H|CHECK_IN|2026-03-02T05:00:00Z|Dubai Office|confirmed|"
    f"{FIRST}|0a1b2c3d|{'f' * 32}"
)


def test_the_line_says_it_all() -> None:
    assert write_line(RECEIPT) == LINE
    assert read_line(LINE) == RECEIPT


@given(
    company=st.text(max_size=30),
    place=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    seq=st.integers(1),
)
def test_no_name_breaks_the_line(company: str, place: str, seq: int) -> None:
    """Blanks may become one; nothing else is lost, and nobody can write a field by choosing a name."""
    said = Statement(company, "1|001", seq, "7K3Q2H", PunchState.CHECK_OUT, AT, place, "approved")
    line = write_line(Receipt(said, FIRST, "k", "s"))
    read = read_line(line)
    assert read is not None
    assert write_line(read) == line
    assert (read.statement.emp_code, read.statement.seq) == ("1|001", seq)
    assert read.statement.place == " ".join(place.split())
    assert line.count("|") == 11


@pytest.mark.parametrize("text", ["Look: {} ok?", "{}.", "{}, said Mona", "({})", "\u2066{}\u2069 hm"])
def test_the_line_is_found_among_other_words(text: str) -> None:
    assert find_line(text.format(LINE)) == LINE


def test_what_is_added_to_the_signature_makes_it_another() -> None:
    assert find_line(f"{LINE}0 ok?") == f"{LINE}0 ok?"


@pytest.mark.parametrize(
    "changed",
    [
        LINE.replace("HADIR1", "HADIR2"),
        LINE.replace("|7|", "|07|"),
        LINE.replace("05:00:00Z", "05:00:00+00:00"),
        LINE.replace("05:00:00Z", "25:00:00Z"),
        LINE.replace("CHECK_IN", "check_in"),
        LINE.replace("Dubai", "%44ubai"),
        LINE + "|",
        LINE.rpartition("|")[0],
        "",
        "|" * 11,
    ],
)
def test_what_we_would_write_otherwise_is_not_ours(changed: str) -> None:
    assert read_line(changed) is None


def test_it_is_found_wherever_it_stands() -> None:
    assert find_line(f"\u2068🧾 Receipt\u2069\n\n\u2068{LINE}\u2069 \nfoo") == LINE
    assert find_line("HADIR1 is a word") is None


@pytest.mark.parametrize("bar", [" | ", "| ", "\t|", "\u00a0|\u00a0"])
def test_blanks_beside_the_bars_came_with_the_pasting(bar: str) -> None:
    assert find_line(f"Look: {LINE.replace('|', bar)} ok?") == LINE
