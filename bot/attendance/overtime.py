"""Overtime: by the kind of day, and in levels over the daily hours (wire notes, ot_lv1..3)."""

from datetime import timedelta
from typing import TypedDict

from bot.attendance.roster import DayKind
from bot.attendance.rounding import or_empty, round_down
from bot.attendance.schedule import Attendant, Rules
from bot.attendance.timetable import NOTHING

Levels = tuple[timedelta, timedelta, timedelta]
_NONE: Levels = (NOTHING, NOTHING, NOTHING)


class OvertimeCells(TypedDict):
    """A card's cells of overtime."""

    total_worked: timedelta | None
    normal_ot: timedelta | None
    weekend_ot: timedelta | None
    holiday_ot: timedelta | None
    ot_lv1: timedelta | None
    ot_lv2: timedelta | None
    ot_lv3: timedelta | None


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


def build_cells(
    kind: DayKind, actual: timedelta, extra: timedelta, worked_before: timedelta, person: Attendant
) -> OvertimeCells:
    """What a card shows of `extra` beyond its actual_wt, by the kind of the day. The levels are the day's, of which
    `worked_before` is what its earlier cards worked: each card shows what it adds to them."""
    worked = actual + extra
    since, until = _NONE, _NONE
    if person.enable_overtime and worked:
        since = measure_levels(worked_before, person.rules)
        until = measure_levels(worked_before + worked, person.rules)
    shown = or_empty(extra)
    return {
        "total_worked": or_empty(worked),
        "normal_ot": shown if kind not in (DayKind.REST_DAY, DayKind.HOLIDAY) else None,
        "weekend_ot": shown if kind is DayKind.REST_DAY else None,
        "holiday_ot": shown if kind is DayKind.HOLIDAY else None,
        "ot_lv1": or_empty(until[0] - since[0]),
        "ot_lv2": or_empty(until[1] - since[1]),
        "ot_lv3": or_empty(until[2] - since[2]),
    }
