"""Knowing our punches again: by marker, by text, or one to one."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.model import PunchState
from bot.biotime.dialect import (
    MarkerKeeping,
    SoughtPunch,
    find_manual_log,
    find_marked,
    holds_marker,
    judge_probe,
    match_punches,
)
from bot.biotime.values import AuditStatus, ListedPunch, ManualLog

NINE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TEXT = "7HQQ35R5+MF Dubai Internet City"


def at(second: int) -> datetime:
    return NINE + timedelta(seconds=second)


def sought(marker: str, earliest: int, latest: int, **changes: str | PunchState) -> SoughtPunch:
    plain: dict[str, str | PunchState] = {"text": TEXT, "emp_code": "M1", "punch_state": PunchState.CHECK_IN}
    return SoughtPunch(marker=marker, earliest=at(earliest), latest=at(latest), **(plain | changes))  # type: ignore[arg-type]


def punch(second: int, text: str | None = TEXT, emp_code: str = "M1", source: int = 3, again: int = 0) -> ListedPunch:
    readings = (at(second), at(again)) if again else (at(second),)
    return ListedPunch(emp_code, readings, PunchState.CHECK_IN, source, text, None, "App")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"{TEXT} [TG-7K3Q2H]", True),
        ("tg-7k3q2h", True),
        ("TG-7K3Q2HX", False),
        ("XTG-7K3Q2H", False),
        ("[TG-7K3Q2]", False),
        ("", False),
        (None, False),
    ],
)
def test_a_marker_is_a_word_of_its_own(text: str | None, holds: bool) -> None:
    assert holds_marker(text, "[TG-7K3Q2H]") is holds
    assert holds_marker(text, "TG-7K3Q2H") is holds


@pytest.mark.parametrize(
    ("listed", "keeping"),
    [
        ([None, f"{TEXT} [TG-7K3Q2H]"], MarkerKeeping.MARKER),
        ([f"{TEXT} "], MarkerKeeping.EXACT_TEXT),
        ([TEXT[:10]], MarkerKeeping.NONE),
        ([None, ""], MarkerKeeping.NONE),
        ([], MarkerKeeping.NONE),
    ],
)
def test_the_probe_is_judged(listed: list[str | None], keeping: MarkerKeeping) -> None:
    assert judge_probe("TG-7K3Q2H", TEXT, listed) is keeping


def test_a_marked_punch_is_found_whatever_its_time_but_only_the_own() -> None:
    ours, colleagues = punch(900, "x [TG-A]"), punch(1, "x [TG-A]", emp_code="O1")
    assert match_punches(MarkerKeeping.MARKER, [sought("TG-A", 0, 60)], [colleagues, ours]) == {"TG-A": ours}
    assert match_punches(MarkerKeeping.MARKER, [sought("TG-B", 0, 60)], [colleagues, ours]) == {}


def test_a_punch_that_went_in_twice_is_seen_twice() -> None:
    assert len(find_marked("TG-A", "M1", [punch(1, "[TG-A]"), punch(2, "[TG-A]"), punch(3, "[TG-B]")])) == 2


@pytest.mark.parametrize("keeping", [MarkerKeeping.EXACT_TEXT, MarkerKeeping.NONE])
@pytest.mark.parametrize(
    "row",
    [punch(61), punch(-1), punch(5, emp_code="O1"), punch(5, source=1)],
    ids=["too late", "too early", "a colleague's", "from a terminal"],
)
def test_without_markers_all_else_must_fit(keeping: MarkerKeeping, row: ListedPunch) -> None:
    assert match_punches(keeping, [sought("TG-A", 0, 60)], [row]) == {}
    assert match_punches(keeping, [sought("TG-A", 0, 60, punch_state=PunchState.CHECK_OUT)], [punch(5)]) == {}


def test_the_text_counts_only_where_it_is_kept() -> None:
    other = punch(5, "elsewhere")
    assert match_punches(MarkerKeeping.EXACT_TEXT, [sought("TG-A", 0, 60)], [other]) == {}
    assert match_punches(MarkerKeeping.NONE, [sought("TG-A", 0, 60)], [other]) == {"TG-A": other}


def test_either_reading_of_a_doubtful_time_may_fit() -> None:
    row = punch(-3600, again=5)
    assert match_punches(MarkerKeeping.NONE, [sought("TG-A", 0, 60)], [row]) == {"TG-A": row}


def test_one_row_serves_one_punch() -> None:
    row = punch(30)
    found = match_punches(MarkerKeeping.NONE, [sought("TG-A", 0, 60), sought("TG-B", 10, 70)], [row])
    assert found == {"TG-A": row}


WINDOWS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6)), max_size=4)


@given(WINDOWS, st.lists(st.integers(0, 18), max_size=4))
def test_as_many_as_possible_are_matched_each_inside_its_window(
    windows: list[tuple[int, int]], rows: list[int]
) -> None:
    wanted = [sought(f"TG-{n}", start, start + length) for n, (start, length) in enumerate(windows)]
    found = match_punches(MarkerKeeping.NONE, wanted, [punch(second) for second in rows])
    by_marker = {one.marker: one for one in wanted}
    assert all(by_marker[m].earliest <= row.punched_at <= by_marker[m].latest for m, row in found.items())
    assert all(
        sum(row.punched_at == at(second) for row in found.values()) <= rows.count(second) for second in set(rows)
    )
    assert len(found) == most_possible(wanted, rows)


def most_possible(wanted: list[SoughtPunch], rows: list[int]) -> int:
    padded = rows + [-1] * len(wanted)
    return max(
        sum(one.earliest <= at(second) <= one.latest for one, second in zip(wanted, order, strict=False))
        for order in set(permutations(padded, len(wanted)))
    )


def log(number: int, second: int, reason: str | None = None, employee: str = "e1") -> ManualLog:
    return ManualLog(
        number, employee, (at(second),), PunchState.CHECK_IN, reason, AuditStatus.PENDING, None, at(second)
    )


def test_a_manual_log_is_found_by_marker_then_by_time() -> None:
    def found(*logs: ManualLog) -> int | None:
        match = find_manual_log("TG-A", "e1", at(5) + timedelta(microseconds=9), PunchState.CHECK_IN, logs)
        return match.id if match else None

    assert found(log(1, 5), log(2, 7, "forgot [TG-A]")) == 2
    assert found(log(1, 6), log(2, 5)) == 2
    assert found(log(1, 5, "forgot [TG-B]")) is None
    assert found(log(1, 5, employee="e2"), log(2, 5, "[TG-A]", employee="e2")) is None
