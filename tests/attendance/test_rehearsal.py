"""The rehearsal of alerts: the real rules on days that are past, and what the records say of each alert by now."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.attendance.chain import Gate, Stop
from bot.attendance.facts import Away, Rules, SeenPunch, Shift, ShiftKind
from bot.attendance.model import PunchState
from bot.attendance.past import Finding, LogState, Past, PastLeave, PastLog, PastPunch, Verdict
from bot.attendance.rehearsal import SiteRun, rehearse

NINE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHIFT = Shift("1001", date(2026, 3, 2), "Office", ShiftKind.WORK, 1, NINE, NINE + 9 * HOUR, NINE - 2 * HOUR)
RULES = Rules()  # ten minutes of grace, ten of delay
DUE = NINE + 20 * MINUTE
AWAY = Past(SHIFT, absent=True)


def punch(after: timedelta, known_at: datetime | None = None) -> PastPunch:
    return PastPunch(SeenPunch(NINE + after, PunchState.CHECK_IN, "Lobby"), known_at)


def leave(known_at: datetime | None, begin: datetime = NINE, end: datetime = NINE + 9 * HOUR) -> PastLeave:
    return PastLeave(Away(begin, end, "Sick leave"), known_at)


def run(*pasts: Past, rules: Rules = RULES) -> SiteRun:
    (site,), loose = rehearse(pasts, rules)
    assert loose == []
    return site


def one(past: Past, rules: Rules = RULES) -> Finding:
    (found,) = run(past, rules=rules).findings
    return found


# -- told, and rightly -------------------------------------------------------------------------------------------------


def test_who_was_absent_would_have_been_told_of_at_the_deadline() -> None:
    assert one(AWAY) == Finding(SHIFT, Verdict.ABSENT, told_at=DUE)


def test_who_came_after_that_was_late_by_so_much() -> None:
    found = one(Past(SHIFT, punches=(punch(47 * MINUTE),)))
    assert (found.verdict, found.told_at, found.at, found.late_by) == (
        Verdict.LATE, DUE, NINE + 47 * MINUTE, 47 * MINUTE,
    )  # fmt: skip


@pytest.mark.parametrize("after", [-HOUR, 0 * MINUTE, 20 * MINUTE])
def test_of_who_came_in_time_or_within_grace_and_delay_nothing_is_found(after: timedelta) -> None:
    assert run(Past(SHIFT, punches=(punch(after),))).findings == ()


def test_other_rules_tell_others() -> None:
    late = Past(SHIFT, punches=(punch(12 * MINUTE),))
    assert run(late).findings == ()
    assert one(late, Rules(grace=5 * MINUTE, delay=0 * MINUTE)).told_at == NINE + 5 * MINUTE


def test_a_leave_of_half_a_day_moves_the_deadline() -> None:
    assert one(replace(AWAY, leaves=(leave(NINE - 24 * HOUR, end=NINE + 4 * HOUR),))).told_at == DUE + 4 * HOUR


# -- false alarms ------------------------------------------------------------------------------------------------------


def test_a_punch_that_was_uploaded_late_makes_a_false_alarm() -> None:
    found = one(Past(SHIFT, punches=(punch(-MINUTE, NINE + 3 * HOUR),)))
    assert (found.verdict, found.told_at, found.at) == (Verdict.UPLOAD, DUE, NINE - MINUTE)
    assert (found.known_at, found.name) == (NINE + 3 * HOUR, "Lobby")


def test_a_punch_of_unknown_upload_counts_from_when_it_was_made() -> None:
    assert run(Past(SHIFT, punches=(punch(-MINUTE, None),))).findings == ()


def test_a_manual_log_that_was_filed_and_approved_afterwards() -> None:
    log = PastLog(NINE, LogState.APPROVED, NINE + HOUR, NINE + 2 * HOUR)
    found = one(Past(SHIFT, logs=(log,), counted=time(9)))
    assert (found.verdict, found.at, found.known_at) == (Verdict.LOG, NINE, NINE + 2 * HOUR)


def test_a_leave_that_was_approved_afterwards() -> None:
    found = one(Past(SHIFT, leaves=(leave(NINE + 5 * HOUR),)))
    assert (found.verdict, found.known_at, found.name) == (Verdict.LEAVE, NINE + 5 * HOUR, "Sick leave")


def test_of_two_leaves_the_one_that_came_last_is_named() -> None:
    """One was known in time; the alert became wrong with the last of the others."""
    known = leave(NINE - HOUR, begin=NINE + 2 * HOUR, end=NINE + 3 * HOUR)
    first = leave(NINE + 2 * HOUR, end=NINE + 2 * HOUR)
    last = PastLeave(Away(NINE + 3 * HOUR, NINE + 9 * HOUR, "Annual leave"), NINE + 5 * HOUR)
    never_said = leave(None, begin=NINE + 3 * HOUR, end=NINE + 4 * HOUR)
    found = one(Past(SHIFT, leaves=(known, first, last, never_said)))
    assert (found.verdict, found.known_at, found.name) == (Verdict.LEAVE, NINE + 5 * HOUR, "Annual leave")


def test_of_a_manual_log_only_the_one_that_was_approved_explains_the_punch() -> None:
    refused = PastLog(NINE, LogState.REFUSED, NINE + HOUR, NINE + 90 * MINUTE)
    other = PastLog(NINE + 5 * HOUR, LogState.APPROVED, NINE + 6 * HOUR, NINE + 7 * HOUR)
    approved = PastLog(NINE, LogState.APPROVED, NINE + 2 * HOUR, NINE + 3 * HOUR)
    found = one(Past(SHIFT, logs=(refused, other, approved)))
    assert (found.verdict, found.at, found.known_at) == (Verdict.LOG, NINE, NINE + 3 * HOUR)


def test_who_had_stayed_inside_since_an_earlier_timetable_which_was_uploaded_late() -> None:
    went = PastPunch(SeenPunch(NINE - 4 * HOUR, PunchState.CHECK_OUT, "Gate"), NINE - 4 * HOUR)
    came = punch(-3 * HOUR, NINE + 4 * HOUR)
    found = one(Past(SHIFT, punches=(went, came), came_from=NINE - 6 * HOUR))
    assert (found.verdict, found.at) == (Verdict.UPLOAD, NINE - 3 * HOUR)
    assert (found.known_at, found.name) == (NINE + 4 * HOUR, "Lobby")


def test_a_leave_known_before_and_one_of_unknown_approval_stop_the_alert() -> None:
    for known_at in (NINE - HOUR, None):
        assert run(Past(SHIFT, leaves=(leave(known_at),))).findings == ()


def test_a_punch_that_biotime_counts_and_we_do_not() -> None:
    found = one(Past(SHIFT, counted=time(6, 40)))
    assert (found.verdict, found.counted) == (Verdict.ELSEWHEN, time(6, 40))


# -- what is open, and what is missed ----------------------------------------------------------------------------------


def test_a_manual_log_that_nobody_has_decided() -> None:
    found = one(replace(AWAY, logs=(PastLog(NINE, LogState.PENDING, NINE + HOUR),)))
    assert (found.verdict, found.at) == (Verdict.UNDECIDED, NINE)


def test_a_log_for_another_time_of_the_day_is_none_for_this_shift() -> None:
    opens, ends = NINE - 2 * HOUR, NINE + 9 * HOUR
    for at, verdict in [
        (opens - MINUTE, Verdict.ABSENT), (opens, Verdict.UNDECIDED), (ends, Verdict.UNDECIDED),
        (ends + MINUTE, Verdict.ABSENT),
    ]:  # fmt: skip
        assert one(replace(AWAY, logs=(PastLog(at, LogState.PENDING, NINE + HOUR),))).verdict is verdict


def test_a_log_that_held_the_alert_up_and_was_refused_during_the_shift_tells_then() -> None:
    log = PastLog(NINE, LogState.REFUSED, NINE, NINE + 2 * HOUR)
    assert one(replace(AWAY, logs=(log,))) == Finding(SHIFT, Verdict.ABSENT, told_at=NINE + 2 * HOUR)


def test_one_that_was_refused_after_the_shift_hid_an_absence() -> None:
    log = PastLog(NINE, LogState.REFUSED, NINE, NINE + 20 * HOUR)
    found = one(replace(AWAY, logs=(log,)))
    assert (found.verdict, found.told_at) == (Verdict.MISSED, None)
    assert found.step is not None
    assert (found.step.gate, found.step.stop) == (Gate.NO_PUNCH, Stop.LOG_PENDING)


def test_who_is_excluded_was_absent_and_nobody_would_have_been_told() -> None:
    found = one(AWAY, replace(RULES, excluded=frozenset({"1001"})))
    assert found.step is not None
    assert (found.verdict, found.step.gate, found.step.stop) == (Verdict.MISSED, Gate.EMPLOYED, Stop.EXCLUDED)


def test_a_delay_that_is_longer_than_the_shift_tells_nobody() -> None:
    found = one(AWAY, replace(RULES, delay=10 * HOUR))
    assert found.step is not None
    assert (found.verdict, found.step.stop) == (Verdict.MISSED, Stop.OVER)


def test_an_absence_on_flexible_hours_is_one_that_no_rule_finds() -> None:
    flexible = Shift("1001", SHIFT.workdate, "Flexi", ShiftKind.FLEXIBLE, 1)
    sites, (found,) = rehearse([Past(flexible, absent=True), Past(flexible)], RULES)
    assert sites == []
    assert found.step is not None
    assert (found.verdict, found.step.stop) == (Verdict.MISSED, Stop.FLEXIBLE)


@pytest.mark.parametrize("past", [Past(SHIFT, holiday="National Day"), Past(SHIFT, enable_att=False)])
def test_of_who_need_not_come_nothing_is_found(past: Past) -> None:
    assert run(past).findings == ()


# -- incidents ---------------------------------------------------------------------------------------------------------


def crowd(*coming: timedelta | None) -> list[Past]:
    """So many people of one site; None never comes."""
    return [
        Past(replace(SHIFT, emp_code=str(n)), punches=() if after is None else (punch(after),), absent=after is None)
        for n, after in enumerate(coming)
    ]


def test_most_of_a_site_is_one_incident_and_no_names() -> None:
    site = run(*crowd(*[3 * HOUR] * 5))
    assert (site.incident_at, site.expected) == (DUE, 5)
    assert {(found.incident, found.told_at, found.verdict) for found in site.findings} == {(True, DUE, Verdict.LATE)}


def test_once_enough_have_come_the_others_are_named() -> None:
    """Of ten six are missing, which is an incident; with the second who comes it is none any more."""
    site = run(*crowd(*[0 * MINUTE] * 4, 60 * MINUTE, 40 * MINUTE, 90 * MINUTE, None, None, None))
    named = {found.shift.emp_code: found.told_at for found in site.findings if not found.incident}
    assert site.incident_at == DUE
    assert named == dict.fromkeys(("4", "6", "7", "8", "9"), NINE + 40 * MINUTE)
    assert [found.shift.emp_code for found in site.findings if found.incident] == ["5"]


def test_who_is_on_leave_is_not_waited_for_in_a_crowd() -> None:
    """Four of ten are on leave: four of the other six are most of them, and with the second who comes no more."""
    away = leave(NINE - HOUR)
    people = crowd(None, None, 40 * MINUTE, 60 * MINUTE, 0 * MINUTE, 0 * MINUTE, *[None] * 4)
    pasts = [replace(one, leaves=(away,), absent=False) if n >= 6 else one for n, one in enumerate(people)]
    site = run(*pasts)
    named = {found.shift.emp_code: found.told_at for found in site.findings if not found.incident}
    assert site.incident_at == DUE
    assert named == dict.fromkeys(("0", "1", "3"), NINE + 40 * MINUTE)


def test_two_sites_are_two_runs() -> None:
    other = replace(SHIFT, emp_code="7", area_id=2)
    sites, _ = rehearse([AWAY, Past(other)], RULES)
    assert [(site.site.area_id, site.expected, len(site.findings)) for site in sites] == [(1, 1, 1), (2, 1, 1)]
