"""What is reckoned from the waits, and that no picture is drawn twice."""

from benchmarks.pictures import NOTHING, Waits, build_figures, build_report


def test_a_row_tells_replies_and_drawing() -> None:
    alone = Waits(replies=[0.010] * 199 + [0.5])
    busy = Waits(replies=[n / 1000 for n in range(1, 201)], drawings=[3.0, 1.0, 2.0])
    rows = build_report({NOTHING: alone, "in a thread": busy}, 50, 3).splitlines()
    assert f"| {NOTHING} | 10 ms | 10 ms | 500 ms | – |" in rows
    assert "| in a thread | 100 ms | 199 ms | 200 ms | 2.0 s |" in rows


def test_each_picture_is_another() -> None:
    assert len({build_figures(number) for number in range(600)}) == 600
