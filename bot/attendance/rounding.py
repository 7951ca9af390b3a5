"""Whole minutes and whole steps: a card shows 09:00, so it counts from 09:00, whatever the seconds were."""

from datetime import datetime, timedelta

from bot.attendance.spans import Span
from bot.attendance.timetable import NOTHING


def to_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def to_minutes(span: Span) -> Span:
    return to_minute(span[0]), to_minute(span[1])


def round_down(time: timedelta, step: timedelta) -> timedelta:
    return time - time % step


def round_up(time: timedelta, step: timedelta) -> timedelta:
    return time + -time % step


def or_empty(time: timedelta) -> timedelta | None:
    """Nothing is an empty cell of the report."""
    return time if time > NOTHING else None
