"""BioTime's times, converted here and nowhere else (wire notes, table "Times, four encodings in one API").

Most of them are the company's wall clock without an offset, so every function takes the company's zone. Where the
clocks change, wall clock time is not one instant, and what we do about it is chosen, not left to chance:

- **Twice** (clocks go back): the text fits two instants. `near`, where the caller knows about when it was, picks the
  closer one; without it the first is taken, as every server that stores wall clocks does. `wall_readings` gives both.
- **Never** (clocks go forward): the text fits none, and comes from a clock that was not put forward. It is read with
  the offset before the change, so 02:30 in a gap from 02:00 is thirty minutes after the change, not lost.

Sub-second parts are cut off on writing wherever the format has no room for them, never rounded: a punch is never
listed later than it happened.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_WALL = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?)?"
    r"\s*(Z|[+-](?:0\d|1\d|2[0-3]):?[0-5]\d)?/?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - seconds of a wall clock count from a wall clock


def read_wall_text(text: str, zone: ZoneInfo, near: datetime | None = None) -> datetime:
    """Company wall clock text to aware UTC: `2023-09-01 15:34:13`, `2023-09-01T15:34:13.347559`, a date alone
    (its midnight), and forms such as `2023-09-1 00:00:00/` that the manual itself uses. Text with an offset is
    taken at its word. Raises ValueError.
    """
    return _nearest(read_wall_text_readings(text, zone), near)


def read_wall_text_readings(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """All that `read_wall_text` can mean, as in `wall_readings`. Raises ValueError."""
    wall, offset = _parse(text)
    if offset is not None:
        return (_utc(wall, offset),)
    return wall_readings(wall, zone)


def write_wall_text(at: datetime, zone: ZoneInfo) -> str:
    """`2023-09-01 15:34:13`: `punch_time` of POST transactions, every time of GET manual_logs."""
    return _seconds_text(_local(at, zone))


def write_wall_iso(at: datetime, zone: ZoneInfo) -> str:
    """`2023-09-01T15:34:13.347559`: `upload_time` of POST transactions."""
    return _wall(at, zone).isoformat()


def read_wall_seconds(seconds: int, zone: ZoneInfo, near: datetime | None = None) -> datetime:
    """`punch_time` of GET transactions to aware UTC."""
    return _nearest(wall_readings(wall_of_seconds(seconds), zone), near)


def wall_of_seconds(seconds: int) -> datetime:
    """The naive wall clock behind `punch_time` and `punch_date` of GET transactions."""
    # BioTime sends the company's wall clock as if it were UTC here (and only here): reading it as a true
    # epoch moves every punch by the company's offset.
    try:
        return _NAIVE_EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError("seconds out of range") from error


def write_wall_seconds(at: datetime, zone: ZoneInfo) -> int:
    """`punch_time` of GET transactions: seconds of the wall clock as if it were UTC."""
    return (_wall(at, zone) - _NAIVE_EPOCH) // timedelta(seconds=1)


def write_wall_date_seconds(at: datetime, zone: ZoneInfo) -> int:
    """`punch_date` of GET transactions: midnight of the wall clock's day, as if it were UTC."""
    return (_wall(at, zone) - _NAIVE_EPOCH) // timedelta(days=1) * 86_400


def read_unix_text(text: str) -> datetime:
    """`punch_time` of POST manual_logs, true Unix seconds as text, to aware UTC. Raises ValueError."""
    if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        raise ValueError("not Unix seconds")
    try:
        return _EPOCH + timedelta(seconds=int(text))
    except OverflowError as error:
        raise ValueError("seconds out of range") from error


def write_unix_text(at: datetime) -> str:
    """`punch_time` of POST manual_logs: true Unix seconds, as text."""
    return str((at - _EPOCH) // timedelta(seconds=1))


def read_utc_text(text: str) -> datetime:
    """`upload_time` of the web transactions, UTC text, to aware UTC. Raises ValueError."""
    wall, offset = _parse(text)
    return _utc(wall, offset or timedelta())


def write_utc_text(at: datetime) -> str:
    """`2023-09-01 07:18:49`: `upload_time` of the web transactions."""
    return _seconds_text(at.astimezone(UTC))


def wall_readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (aware UTC, earliest first) that a naive wall clock time can mean: two where clocks go back, else
    one.
    """
    try:
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError as error:
        raise ValueError("time out of range") from error
    # In a gap the two readings differ too, but backwards: there the one with the offset before the change stands.
    return (first, second) if second > first else (first,)


def _nearest(readings: tuple[datetime, ...], near: datetime | None) -> datetime:
    return min(readings, key=lambda reading: abs(reading - near)) if near else readings[0]


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return _local(at, zone).replace(tzinfo=None, fold=0)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(zone)


def _seconds_text(at: datetime) -> str:
    # Twice in every row of a list: a format string, or taking the offset off first, costs four times as much.
    return at.isoformat(" ", "seconds")[: len("2023-09-01 15:34:13")]


def _parse(text: str) -> tuple[datetime, timedelta | None]:
    match = _WALL.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a BioTime date and time")
    *numbers, fraction, offset = match.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    microsecond = int((fraction or "").ljust(6, "0"))
    wall = datetime(year, month, day, hour, minute, second, microsecond)  # noqa: DTZ001 - a wall clock
    return wall, _offset(offset)


def _utc(wall: datetime, offset: timedelta) -> datetime:
    try:
        return (wall - offset).replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("time out of range") from error


def _offset(text: str | None) -> timedelta | None:
    if text is None or text == "Z":
        return None if text is None else timedelta()
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timedelta(minutes=minutes if text[0] == "+" else -minutes)
