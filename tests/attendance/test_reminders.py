"""Who is reminded of what, and when: only on days on which they are expected, never of what they have done."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.attendance.facts import Away, Facts, SeenPunch, Shift, ShiftKind
from bot.attendance.model import PunchState
from bot.attendance.reminders import ReminderKind, ReminderWishes, find_reminders

DUBAI = ZoneInfo("Asia/Dubai")
IN, OUT, PAUSE, BACK = PunchState.CHECK_IN, PunchState.CHECK_OUT, PunchState.BREAK_OUT, PunchState.BREAK_IN


def at(text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return datetime(2026, 3, 2, tzinfo=DUBAI) + timedelta(hours=hours, minutes=minutes)


OFFICE = Shift("1001", date(2026, 3, 2), "Office", ShiftKind.WORK, 1, at("9:00"), at("18:00"), at("6:00"))
MINE = Facts(OFFICE)
WISHES = ReminderWishes(-timedelta(minutes=10), timedelta(minutes=15), timedelta(minutes=60))


def punched(*punches: tuple[str, PunchState]) -> Facts:
    return replace(MINE, punches=tuple(SeenPunch(at(time), state) for time, state in punches))


def kinds(facts: Facts, now: str, wishes: ReminderWishes = WISHES) -> str:
    return " ".join(one.kind for one in find_reminders(facts, wishes, at(now)))


AWAY = replace(MINE, leaves=(Away(at("0:00"), at("24:00")),))
MORNING_OFF = replace(MINE, leaves=(Away(at("9:00"), at("13:00")),))
AFTERNOON_OFF = replace(punched(("8:55", IN)), leaves=(Away(at("13:00"), at("18:00")),))


@pytest.mark.parametrize(
    ("facts", "now", "reminded"),
    [
        pytest.param(MINE, "8:49", "", id="not yet"),
        pytest.param(MINE, "8:50", "in", id="ten minutes before the start"),
        pytest.param(MINE, "9:49", "in", id="still worth it"),
        pytest.param(MINE, "9:50", "", id="an hour later nobody wants it"),
        pytest.param(punched(("8:40", IN)), "8:50", "", id="is there already"),
        pytest.param(punched(("8:40", PunchState.UNKNOWN)), "8:50", "", id="came by a terminal that says no direction"),
        pytest.param(replace(MINE, logs=(at("8:45"),)), "8:50", "", id="reported a forgotten punch"),
        pytest.param(AWAY, "8:50", "", id="on leave"),
        pytest.param(replace(MINE, holiday="Eid"), "8:50", "", id="on a holiday"),
        pytest.param(replace(MINE, excuse="at the bank"), "8:50", "", id="excused by the manager"),
        pytest.param(replace(MINE, has_left=True), "8:50", "", id="has left"),
        pytest.param(replace(MINE, shift=replace(OFFICE, kind=ShiftKind.REST)), "8:50", "", id="on a rest day"),
        pytest.param(
            replace(MINE, shift=replace(OFFICE, kind=ShiftKind.FLEXIBLE)), "8:50", "", id="comes when they like"
        ),
        pytest.param(MORNING_OFF, "8:50", "", id="morning off: not at nine"),
        pytest.param(MORNING_OFF, "12:50", "in", id="morning off: at one"),
        pytest.param(punched(("8:55", IN)), "18:14", "", id="the end, but not the quarter after it"),
        pytest.param(punched(("8:55", IN)), "18:15", "out", id="a quarter after the end"),
        pytest.param(punched(("8:55", IN), ("18:01", OUT)), "18:15", "", id="has gone"),
        pytest.param(punched(("8:55", IN)), "20:15", "", id="too late to remind of the end"),
        pytest.param(MINE, "18:15", "", id="never came"),
        pytest.param(AFTERNOON_OFF, "13:15", "out", id="afternoon off: at one"),
        pytest.param(AFTERNOON_OFF, "18:15", "", id="afternoon off: not at six"),
        pytest.param(punched(("8:55", IN), ("13:00", PAUSE)), "13:59", "", id="break"),
        pytest.param(punched(("8:55", IN), ("13:00", PAUSE)), "14:00", "break", id="break over"),
        pytest.param(punched(("8:55", IN), ("13:00", PAUSE), ("13:40", BACK)), "14:00", "", id="back from the break"),
        pytest.param(
            punched(("8:55", IN), ("8:56", IN), ("18:05", PunchState.UNKNOWN)), "18:15", "", id="in twice, out unsaid"
        ),
        pytest.param(
            punched(("8:55", PunchState.UNKNOWN), ("8:56", PunchState.UNKNOWN)), "18:15", "out", id="a finger twice"
        ),
    ],
)
def test_reminders(facts: Facts, now: str, reminded: str) -> None:
    assert kinds(facts, now) == reminded


def test_nothing_is_reminded_of_unless_it_is_wished() -> None:
    off = ReminderWishes()
    assert not off.any
    for facts, now in ((MINE, "8:50"), (punched(("8:55", IN)), "18:15"), (punched(("13:00", PAUSE)), "14:00")):
        assert kinds(facts, now)
        assert not kinds(facts, now, off)


def test_a_reminder_is_named_by_what_it_is_about() -> None:
    """The minute in which it is found must not name it: the next look would find another one."""
    early, late = (next(iter(find_reminders(MINE, WISHES, at(now)))) for now in ("8:50", "8:58"))
    assert early == late
    assert (early.kind, early.about_at, early.timetable) == (ReminderKind.IN, at("9:00"), "Office")
