"""Every encoding of time against the manual's own numbers (wire notes), and where clocks change."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.biotime.wire import times

DUBAI = ZoneInfo("Asia/Dubai")
LONDON = ZoneInfo("Europe/London")
ZONES = st.sampled_from([DUBAI, LONDON, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])
INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_receipt_of_a_punch_is_wall_clock_text() -> None:
    at = utc(2023, 9, 1, 11, 34, 13)
    assert times.read_wall_text("2023-09-01 15:34:13", DUBAI) == at
    assert times.write_wall_text(at, DUBAI) == "2023-09-01 15:34:13"


def test_upload_time_of_a_receipt_is_wall_clock_iso() -> None:
    at = utc(2023, 9, 1, 11, 34, 13, 347559)
    assert times.read_wall_text("2023-09-01T15:34:13.347559", DUBAI) == at
    assert times.write_wall_iso(at, DUBAI) == "2023-09-01T15:34:13.347559"


def test_listed_punch_is_the_wall_clock_as_if_utc() -> None:
    at = utc(2023, 9, 1, 11, 29, 2)
    assert times.read_wall_seconds(1693582142, DUBAI) == at
    assert times.write_wall_seconds(at, DUBAI) == 1693582142
    assert times.write_wall_date_seconds(at, DUBAI) == 1693526400


def test_date_of_a_listed_punch_is_the_wall_clocks_day() -> None:
    assert times.write_wall_date_seconds(utc(2023, 8, 31, 20, 0), DUBAI) == 1693526400
    assert times.write_wall_date_seconds(utc(2023, 8, 31, 19, 59, 59), DUBAI) == 1693526400 - 86400


def test_manual_log_is_true_unix_seconds_as_text() -> None:
    at = utc(2023, 9, 1, 11, 38, 42)
    assert times.read_unix_text("1693568322") == at
    assert times.write_unix_text(at) == "1693568322"
    assert times.write_wall_text(at, DUBAI) == "2023-09-01 15:38:42"


def test_listed_manual_log_is_wall_clock_text() -> None:
    assert times.read_wall_text("2023-09-01 16:40:56", DUBAI) == utc(2023, 9, 1, 12, 40, 56)


def test_web_transaction_has_a_wall_clock_and_a_utc_time() -> None:
    punched_at = times.read_wall_text("2023-09-01 11:18:50", DUBAI)
    uploaded_at = times.read_utc_text("2023-09-01 07:18:49")
    assert punched_at - uploaded_at == timedelta(seconds=1)
    assert times.write_utc_text(uploaded_at) == "2023-09-01 07:18:49"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2023-09-1 00:00:00", utc(2023, 8, 31, 20)),
        ("2023-09-1/", utc(2023, 8, 31, 20)),
        ("2023-09-01", utc(2023, 8, 31, 20)),
        ("2023-09-01 15:34", utc(2023, 9, 1, 11, 34)),
        (" 2023-09-01T15:34:13.5 ", utc(2023, 9, 1, 11, 34, 13, 500000)),
        ("2023-09-01T15:34:13Z", utc(2023, 9, 1, 15, 34, 13)),
        ("2023-09-01T15:34:13+05:30", utc(2023, 9, 1, 10, 4, 13)),
        ("2023-09-01T15:34:13-0330", utc(2023, 9, 1, 19, 4, 13)),
    ],
)
def test_sloppy_texts_are_read(text: str, at: datetime) -> None:
    assert times.read_wall_text(text, DUBAI) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2023-13-01",
        "2023-09-01 25:00:00",
        "2023-09-01 15:34:13 x",
        "0001-01-01",
        "9999-12-31 23:59:59",
        "9999-12-31 23:59:59-14:00",
        "2023-09-01 15:34:13+24:00",
        "2023-09-01 15:34:13+05:60",
    ],
)
def test_what_is_no_time_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.read_wall_text(text, DUBAI if text[:1] != "9" else ZoneInfo("America/St_Johns"))


@pytest.mark.parametrize("text", ["", "1e9", "1693568322.5", "١٦٩٣٥٦٨٣٢٢", "9" * 13, "999999999999"])
def test_what_is_no_unix_time_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.read_unix_text(text)


def test_utc_out_of_range_raises() -> None:
    with pytest.raises(ValueError, match="range"):
        times.read_utc_text("0001-01-01 00:00:00+14:00")


def test_seconds_out_of_range_raise() -> None:
    with pytest.raises(ValueError, match="range"):
        times.read_wall_seconds(10**15, DUBAI)


def test_a_time_without_its_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        times.write_wall_text(datetime(2023, 9, 1), DUBAI)


def test_the_hour_that_comes_twice_is_read_as_the_first_or_as_the_nearer() -> None:
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    text = "2026-10-25 01:30:00"
    assert times.write_wall_text(first, LONDON) == times.write_wall_text(second, LONDON) == text
    assert times.read_wall_text(text, LONDON) == first
    assert times.read_wall_text(text, LONDON, near=second + timedelta(minutes=3)) == second
    assert times.read_wall_text_readings(text, LONDON) == (first, second)


def test_the_hour_that_never_comes_is_read_with_the_offset_before() -> None:
    changed_at = utc(2026, 3, 29, 1)
    assert times.read_wall_text_readings("2026-03-29 01:30:00", LONDON) == (changed_at + timedelta(minutes=30),)


@given(INSTANTS, ZONES)
def test_wall_clock_encodings_round_trip(at: datetime, zone: ZoneInfo) -> None:
    second = at.replace(microsecond=0)
    assert times.read_wall_text(times.write_wall_text(at, zone), zone, near=second) == second
    assert times.read_wall_seconds(times.write_wall_seconds(at, zone), zone, near=second) == second
    assert times.read_wall_text(times.write_wall_iso(at, zone), zone, near=at) == at


@given(INSTANTS, ZONES)
def test_readings_hold_the_instant_and_write_back_the_same(at: datetime, zone: ZoneInfo) -> None:
    text = times.write_wall_text(at, zone)
    readings = times.read_wall_text_readings(text, zone)
    assert at.replace(microsecond=0) in readings
    assert list(readings) == sorted(set(readings))
    assert {times.write_wall_text(reading, zone) for reading in readings} == {text}


@given(INSTANTS)
def test_true_encodings_round_trip(at: datetime) -> None:
    second = at.replace(microsecond=0)
    assert times.read_unix_text(times.write_unix_text(at)) == second
    assert times.read_utc_text(times.write_utc_text(at)) == second


@given(st.text(max_size=40))
def test_no_text_raises_anything_but_value_error(text: str) -> None:
    for read in (partial(times.read_wall_text, zone=LONDON), times.read_unix_text):
        with suppress(ValueError):
            read(text)
