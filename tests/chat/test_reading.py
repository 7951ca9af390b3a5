"""Times and days as people type them."""

from datetime import date, time

import pytest

from bot.chat.reading import Days, read_day, read_time

MONDAY = date(2026, 3, 2)
DAYS = Days(date(2026, 1, 30), MONDAY)


@pytest.mark.parametrize("typed", ["8:05", "08:05", "0805", "805", "8h05", "8.05", "8 05", "8:05 am",
                                   "8.05 a.m.", "٨:٠٥", "۸:۰۵", "८:०५",
                                   "8：05", "٨:٠٥ ص", "\u200f8:05\u200f", " 8:05 AM "])  # fmt: skip
def test_five_past_eight(typed: str) -> None:
    assert read_time(typed) == time(8, 5)


@pytest.mark.parametrize("typed", ["20:05", "2005", "8.05 pm", "8:05 p.m.", "8:05PM", "٨:٠٥ م", "٠٨٠٥ مساءً", "20h05"])
def test_five_past_eight_in_the_evening(typed: str) -> None:
    assert read_time(typed) == time(20, 5)


def test_noon_midnight_and_whole_hours() -> None:
    assert [read_time(typed) for typed in ("12 am", "12 pm", "0:00", "8", "17h", "8pm")] == [
        time(0), time(12), time(0), time(8), time(17), time(20)]  # fmt: skip


@pytest.mark.parametrize("typed", ["", "24:00", "8:60", "8:5", "13 am", "0 am", "eight", "8:05 xm", "80555",
                                   "8:05:00:00", "-8:05", "x" * 5000, "1e3"])  # fmt: skip
def test_what_is_no_time(typed: str) -> None:
    assert read_time(typed) is None


@pytest.mark.parametrize("typed", ["28/2", "28.2.", "28-2-26", "28 Feb", "feb 28", "28 February 2026", "2026-02-28",
                                   "28/02/2026", "28", "٢٨ فبراير", "٢٨/٢", "Saturday", "السبت"])  # fmt: skip
def test_the_last_saturday(typed: str) -> None:
    assert read_day(typed, MONDAY, DAYS) == date(2026, 2, 28)


@pytest.mark.parametrize(("typed", "meant"), [("today", 2), ("yesterday", 1), ("اليوم", 2), ("أمس", 1), ("امس", 1)])
def test_days_in_words(typed: str, meant: int) -> None:
    assert read_day(typed, MONDAY, DAYS) == date(2026, 3, meant)


def test_a_day_that_may_not_be_chosen_is_still_a_day() -> None:
    assert read_day("1 March 2020", MONDAY, DAYS) == date(2020, 3, 1)
    assert read_day("3 March", MONDAY, DAYS) == date(2026, 3, 3)
    assert read_day("15", MONDAY, Days(MONDAY, date(2026, 12, 31))) == date(2026, 3, 15), "the days decide the month"


@pytest.mark.parametrize("typed", ["", "31/2", "banana", "99/99/9999", "0", "2026-13-01", "x" * 5000, "Feb"])
def test_what_is_no_day(typed: str) -> None:
    assert read_day(typed, MONDAY, DAYS) is None


@pytest.mark.parametrize("typed", ["الأربعاء 25 فبراير", "Wed, 25 Feb", "25 فبراير، الأربعاء", "बुधवार 25 फ़रवरी",
                                   "mercredi 25 février", "среда 25/2", "Miércoles 25",
                                   "بدھ 25 فروری", "Rabu, 25 Februari 2026"])  # fmt: skip
def test_a_weekday_beside_the_day_in_any_language(typed: str) -> None:
    assert read_day(typed, MONDAY, DAYS) == date(2026, 2, 25)


def test_a_weekday_that_is_another_is_no_day() -> None:
    assert read_day("Thu 25 Feb 2026", MONDAY, DAYS) is None
