"""PROTOCOL.md's table, row by row, and what holds over all rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.attendance import clocking as protocol
from bot.attendance.clocking import Step
from bot.attendance.progress import (
    DEFAULT_LIMITS,
    FINAL,
    LOGIN_NEEDED,
    Absent,
    Decision,
    Denied,
    Filed,
    FileOutcome,
    Limits,
    LookFailed,
    LookOutcome,
    Neighbours,
    PostOutcome,
    Progress,
    Stamped,
    State,
    Unclear,
    Unsent,
)

T = datetime(2024, 6, 3, 5, 0, 0, tzinfo=UTC)
NOBODY = Neighbours()


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def at(seconds: float) -> datetime:
    return T + s(seconds)


RECORDED = Progress(State.RECORDED, T, next_at=T)
SENDING = Progress(State.SENDING, T, attempt=1, lease_until=at(30), next_at=at(30))
AMBIGUOUS = Progress(State.AMBIGUOUS, T, attempt=1, settle_at=at(135), next_at=at(20))
MANUAL_DUE = Progress(State.MANUAL_DUE, T, attempt=1, next_at=at(135))
MANUAL_SENDING = Progress(State.MANUAL_SENDING, T, attempt=2, lease_until=at(170), next_at=at(170))
MANUAL_AMBIGUOUS = Progress(State.MANUAL_AMBIGUOUS, T, attempt=2, settle_at=at(270), next_at=at(150))
FILED = Progress(State.MANUAL_CONFIRMED, T, attempt=2, manual_log_id=7, decision=Decision.PENDING, next_at=at(500))
CONFIRMED = Progress(State.CONFIRMED, T, attempt=1, server_at=at(2))
REJECTED = Progress(State.REJECTED, T, attempt=1, reason="no")
HUMAN = Progress(State.HUMAN, T, attempt=2)


# -- planning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "near", "now", "step", "state"),
    [
        (RECORDED, NOBODY, at(0), Step.POST, State.SENDING),
        (RECORDED, NOBODY, at(60), Step.POST, State.SENDING),
        (RECORDED, NOBODY, at(60.001), Step.AGAIN, State.MANUAL_DUE),
        (RECORDED, Neighbours(earlier_unsettled=True), at(5), Step.WAIT, State.RECORDED),
        (RECORDED, Neighbours(earlier_unsettled=True), at(61), Step.AGAIN, State.MANUAL_DUE),
        (RECORDED, Neighbours(later_posted=True), at(5), Step.AGAIN, State.MANUAL_DUE),
        (RECORDED, Neighbours(later_posted=True, earlier_unsettled=True), at(5), Step.AGAIN, State.MANUAL_DUE),
        (replace(RECORDED, next_at=at(10)), NOBODY, at(9), Step.WAIT, State.RECORDED),
        (replace(RECORDED, next_at=at(10)), NOBODY, at(10), Step.POST, State.SENDING),
        (replace(RECORDED, next_at=at(90)), NOBODY, at(61), Step.AGAIN, State.MANUAL_DUE),
        (SENDING, NOBODY, at(29), Step.WAIT, State.SENDING),
        (SENDING, NOBODY, at(30), Step.AGAIN, State.AMBIGUOUS),
        (AMBIGUOUS, NOBODY, at(19), Step.WAIT, State.AMBIGUOUS),
        (AMBIGUOUS, NOBODY, at(20), Step.LOOK_UP, State.AMBIGUOUS),
        (AMBIGUOUS, NOBODY, T + timedelta(hours=72), Step.AGAIN, State.HUMAN),
        (MANUAL_DUE, NOBODY, at(134), Step.WAIT, State.MANUAL_DUE),
        (MANUAL_DUE, NOBODY, at(135), Step.FILE, State.MANUAL_SENDING),
        (MANUAL_DUE, NOBODY, T + timedelta(hours=72), Step.AGAIN, State.HUMAN),
        (MANUAL_SENDING, NOBODY, at(169), Step.WAIT, State.MANUAL_SENDING),
        (MANUAL_SENDING, NOBODY, at(170), Step.AGAIN, State.MANUAL_AMBIGUOUS),
        (MANUAL_AMBIGUOUS, NOBODY, at(149), Step.WAIT, State.MANUAL_AMBIGUOUS),
        (MANUAL_AMBIGUOUS, NOBODY, at(150), Step.LOOK_UP_MANUAL, State.MANUAL_AMBIGUOUS),
        (MANUAL_AMBIGUOUS, NOBODY, T + timedelta(hours=72), Step.AGAIN, State.HUMAN),
        (FILED, NOBODY, at(499), Step.WAIT, State.MANUAL_CONFIRMED),
        (FILED, NOBODY, T + timedelta(hours=80), Step.ASK_DECISION, State.MANUAL_CONFIRMED),
        (replace(FILED, decision=Decision.APPROVED, next_at=None), NOBODY, at(9999), Step.WAIT, State.MANUAL_CONFIRMED),
        (CONFIRMED, NOBODY, T + timedelta(hours=80), Step.WAIT, State.CONFIRMED),
        (REJECTED, NOBODY, T + timedelta(hours=80), Step.WAIT, State.REJECTED),
        (HUMAN, NOBODY, T + timedelta(hours=80), Step.WAIT, State.HUMAN),
    ],
)
def test_what_is_done_next(row: Progress, near: Neighbours, now: datetime, step: Step, state: State) -> None:
    planned, after = protocol.plan(row, near, now)
    assert (planned, after.state) == (step, state)
    if step is Step.WAIT:
        assert after == row


def test_a_claim_counts_and_has_an_end() -> None:
    _, claimed = protocol.plan(RECORDED, NOBODY, at(3))
    assert (claimed.attempt, claimed.lease_until, claimed.next_at) == (1, at(33), at(33))
    _, filing = protocol.plan(MANUAL_DUE, NOBODY, at(140))
    assert (filing.attempt, filing.lease_until) == (2, at(170))


def test_a_lease_that_is_over_is_looked_for_until_no_server_can_apply_it() -> None:
    _, after = protocol.plan(SENDING, NOBODY, at(400))
    assert (after.settle_at, after.lease_until, after.attempt) == (at(150), None, 1)
    _, late = protocol.plan(MANUAL_SENDING, NOBODY, at(171))
    assert late.settle_at == at(290)


def test_a_correction_keeps_the_true_time() -> None:
    _, due = protocol.plan(RECORDED, NOBODY, at(100))
    assert (due.punched_at, due.next_at, due.correction) == (T, at(100), False)


# -- just before writing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "now", "state"),
    [
        (SENDING, at(0), None),
        (SENDING, at(15), None),
        (SENDING, at(15.001), State.RECORDED),  # an answer could come after the lease
        (SENDING, at(40), State.RECORDED),
        (SENDING, at(61), State.MANUAL_DUE),
        (replace(SENDING, lease_until=at(90)), at(60), None),
        (replace(SENDING, lease_until=at(90)), at(60.001), State.MANUAL_DUE),
        (MANUAL_SENDING, at(155), None),
        (MANUAL_SENDING, at(156), State.MANUAL_DUE),
        (replace(SENDING, lease_until=None), at(0), State.RECORDED),
    ],
)
def test_nothing_is_written_when_the_time_runs_out(row: Progress, now: datetime, state: State | None) -> None:
    after = protocol.before_write(row, now)
    assert (after and after.state) == state
    if after is not None:
        assert after.lease_until is None


def test_the_deadline_check_covers_the_whole_request() -> None:
    """Claimed, then asleep, then awake in the middle of the lease: an answer after the lease would meet a sweep."""
    _, claimed = protocol.plan(RECORDED, NOBODY, at(0))
    for second in range(100):
        if protocol.before_write(claimed, at(second)) is None:
            assert claimed.lease_until is not None
            assert at(second) + DEFAULT_LIMITS.timeout <= claimed.lease_until
            assert at(second) - T <= DEFAULT_LIMITS.post_age


# -- the clock-in's answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "next_at"),
    [
        (Stamped(at(0)), State.CONFIRMED, None),
        (Stamped(at(75)), State.CONFIRMED, None),
        (Stamped(at(-75)), State.CONFIRMED, None),
        (Stamped(at(76)), State.MANUAL_DUE, at(10)),
        (Stamped(at(-76)), State.MANUAL_DUE, at(10)),
        (Unsent(), State.RECORDED, at(11)),
        (Unsent(retry_after=s(7)), State.RECORDED, at(17)),
        (Unsent(login=True), State.RECORDED, at(11)),
        (Denied("no"), State.REJECTED, None),
        (Unclear(), State.AMBIGUOUS, at(15)),
    ],
)
def test_after_a_clock_in(outcome: PostOutcome, state: State, next_at: datetime | None) -> None:
    after = protocol.after_post(SENDING, outcome, at(10))
    assert (after.state, after.next_at, after.attempt, after.lease_until) == (state, next_at, 1, None)


def test_an_unclear_answer_is_never_sent_again() -> None:
    row = protocol.after_post(SENDING, Unclear(), at(10))
    assert row.settle_at == at(130)
    for second in range(11, 400):
        step, row = protocol.plan(row, NOBODY, at(second))
        assert step in (Step.WAIT, Step.LOOK_UP)
        if step is Step.LOOK_UP:
            row = protocol.after_look(row, LookFailed(), at(second))
    assert row.state is State.AMBIGUOUS


def test_a_stamp_that_is_off_asks_for_a_correction() -> None:
    after = protocol.after_post(SENDING, Stamped(at(80)), at(81))
    assert (after.correction, after.server_at, after.punched_at) == (True, at(80), T)


def test_a_long_wait_does_not_hide_a_punch() -> None:
    """429 with Retry-After: 3600. After a minute it is due, and becomes a correction."""
    after = protocol.after_post(SENDING, Unsent(retry_after=s(3600)), at(10))
    assert after.next_at == at(61)
    assert protocol.plan(after, NOBODY, at(61))[1].state is State.MANUAL_DUE


def test_tries_come_slower() -> None:
    row, waits = SENDING, []
    for _ in range(7):
        row = protocol.after_post(replace(row, state=State.SENDING), Unsent(), T)
        assert row.next_at is not None
        waits.append(row.next_at - T)
    assert waits == [s(1), s(2), s(4), s(8), s(15), s(15), s(15)]


def test_who_must_log_in_is_remembered_until_it_is_over() -> None:
    waiting = protocol.after_post(SENDING, Unsent(login=True), at(10))
    assert waiting.reason == LOGIN_NEEDED
    _, due = protocol.plan(waiting, NOBODY, at(70))
    assert due.reason == LOGIN_NEEDED
    again = replace(waiting, state=State.SENDING)
    assert protocol.after_post(again, Unsent(), at(12)).reason is None
    assert protocol.after_post(again, Stamped(at(12)), at(12)).reason is None
    assert protocol.after_file(replace(MANUAL_SENDING, reason=LOGIN_NEEDED), Filed(7), at(150)).reason is None


# -- looking for it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "now", "state"),
    [
        (Stamped(at(14)), at(20), State.CONFIRMED),
        (Stamped(at(134)), at(136), State.MANUAL_DUE),
        (Absent(at(20)), at(20), State.AMBIGUOUS),
        (Absent(at(134)), at(136), State.AMBIGUOUS),  # begun before settle: proves nothing
        (Absent(at(135)), at(136), State.MANUAL_DUE),
        (LookFailed(), at(500), State.AMBIGUOUS),
    ],
)
def test_after_a_look(outcome: LookOutcome, now: datetime, state: State) -> None:
    assert protocol.after_look(AMBIGUOUS, outcome, now).state is state


def test_looks_come_soon_at_first_and_once_at_settle() -> None:
    row, looks = protocol.after_post(SENDING, Unclear(), at(15)), []
    while row.state is State.AMBIGUOUS:
        assert row.next_at is not None
        looks.append((row.next_at - T).total_seconds())
        row = protocol.after_look(row, Absent(row.next_at), row.next_at)
    assert looks == [20, 25, 40, 70, 130, 135]


# -- the manual log ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "next_at"),
    [
        (Filed(7), State.MANUAL_CONFIRMED, at(440)),
        (Unsent(), State.MANUAL_DUE, at(145)),
        (Unsent(retry_after=s(600)), State.MANUAL_DUE, at(740)),
        (Denied("no"), State.REJECTED, None),
        (Unclear(), State.MANUAL_AMBIGUOUS, at(145)),
    ],
)
def test_after_filing(outcome: FileOutcome, state: State, next_at: datetime | None) -> None:
    after = protocol.after_file(MANUAL_SENDING, outcome, at(140))
    assert (after.state, after.next_at, after.attempt) == (state, next_at, 2)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Filed(7), State.MANUAL_CONFIRMED),
        (Absent(at(269)), State.MANUAL_AMBIGUOUS),
        (Absent(at(270)), State.MANUAL_DUE),
        (LookFailed(), State.MANUAL_AMBIGUOUS),
    ],
)
def test_after_a_look_for_the_manual_log(outcome: Filed | Absent | LookFailed, state: State) -> None:
    assert protocol.after_manual_look(MANUAL_AMBIGUOUS, outcome, at(280)).state is state


def test_the_schedule_of_manual_logs_ends_with_a_person() -> None:
    row, times = replace(MANUAL_DUE, next_at=at(0)), []
    while row.state is not State.HUMAN:
        assert row.next_at is not None
        now = row.next_at
        times.append((now - T).total_seconds())
        step, row = protocol.plan(row, NOBODY, now)
        if step is Step.FILE:
            row = protocol.after_file(row, Unsent(), now)
    waits = [after - before for before, after in pairwise(times)]
    assert waits[:7] == [5, 300, 1800, 7200, 18000, 36000, 36000]
    assert times[-1] >= timedelta(hours=72).total_seconds()


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.REFUSED, Decision.REVOKED])
def test_a_decision_is_kept_and_asked_for_no_more(decision: Decision) -> None:
    after = protocol.after_decision(FILED, decision, "why", at(500))
    assert (after.decision, after.reason, after.next_at, after.state) == (decision, "why", None, State.MANUAL_CONFIRMED)


def test_a_pending_one_is_asked_for_ever_less_often() -> None:
    row, waits = FILED, []
    for _ in range(5):
        row = protocol.after_decision(row, Decision.PENDING, None, T)
        assert row.next_at is not None
        waits.append(row.next_at - T)
    assert waits == [s(300), s(1800), s(7200), s(21600), s(21600)]


# -- a process that slept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "outcome", "state", "flagged"),
    [
        (AMBIGUOUS, Stamped(at(10)), State.CONFIRMED, False),
        (AMBIGUOUS, Stamped(at(200)), State.MANUAL_DUE, False),
        (MANUAL_DUE, Stamped(at(10)), State.MANUAL_DUE, True),
        (MANUAL_SENDING, Stamped(at(10)), State.MANUAL_SENDING, True),
        (MANUAL_AMBIGUOUS, Stamped(at(10)), State.MANUAL_AMBIGUOUS, True),
        (FILED, Stamped(at(10)), State.MANUAL_CONFIRMED, True),
        (HUMAN, Stamped(at(10)), State.HUMAN, True),
        (REJECTED, Stamped(at(10)), State.REJECTED, True),
        (CONFIRMED, Stamped(at(10)), State.CONFIRMED, False),
        (MANUAL_AMBIGUOUS, Filed(7), State.MANUAL_CONFIRMED, False),
        (FILED, Filed(7), State.MANUAL_CONFIRMED, False),
        (FILED, Filed(8), State.MANUAL_CONFIRMED, True),
        (AMBIGUOUS, Unclear(), State.AMBIGUOUS, False),
        (AMBIGUOUS, Unsent(), State.AMBIGUOUS, False),
        (MANUAL_DUE, Denied("no"), State.MANUAL_DUE, False),
    ],
)
def test_a_stale_answer(row: Progress, outcome: PostOutcome | FileOutcome, state: State, flagged: bool) -> None:
    after = protocol.after_stale_answer(row, outcome, at(300))
    assert (after.state, after.flagged) == (state, flagged)


# -- over all rows -----------------------------------------------------------------------------------------------------

ROWS = (RECORDED, SENDING, AMBIGUOUS, MANUAL_DUE, MANUAL_SENDING, MANUAL_AMBIGUOUS, FILED, CONFIRMED, REJECTED, HUMAN)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.state)
def test_final_states_stay(row: Progress) -> None:
    for hours in (0, 1, 71, 73, 1000):
        after = protocol.plan(row, NOBODY, T + timedelta(hours=hours))[1]
        assert row.state not in FINAL or after.state is row.state


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.state)
def test_whatever_is_not_final_is_due_some_time(row: Progress) -> None:
    assert (row.next_at is not None) == (row.state not in FINAL or row.decision is Decision.PENDING)


def test_other_limits_are_kept_to() -> None:
    short = Limits(post_age=s(2), timeout=s(1), lease=s(3), settle=s(5))
    assert protocol.plan(RECORDED, NOBODY, at(3), short)[1].state is State.MANUAL_DUE
    _, claimed = protocol.plan(RECORDED, NOBODY, at(1), short)
    assert claimed.lease_until == at(4)
    assert protocol.after_post(claimed, Stamped(at(4)), at(4), short).state is State.MANUAL_DUE
    assert protocol.after_post(claimed, Unclear(), at(4), short).settle_at == at(9)
