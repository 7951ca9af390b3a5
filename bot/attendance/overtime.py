"""Overtime: by the kind of day, and in levels over the daily hours (wire notes, ot_lv1..3)."""

from dataclasses import dataclass
from datetime import timedelta

from bot.attendance.roster import DayKind
from bot.attendance.rounding import or_empty, round_down
from bot.attendance.schedule import Attendant, Rules
from bot.attendance.timetable import NOTHING

Levels = tuple[timedelta, timedelta, timedelta]


@dataclass(frozen=True, slots=True)
class Overtime:
    """A card's overtime as its cells show it: one kind at most, and the card's part of the day's levels."""

    normal: timedelta | None = None
    weekend: timedelta | None = None
    holiday: timedelta | None = None
    lv1: timedelta | None = None
    lv2: timedelta | None = None
    lv3: timedelta | None = None


def count_overtime(time: timedelta, person: Attendant) -> timedelta:
    """What of it is overtime: nothing for who has none, or below the least that counts; else whole steps."""
    if not person.enable_overtime or time < person.rules.overtime_from:
        return NOTHING
    return round_down(time, person.rules.rounding)


def measure_levels(worked: timedelta, rules: Rules) -> Levels:
    """Of daily hours w with T1 < T2 < T3: min(w, T2) - T1, min(w, T3) - T2, w - T3, none below 0."""
    first, second, third = rules.overtime_1, rules.overtime_2, rules.overtime_3
    levels = min(worked, second) - first, min(worked, third) - second, worked - third
    return max(levels[0], NOTHING), max(levels[1], NOTHING), max(levels[2], NOTHING)


def build_overtime(
    kind: DayKind, overtime: timedelta, before: timedelta, worked: timedelta, person: Attendant
) -> Overtime:
    """`before` is what the day's earlier cards worked, `worked` what this one did: the levels are the day's, and each
    card shows what it adds to them."""
    if not person.enable_overtime:
        return Overtime()
    until, since = measure_levels(before + worked, person.rules), measure_levels(before, person.rules)
    lv1, lv2, lv3 = (or_empty(b - a) for a, b in zip(since, until, strict=True))
    shown = or_empty(overtime)
    return Overtime(
        normal=shown if kind not in (DayKind.REST_DAY, DayKind.HOLIDAY) else None,
        weekend=shown if kind is DayKind.REST_DAY else None,
        holiday=shown if kind is DayKind.HOLIDAY else None,
        lv1=lv1,
        lv2=lv2,
        lv3=lv3,
    )
