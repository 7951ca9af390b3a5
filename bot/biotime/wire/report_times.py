"""Dates, times of day and durations of the reports (manual "5. Att API", 6.7), converted here and nowhere else."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPAN = re.compile(r"(\d{1,5}):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)


def write_report_date(day: date) -> str:
    """`01-07-2023`: the day first, in the web reports and there only."""
    return f"{day:%d-%m-%Y}"


def read_report_date(text: str) -> date:
    """Either form: `01-07-2023` of the web reports, `2021-10-14` of page_data. Raises ValueError."""
    match = _DATE.fullmatch(text)
    if match is None:
        return date.fromisoformat(text)
    day, month, year = map(int, match.groups())
    return date(year, month, day)


def write_weekday(day: date) -> str:
    # Not strftime: its names are in the language of the machine.
    return WEEKDAYS[day.weekday()]


def write_clock(at: datetime | None, zone: ZoneInfo) -> str:
    """`09:00` on the wall, empty where there is none; seconds are cut off."""
    return f"{at.astimezone(zone):%H:%M}" if at else ""


def write_span(span: timedelta | None) -> str:
    """`09:00`, empty where there is none; more than a day goes on in hours."""
    if span is None:
        return ""
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_span(text: str | None) -> timedelta | None:
    """Empty and null are none. Raises ValueError."""
    if not text:
        return None
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError("not a duration")
    return timedelta(hours=int(match[1]), minutes=int(match[2]))
