"""Who is missing: each gate by name, the bad input, and what must hold whatever the day is like."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance.absence import plan
from bot.attendance.chain import Gate, Stop
from bot.attendance.facts import Away, Facts, Kind, Rules, SeenPunch, SeenTerminal, Shift, ShiftKind, Site
from bot.attendance.gates import judge
from bot.attendance.model import PunchState
from bot.attendance.shifts import ReportedDay, build_shifts
from bot.attendance.window import find_due

DUBAI, BERLIN = ZoneInfo("Asia/Dubai"), ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHIFT = Shift("1001", date(2026, 3, 2), "Office", ShiftKind.WORK, 1, NINE, NINE + 9 * HOUR, NINE - 2 * HOUR)
FACTS = Facts(SHIFT, synced_until=NINE + 9 * HOUR)
RULES = Rules()  # ten minutes of grace, ten of delay
LATE = NINE + 20 * MINUTE


def stop(facts: Facts, now: datetime = LATE, rules: Rules = RULES) -> tuple[Gate, Stop | None]:
    last = judge(facts, rules, now).last
    return last.gate, last.stop


def day(kind: ShiftKind, timetable: str = "") -> Facts:
    return Facts(Shift("1001", SHIFT.workdate, timetable, kind, 1), synced_until=LATE)


def punched(at: datetime, state: PunchState = PunchState.CHECK_IN) -> SeenPunch:
    return SeenPunch(at, state, "Lobby")


# -- the ten gates, in their order -------------------------------------------------------------------------------------


def test_whoever_is_missing_has_passed_ten_gates_and_the_chain_says_so() -> None:
    chain = judge(FACTS, RULES, LATE)
    assert chain.passed
    assert [step.gate for step in chain.steps] == list(Gate)
    assert len(Gate) == 10


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (replace(FACTS, has_left=True), Stop.LEFT),
        (replace(FACTS, hire_date=SHIFT.workdate + timedelta(days=1)), Stop.NOT_HIRED_YET),
        (replace(FACTS, enable_att=False), Stop.ATTENDANCE_OFF),
    ],
)
def test_gate_1_who_is_not_employed_or_keeps_no_attendance(facts: Facts, why: Stop) -> None:
    assert stop(facts) == (Gate.EMPLOYED, why)


def test_gate_1_who_is_excluded_and_who_begins_today() -> None:
    assert stop(FACTS, rules=replace(RULES, excluded=frozenset({"1001"}))) == (Gate.EMPLOYED, Stop.EXCLUDED)
    assert judge(replace(FACTS, hire_date=SHIFT.workdate), RULES, LATE).passed


@pytest.mark.parametrize(("kind", "why"), [(ShiftKind.NONE, Stop.NO_TIMETABLE), (ShiftKind.REST, Stop.REST_DAY)])
def test_gate_2_no_timetable_today(kind: ShiftKind, why: Stop) -> None:
    assert stop(day(kind)) == (Gate.TIMETABLE, why)


def test_gate_3_flexible_hours() -> None:
    assert stop(day(ShiftKind.FLEXIBLE, "Flexi")) == (Gate.FIXED_HOURS, Stop.FLEXIBLE)


def test_gate_4_a_holiday_by_the_list_or_by_the_report() -> None:
    assert stop(replace(FACTS, holiday="National Day")) == (Gate.NO_HOLIDAY, Stop.HOLIDAY)
    assert stop(day(ShiftKind.HOLIDAY)) == (Gate.NO_HOLIDAY, Stop.HOLIDAY)


def test_gate_5_a_leave_of_the_whole_shift() -> None:
    away = Away(NINE - 9 * HOUR, NINE + 15 * HOUR, "Annual leave")
    assert stop(replace(FACTS, leaves=(away,))) == (Gate.NO_LEAVE, Stop.LEAVE)
    halves = (Away(NINE - HOUR, NINE + 4 * HOUR), Away(NINE + 4 * HOUR, NINE + 9 * HOUR))
    assert stop(replace(FACTS, leaves=halves)) == (Gate.NO_LEAVE, Stop.LEAVE)


def test_gate_5_half_a_day_moves_the_window() -> None:
    morning = replace(FACTS, leaves=(Away(NINE, NINE + 4 * HOUR),))
    assert stop(morning) == (Gate.OVERDUE, Stop.NOT_YET)
    assert find_due(morning, RULES) == NINE + 4 * HOUR + 20 * MINUTE
    assert judge(morning, RULES, NINE + 5 * HOUR).passed
    afternoon = replace(FACTS, leaves=(Away(NINE + 5 * HOUR, NINE + 9 * HOUR),))
    assert judge(afternoon, RULES, LATE).passed


def test_gate_6_a_manager_has_excused_them() -> None:
    assert stop(replace(FACTS, excuse="at a client's")) == (Gate.NO_PERMISSION, Stop.EXCUSED)


def test_gate_7_not_before_start_and_grace_and_delay() -> None:
    assert stop(FACTS, LATE - timedelta(microseconds=1)) == (Gate.OVERDUE, Stop.NOT_YET)
    assert judge(FACTS, RULES, LATE).passed
    patient = replace(RULES, delay=HOUR, grace=5 * MINUTE)
    assert stop(FACTS, NINE + 64 * MINUTE, patient) == (Gate.OVERDUE, Stop.NOT_YET)
    assert judge(FACTS, patient, NINE + 65 * MINUTE).passed


def test_gate_7_not_after_the_shift() -> None:
    assert stop(FACTS, NINE + 9 * HOUR)[1] is None
    assert stop(FACTS, NINE + 9 * HOUR + MINUTE) == (Gate.OVERDUE, Stop.OVER)


@pytest.mark.parametrize("state", [PunchState.CHECK_IN, PunchState.UNKNOWN, PunchState.CHECK_OUT])
def test_gate_8_a_punch_from_any_source(state: PunchState) -> None:
    assert stop(replace(FACTS, punches=(punched(NINE, state),))) == (Gate.NO_PUNCH, Stop.PUNCHED)


def test_gate_8_yesterdays_punch_is_none() -> None:
    yesterday = (punched(NINE - 24 * HOUR), punched(NINE - 15 * HOUR))
    assert judge(replace(FACTS, punches=yesterday), RULES, LATE).passed


def test_gate_8_a_pending_manual_log_means_pending() -> None:
    assert stop(replace(FACTS, logs=(NINE,))) == (Gate.NO_PUNCH, Stop.LOG_PENDING)
    assert judge(replace(FACTS, logs=(NINE - 24 * HOUR,)), RULES, LATE).passed


def test_gate_8_the_first_and_the_last_moment_of_the_window_belong_to_it() -> None:
    assert SHIFT.opens_at is not None
    assert SHIFT.ends_at is not None
    for at in (SHIFT.opens_at, SHIFT.ends_at):
        assert stop(replace(FACTS, punches=(punched(at),))) == (Gate.NO_PUNCH, Stop.PUNCHED)
        assert stop(replace(FACTS, logs=(at,))) == (Gate.NO_PUNCH, Stop.LOG_PENDING)
    for at in (SHIFT.opens_at - MINUTE, SHIFT.ends_at + MINUTE):
        assert stop(replace(FACTS, punches=(punched(at),), logs=(at,)))[1] is None


def test_gate_9_the_sync_is_older_than_the_deadline() -> None:
    assert stop(replace(FACTS, synced_until=LATE - MINUTE)) == (Gate.FRESH, Stop.SYNC_LATE)
    assert stop(replace(FACTS, synced_until=None)) == (Gate.FRESH, Stop.SYNC_LATE)
    assert judge(replace(FACTS, synced_until=LATE), RULES, LATE).passed


def test_gate_9_a_terminal_was_not_heard_of_since_the_deadline() -> None:
    silent, well = SeenTerminal("Branch door", NINE), SeenTerminal("Lobby", LATE)
    assert stop(replace(FACTS, terminals=(well, silent))) == (Gate.FRESH, Stop.TERMINAL_SILENT)
    assert judge(replace(FACTS, terminals=(well,)), RULES, LATE).passed


def test_gate_9_a_terminal_that_is_out_of_order_holds_up_nobody() -> None:
    broken, never = SeenTerminal("Old door", NINE - 30 * HOUR), SeenTerminal("Spare", None)
    assert judge(replace(FACTS, terminals=(broken, never)), RULES, LATE).passed


def test_gate_10_told_already() -> None:
    assert stop(replace(FACTS, told=frozenset({Kind.ABSENT}))) == (Gate.NEW, Stop.TOLD)


def test_a_gate_says_what_it_has_seen() -> None:
    holiday = judge(replace(FACTS, holiday="National Day"), RULES, LATE).last
    excused = judge(replace(FACTS, excuse="At the dentist"), RULES, LATE).last
    assert (holiday.name, excused.name) == ("National Day", "At the dentist")
    half = Away(NINE, NINE + 4 * HOUR, "Annual leave")
    moved = {chain.steps[4].at for chain in (judge(replace(FACTS, leaves=(half,)), RULES, LATE),)}
    assert moved == {NINE + 4 * HOUR}
    assert judge(FACTS, RULES, LATE).steps[4].at is None


def test_the_first_gate_that_stops_is_the_one_that_says_why() -> None:
    everything = replace(FACTS, has_left=True, holiday="National Day", excuse="x", punches=(punched(NINE),))
    assert len(judge(everything, RULES, LATE).steps) == 1


# -- days that are not like others -------------------------------------------------------------------------------------


def shifts_of(zone: ZoneInfo, *days: ReportedDay, before: dict[str, datetime] | None = None) -> list[Shift]:
    return sorted(build_shifts(days, zone, {"1001": 1}, before or {}), key=lambda s: s.starts_at or NINE)


def reported(on: date, check_in: time, check_out: time | None, name: str = "Office") -> ReportedDay:
    return ReportedDay("1001", on, name, ShiftKind.WORK, check_in, check_out)


def test_midnight_belongs_to_the_shift_that_began_before_it() -> None:
    (night,) = shifts_of(DUBAI, reported(SHIFT.workdate, time(22), time(6), "Night"))
    facts = Facts(night, synced_until=NINE + 48 * HOUR)
    assert night.workdate == SHIFT.workdate
    assert night.ends_at == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    after_midnight = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert judge(facts, RULES, after_midnight).passed
    assert stop(replace(facts, punches=(punched(after_midnight),)), after_midnight) == (Gate.NO_PUNCH, Stop.PUNCHED)


def test_a_shift_that_begins_at_midnight() -> None:
    (shift,) = shifts_of(DUBAI, reported(SHIFT.workdate, time(0), time(8)))
    assert shift.starts_at == datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    before_midnight = replace(Facts(shift, synced_until=LATE), punches=(punched(shift.starts_at - 10 * MINUTE),))
    assert stop(before_midnight, shift.starts_at + HOUR) == (Gate.NO_PUNCH, Stop.PUNCHED)


def test_the_day_the_clocks_go_forward() -> None:
    """Berlin, 29 March 2026: 22:00 to 06:00 is seven hours, and 02:30 does not exist."""
    night, early = shifts_of(
        BERLIN,
        reported(date(2026, 3, 28), time(22), time(6)),
        reported(date(2026, 3, 29), time(2, 30), time(10), "Gap"),
    )
    assert night.starts_at
    assert night.ends_at
    assert early.starts_at
    assert night.ends_at - night.starts_at == 7 * HOUR
    assert early.starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "as long after the change"


def test_the_day_the_clocks_go_back() -> None:
    """Berlin, 25 October 2026: 22:00 to 06:00 is nine hours; twenty past the start is twenty real minutes."""
    (night,) = shifts_of(BERLIN, reported(date(2026, 10, 24), time(22), time(6)))
    assert night.starts_at
    assert night.ends_at
    assert night.ends_at - night.starts_at == 9 * HOUR
    (twice,) = shifts_of(BERLIN, reported(date(2026, 10, 25), time(2, 30), time(10)))
    assert twice.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
    facts = Facts(twice, synced_until=twice.starts_at + 9 * HOUR)
    assert stop(facts, twice.starts_at + 19 * MINUTE) == (Gate.OVERDUE, Stop.NOT_YET)
    assert judge(facts, RULES, twice.starts_at + 20 * MINUTE).passed


def test_a_timetable_without_an_end_lasts_as_long_as_any_shift() -> None:
    (shift,) = shifts_of(DUBAI, reported(SHIFT.workdate, time(9), None))
    assert shift.starts_at == NINE
    assert shift.ends_at == NINE + 16 * HOUR
    assert judge(Facts(shift, synced_until=LATE), RULES, LATE).passed


def test_of_two_timetables_a_day_the_check_out_of_the_first_is_not_the_coming_for_the_second() -> None:
    morning, evening = shifts_of(
        DUBAI,
        reported(SHIFT.workdate, time(9), time(12), "Morning"),
        reported(SHIFT.workdate, time(13), time(18), "Afternoon"),
    )
    assert morning.starts_at
    assert evening.starts_at
    assert morning.ends_at
    out = punched(morning.ends_at + 5 * MINUTE, PunchState.CHECK_OUT)
    facts = Facts(evening, punches=(punched(NINE), out), synced_until=NINE + 9 * HOUR, came_from=morning.opens_at)
    at = evening.starts_at + HOUR
    assert judge(facts, RULES, at).passed, "they left at noon and have not come back"
    stayed = replace(facts, punches=(punched(NINE),))
    assert stop(stayed, at) == (Gate.NO_PUNCH, Stop.INSIDE), "nobody punches for lunch here"
    odd = replace(facts, punches=(punched(NINE, PunchState.UNKNOWN),))
    assert stop(odd, at) == (Gate.NO_PUNCH, Stop.INSIDE)


def test_the_end_of_a_night_shift_is_not_the_coming_of_the_morning() -> None:
    ended = NINE - 2 * HOUR
    (shift,) = shifts_of(DUBAI, reported(SHIFT.workdate, time(9), time(18)), before={"1001": ended})
    assert shift.opens_at == NINE - HOUR
    assert judge(Facts(shift, punches=(punched(ended + 10 * MINUTE),), synced_until=LATE), RULES, LATE).passed


# -- the plan ----------------------------------------------------------------------------------------------------------


def crowd(size: int, **changed: object) -> list[Facts]:
    return [
        replace(FACTS, shift=replace(SHIFT, emp_code=str(number)), **changed)  # type: ignore[arg-type]
        for number in range(size)
    ]


def kinds(missing: list[Facts], now: datetime = LATE, expected: int = 100, **told: object) -> list[Kind]:
    return sorted(one.kind for one in plan(missing, RULES, now, expected={SHIFT.site: expected}, **told).found)  # type: ignore[arg-type]


def test_the_person_is_asked_before_the_manager_is_told() -> None:
    assert kinds([FACTS], NINE + 9 * MINUTE) == []
    assert kinds([FACTS], NINE + 10 * MINUTE) == [Kind.NUDGE]
    asked = replace(FACTS, told=frozenset({Kind.NUDGE}))
    assert kinds([asked], NINE + 19 * MINUTE) == []
    assert kinds([asked], LATE) == [Kind.ABSENT]


def test_how_long_before_can_be_chosen_and_be_never() -> None:
    assert kinds([replace(FACTS, nudge=5 * MINUTE)], NINE + 14 * MINUTE) == []
    assert kinds([replace(FACTS, nudge=5 * MINUTE)], NINE + 15 * MINUTE) == [Kind.NUDGE]
    assert kinds([replace(FACTS, nudge=0 * MINUTE)], LATE) == [Kind.ABSENT]


def test_most_of_a_site_missing_is_one_incident_and_not_a_hundred_names() -> None:
    assert kinds(crowd(60)) == [Kind.INCIDENT]
    assert kinds(crowd(59)) == [Kind.ABSENT] * 59 + [Kind.NUDGE] * 59
    assert kinds(crowd(4), expected=4) == [Kind.ABSENT] * 4 + [Kind.NUDGE] * 4, "four are no crowd"
    assert kinds(crowd(60), told={SHIFT.site: frozenset({Kind.INCIDENT})}) == [], "told once"


def test_data_that_is_only_waited_for_is_not_late() -> None:
    """It is looked at every minute, and nobody is due in the very second of a look."""
    just_before, terminal = LATE - timedelta(seconds=1), SeenTerminal("Lobby", LATE - timedelta(seconds=9))
    assert kinds([replace(FACTS, synced_until=just_before)]) == []
    assert kinds([replace(FACTS, terminals=(terminal,))]) == []
    assert kinds(crowd(80, synced_until=just_before)) == [], "and the crowd is not known to be one"
    assert kinds([replace(FACTS, synced_until=just_before)], LATE + 4 * MINUTE) == []
    assert kinds([replace(FACTS, synced_until=just_before)], LATE + 5 * MINUTE) == [Kind.STALE]
    assert kinds([replace(FACTS, terminals=(terminal,))], LATE + 5 * MINUTE) == [Kind.STALE]
    assert kinds([replace(FACTS, synced_until=None)]) == [], "BioTime has not been read yet"
    assert kinds([replace(FACTS, synced_until=None)], LATE + 5 * MINUTE) == [Kind.STALE]


def test_who_is_not_waited_for_is_none_of_those_of_whom_most_are_missing() -> None:
    """Of twelve on the shift five are missing; of the others some are away, some due in the afternoon."""
    away = crowd(12, leaves=(Away(NINE, NINE + 9 * HOUR),))[5:7]
    later = crowd(12, leaves=(Away(NINE, NINE + 4 * HOUR),))[7:9]
    named = [Kind.ABSENT] * 5 + [Kind.NUDGE] * 5
    assert kinds([*crowd(5), *away, *later], expected=12) == [Kind.INCIDENT], "five of eight"
    assert kinds([*crowd(5), *away], expected=12) == named, "five of ten"
    assert kinds([*crowd(5), *later], expected=12) == named
    assert kinds([*crowd(5), *away, *crowd(12, delay=2 * HOUR)[7:9]], expected=12)[:5] == named[:5], (
        "two are given more time, and waited for"
    )


def test_late_data_is_one_notice_for_the_site() -> None:
    assert kinds(crowd(30, synced_until=NINE)) == [Kind.STALE]
    assert kinds(crowd(80, synced_until=NINE)) == [Kind.STALE], "nothing is known, so it is no incident either"
    assert kinds(crowd(3, synced_until=NINE), told={SHIFT.site: frozenset({Kind.STALE})}) == []


def test_a_site_is_cleared_when_its_people_have_come() -> None:
    told: dict[Site, frozenset[Kind]] = {SHIFT.site: frozenset({Kind.INCIDENT})}
    assert plan(crowd(2), RULES, LATE, expected={SHIFT.site: 100}, told=told).cleared == (SHIFT.site,)
    for still in (crowd(60), crowd(2, synced_until=NINE)):
        assert plan(still, RULES, LATE, expected={SHIFT.site: 100}, told=told).cleared == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"punches": (punched(NINE + 30 * MINUTE),)}, Stop.PUNCHED),
        ({"leaves": (Away(NINE, NINE + 9 * HOUR),)}, Stop.LEAVE),
        ({"logs": (NINE,)}, Stop.LOG_PENDING),
        ({"excuse": "x"}, Stop.EXCUSED),
    ],
)
def test_an_alert_whose_reason_vanished_is_retracted(change: dict[str, object], why: Stop) -> None:
    told = replace(FACTS, told=frozenset({Kind.ABSENT}), **change)  # type: ignore[arg-type]
    ((code, key, step),) = plan([told], RULES, NINE + HOUR).vanished
    assert (code, key, step.stop) == ("1001", SHIFT.key, why)


def test_who_is_due_later_after_all_is_retracted_and_found_again_then() -> None:
    """Half a day of leave is approved when everybody knows already."""
    morning = replace(FACTS, leaves=(Away(NINE, NINE + 4 * HOUR),))
    for told in (Kind.ABSENT, Kind.NUDGE):
        ((_, _, step),) = plan([replace(morning, told=frozenset({told}))], RULES, NINE + HOUR).vanished
        assert (step.stop, step.at is not None) == (Stop.NOT_YET, True)
    slower = replace(FACTS, delay=3 * HOUR, told=frozenset({Kind.NUDGE, Kind.ABSENT}))
    ((_, _, step),) = plan([slower], RULES, NINE + 190 * MINUTE - MINUTE).vanished
    assert step.stop is Stop.NOT_YET, "to be asked by now, and not to be told of"
    assert kinds([morning], NINE + 5 * HOUR) == [Kind.ABSENT, Kind.NUDGE]
    asked = replace(FACTS, told=frozenset({Kind.NUDGE}))
    assert plan([asked], RULES, NINE + 15 * MINUTE).vanished == (), "asked, and not told of yet"


def test_late_data_retracts_nothing() -> None:
    told = replace(FACTS, told=frozenset({Kind.ABSENT}), synced_until=NINE)
    assert plan([told], RULES, NINE + HOUR).vanished == ()


# -- whatever the day is like ------------------------------------------------------------------------------------------

moments = st.integers(-24 * 60, 36 * 60).map(lambda minutes: NINE + minutes * MINUTE)
punch_lists = st.lists(st.builds(SeenPunch, moments, st.sampled_from(PunchState)), max_size=4).map(tuple)
leave_lists = st.lists(
    st.tuples(moments, st.integers(1, 600)).map(lambda a: Away(a[0], a[0] + a[1] * MINUTE)), max_size=3
).map(tuple)
days = st.builds(
    lambda punches, leaves, synced, holiday, told, excluded: replace(
        FACTS,
        punches=punches,
        leaves=leaves,
        synced_until=synced,
        holiday=holiday,
        told=frozenset(told),
        has_left=excluded,
    ),
    punch_lists,
    leave_lists,
    st.none() | moments,
    st.none() | st.just("Holiday"),
    st.sets(st.sampled_from([Kind.ABSENT, Kind.NUDGE])),
    st.booleans(),
)


@given(days, moments)
def test_nobody_is_called_missing_who_has_punched_or_is_away(facts: Facts, now: datetime) -> None:
    for found in plan([facts], RULES, now).found:
        if found.kind is Kind.ABSENT:
            assert facts.holiday is None
            assert not facts.has_left
            assert not [p for p in facts.punches if SHIFT.opens_at <= p.at <= SHIFT.ends_at]  # type: ignore[operator]
            assert not any(leave.starts_at <= NINE and leave.ends_at >= NINE + 9 * HOUR for leave in facts.leaves)
            assert facts.synced_until is not None
            assert facts.synced_until >= NINE + 20 * MINUTE
            assert NINE + 20 * MINUTE <= now <= NINE + 9 * HOUR


@given(days, moments)
def test_a_second_look_finds_nothing_new(facts: Facts, now: datetime) -> None:
    first = plan([facts], RULES, now)
    told = facts.told | {one.kind for one in first.found if one.emp_code}
    sites = {SHIFT.site: frozenset(one.kind for one in first.found if not one.emp_code)}
    again = plan([replace(facts, told=frozenset(told))], RULES, now, told=sites)
    assert again.found == ()


@given(days, moments, st.integers(0, 600))
def test_waiting_longer_never_tells_sooner(facts: Facts, now: datetime, more: int) -> None:
    patient = replace(RULES, delay=RULES.delay + more * MINUTE)
    told = {one.kind for one in plan([facts], patient, now).found}
    if Kind.ABSENT in told:
        assert now >= NINE + 20 * MINUTE + more * MINUTE


@given(days, moments)
def test_every_chain_ends_where_it_stops(facts: Facts, now: datetime) -> None:
    chain = judge(facts, RULES, now)
    assert [step.gate for step in chain.steps] == list(Gate)[: len(chain.steps)]
    assert all(step.stop is None for step in chain.steps[:-1])
