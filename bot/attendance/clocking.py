"""The punch protocol: how one punch reaches BioTime exactly once, at the right time.

BioTime's clock-in takes no time and no key: it stamps the time itself, and a second POST is a second punch. So a punch
is a row with a state, and this module says, from the row alone, what may happen next. It does nothing itself:
`services/clocking.py` drives it.

    recorded → sending → confirmed | rejected | ambiguous
    ambiguous → confirmed | manual_due
    manual_due → manual_sending → manual_confirmed | manual_ambiguous | rejected | human | withdrawn

A forgotten punch that a person reports begins as manual_due: it was never one that could be stamped.

The rule to remember: after an unclear answer never POST again. Look for the marker; if it is not there once no server
can apply the request any more, file a manual log with the true time.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.attendance.progress import (
    DEFAULT_LIMITS,
    LOGIN_NEEDED,
    MANUAL,
    Absent,
    Decision,
    Denied,
    Filed,
    FileOutcome,
    Limits,
    LookOutcome,
    ManualLookOutcome,
    Neighbours,
    PostOutcome,
    Progress,
    Stamped,
    State,
    Unclear,
    Unsent,
)

RESEND = tuple(timedelta(seconds=s) for s in (1, 2, 4, 8, 15))
LOOK = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60))
FILE_AGAIN = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18000, 36000, 36000))
ASK_DECISION = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))


class Step(StrEnum):
    """What to do with a row now. The first four are the network's; each but WAIT comes with a change to write first."""

    POST = "post"
    LOOK_UP = "look_up"
    FILE = "file"
    LOOK_UP_MANUAL = "look_up_manual"
    ASK_DECISION = "ask_decision"
    AGAIN = "again"
    WAIT = "wait"


# -- deciding ----------------------------------------------------------------------------------------------------------


def plan(punch: Progress, near: Neighbours, now: datetime, limits: Limits = DEFAULT_LIMITS) -> tuple[Step, Progress]:
    """What to do with the row at `now`, and the row to write (compare-and-set) before doing it."""
    if punch.state in (State.SENDING, State.MANUAL_SENDING):
        return _plan_claimed(punch, now, limits)
    if punch.state is State.RECORDED:
        return _plan_post(punch, near, now, limits)
    if punch.next_at is None or now < punch.next_at:
        return Step.WAIT, punch
    if punch.state is State.MANUAL_CONFIRMED:
        return Step.ASK_DECISION, punch
    if now - punch.began_at >= limits.give_up:
        return Step.AGAIN, replace(punch, state=State.HUMAN, next_at=None, lease_until=None)
    if punch.state is State.AMBIGUOUS:
        return Step.LOOK_UP, punch
    if punch.state is State.MANUAL_AMBIGUOUS:
        return Step.LOOK_UP_MANUAL, punch
    if punch.state is State.MANUAL_DUE:
        return Step.FILE, _claim(punch, State.MANUAL_SENDING, now, limits)
    return Step.WAIT, punch


def _plan_post(punch: Progress, near: Neighbours, now: datetime, limits: Limits) -> tuple[Step, Progress]:
    if now - punch.punched_at > limits.post_age or near.later_posted:
        return Step.AGAIN, to_manual(punch, now)
    if near.earlier_unsettled or (punch.next_at is not None and now < punch.next_at):
        return Step.WAIT, punch
    return Step.POST, _claim(punch, State.SENDING, now, limits)


def _plan_claimed(punch: Progress, now: datetime, limits: Limits) -> tuple[Step, Progress]:
    """A lease that is over means a process that died or sleeps: it may have written, so never back to recorded."""
    if punch.lease_until is not None and now >= punch.lease_until:
        return Step.AGAIN, to_ambiguous(punch, punch.lease_until, now, limits)
    return Step.WAIT, punch


def _claim(punch: Progress, state: State, now: datetime, limits: Limits) -> Progress:
    lease = now + limits.lease
    return replace(punch, state=state, attempt=punch.attempt + 1, lease_until=lease, next_at=lease)


def to_ambiguous(punch: Progress, gone_at: datetime, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Progress:
    """The request may have been written; `gone_at` is when its connection was gone at the latest."""
    state = State.AMBIGUOUS if punch.state is State.SENDING else State.MANUAL_AMBIGUOUS
    settle = gone_at + limits.settle
    first_look = min(settle, now + LOOK[0])
    return replace(punch, state=state, tries=0, lease_until=None, settle_at=settle, next_at=first_look)


def to_manual(punch: Progress, now: datetime, *, correction: bool = False) -> Progress:
    """From here on only a manual log with the true time may carry this punch."""
    return replace(
        punch,
        state=State.MANUAL_DUE,
        tries=0,
        lease_until=None,
        settle_at=None,
        next_at=now,
        correction=punch.correction or correction,
    )


def before_write(punch: Progress, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Progress | None:
    """The last look before a claimed request is written: the row to go back to when it must not be, else None.

    Nothing was written yet, so this is provably unsent.
    """
    if punch.state is State.SENDING and now - punch.punched_at > limits.post_age:
        return to_manual(punch, now)
    if punch.lease_until is None or now + limits.timeout > punch.lease_until:
        return _unsent(punch, Unsent(), now, limits)
    return None


def ask(punched_at: datetime, now: datetime) -> Progress:
    """A manual log for a time that the person chose."""
    return Progress(State.MANUAL_DUE, punched_at, next_at=now, asked_at=now)


def withdraw(punch: Progress) -> Progress | None:
    """The row taken back before it was sent; None where it may be at BioTime."""
    if punch.state is not State.MANUAL_DUE or punch.asked_at is None:
        return None
    return replace(punch, state=State.WITHDRAWN, next_at=None, reason=None)


# -- settling ----------------------------------------------------------------------------------------------------------


def after_post(punch: Progress, outcome: PostOutcome, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Progress:
    """The claimed row after its clock-in was answered, or was not."""
    match outcome:
        case Stamped(server_at):
            return _stamped(punch, server_at, now, limits)
        case Unsent():
            return _unsent(punch, outcome, now, limits)
        case Denied(reason):
            return _denied(punch, reason)
        case Unclear():
            return to_ambiguous(punch, now, now, limits)


def after_look(punch: Progress, outcome: LookOutcome, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Progress:
    """An ambiguous row after the list of punches was searched for its marker."""
    match outcome:
        case Stamped(server_at):
            return _stamped(punch, server_at, now, limits)
        case Absent(started_at) if _settled(punch, started_at):
            return to_manual(punch, now)
        case _:
            return _look_again(punch, now)


def after_file(punch: Progress, outcome: FileOutcome, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Progress:
    """The claimed row after its manual log was answered, or was not."""
    match outcome:
        case Filed(manual_log_id):
            return _filed(punch, manual_log_id, now)
        case Unsent():
            return _unsent(punch, outcome, now, limits)
        case Denied(reason):
            return _denied(punch, reason)
        case Unclear():
            return to_ambiguous(punch, now, now, limits)


def after_manual_look(punch: Progress, outcome: ManualLookOutcome, now: datetime) -> Progress:
    """An ambiguous row after the list of manual logs was searched for its marker."""
    match outcome:
        case Filed(manual_log_id):
            return _filed(punch, manual_log_id, now)
        case Absent(started_at) if _settled(punch, started_at):
            return replace(_file_again(punch, now), state=State.MANUAL_DUE, settle_at=None, next_at=now)
        case _:
            return _look_again(punch, now)


def after_decision(punch: Progress, decision: Decision, reason: str | None, now: datetime) -> Progress:
    """A filed manual log after BioTime was asked what became of it; asked again as long as it is pending."""
    if decision is not Decision.PENDING:
        return replace(punch, decision=decision, reason=reason, next_at=None)
    wait = ASK_DECISION[min(punch.tries, len(ASK_DECISION) - 1)]
    return replace(punch, tries=punch.tries + 1, next_at=now + wait)


def after_stale_answer(
    punch: Progress, outcome: PostOutcome | FileOutcome, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> Progress:
    """The row as it is now, when a paused process comes back with an answer to a claim it no longer holds."""
    match outcome:
        case Stamped(server_at) if punch.state is State.AMBIGUOUS:
            return _stamped(punch, server_at, now, limits)
        case Stamped(server_at) if punch.state in MANUAL | {State.HUMAN, State.REJECTED}:
            return replace(punch, flagged=True, server_at=server_at)
        case Filed(manual_log_id) if punch.state is State.MANUAL_AMBIGUOUS:
            return _filed(punch, manual_log_id, now)
        case Filed(manual_log_id) if punch.manual_log_id != manual_log_id:
            return replace(punch, flagged=True)
        case _:
            return punch


def _settled(punch: Progress, started_at: datetime) -> bool:
    return punch.settle_at is not None and started_at >= punch.settle_at


def _stamped(punch: Progress, server_at: datetime, now: datetime, limits: Limits) -> Progress:
    stamped = replace(punch, server_at=server_at)
    if abs(server_at - punch.punched_at) > limits.tolerance:
        return to_manual(stamped, now, correction=True)
    return replace(stamped, state=State.CONFIRMED, lease_until=None, settle_at=None, next_at=None, reason=None)


def _denied(punch: Progress, reason: str) -> Progress:
    return replace(punch, state=State.REJECTED, reason=reason, lease_until=None, next_at=None)


def _filed(punch: Progress, manual_log_id: int, now: datetime) -> Progress:
    return replace(
        punch,
        state=State.MANUAL_CONFIRMED,
        manual_log_id=manual_log_id,
        decision=Decision.PENDING,
        tries=0,
        lease_until=None,
        settle_at=None,
        next_at=now + ASK_DECISION[0],
        reason=None,
    )


def _unsent(punch: Progress, outcome: Unsent, now: datetime, limits: Limits) -> Progress:
    punch = replace(punch, lease_until=None, reason=LOGIN_NEEDED if outcome.login else None)
    if punch.state is State.MANUAL_SENDING:
        again = replace(_file_again(punch, now), state=State.MANUAL_DUE)
        return again if outcome.retry_after is None else replace(again, next_at=now + outcome.retry_after)
    wait = outcome.retry_after or RESEND[min(punch.tries, len(RESEND) - 1)]
    # Asked to wait for an hour, it still goes in as a correction as soon as it is too old to be sent.
    too_old = max(now, punch.punched_at + limits.post_age) + RESEND[0]
    return replace(punch, state=State.RECORDED, tries=punch.tries + 1, next_at=min(now + wait, too_old))


def _file_again(punch: Progress, now: datetime) -> Progress:
    wait = FILE_AGAIN[min(punch.tries, len(FILE_AGAIN) - 1)]
    return replace(punch, tries=punch.tries + 1, next_at=now + wait)


def _look_again(punch: Progress, now: datetime) -> Progress:
    """Soon at first, for the person waits; never past the moment when a look-up becomes proof."""
    wait = LOOK[min(punch.tries, len(LOOK) - 1)]
    at = now + wait
    if punch.settle_at is not None and now < punch.settle_at:
        at = min(at, punch.settle_at)
    return replace(punch, tries=punch.tries + 1, next_at=at)
