"""When quiet hours end, on ordinary days and on those on which clocks are turned."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.quiet_hours import find_quiet_end
from bot.store.manager_settings import ManagerSettings

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("begins", "ends", "at", "until"),
    [
        (time(20), time(7), "2026-03-02T19:59+01", None),
        (time(20), time(7), "2026-03-02T20:00+01", "2026-03-03T07:00+01"),
        (time(20), time(7), "2026-03-03T06:59+01", "2026-03-03T07:00+01"),
        (time(20), time(7), "2026-03-03T07:00+01", None),
        (time(12), time(13), "2026-03-02T12:30+01", "2026-03-02T13:00+01"),
        (time(12), time(12), "2026-03-02T12:00+01", None),
        (None, time(7), "2026-03-02T03:00+01", None),
        # In spring the clock goes from 02:00 to 03:00, in autumn from 03:00 to 02:00.
        (time(22), time(3), "2026-03-29T01:30+01", "2026-03-29T03:00+02"),
        (time(23), time(2, 30), "2026-03-29T01:30+01", "2026-03-29T03:00+02"),
        (time(23), time(2, 30), "2026-10-25T02:10+02", "2026-10-25T02:30+02"),
        (time(23), time(2, 30), "2026-10-25T02:59+02", None),
        (time(23), time(2, 30), "2026-10-25T02:12+01", "2026-10-25T02:30+01"),
        (time(23), time(7), "2026-10-25T02:12+02", "2026-10-25T07:00+01"),
    ],
)
def test_when_quiet_hours_end(begins: time | None, ends: time, at: str, until: str | None) -> None:
    settings = ManagerSettings(quiet_from=begins, quiet_until=ends)
    expected = datetime.fromisoformat(until + ":00") if until else None
    assert find_quiet_end(settings, datetime.fromisoformat(at + ":00").astimezone(UTC), BERLIN) == expected


QUARTERS = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
# From the day before either change until the day after.
CHANGES = st.sampled_from((datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)))
SECONDS = st.timedeltas(timedelta(), timedelta(days=3))


@given(QUARTERS, QUARTERS, st.builds(datetime.__add__, CHANGES, SECONDS))
def test_they_end_later_than_now_and_until_then_it_is_quiet(begins: time, ends: time, now: datetime) -> None:
    """What is put off until now would be taken again at once, for ever."""
    settings = ManagerSettings(quiet_from=begins, quiet_until=ends)
    until = find_quiet_end(settings, now, BERLIN)
    if until is not None:
        assert until > now
        assert find_quiet_end(settings, until, BERLIN) is None
        assert find_quiet_end(settings, until - MINUTE / 60, BERLIN) == until
