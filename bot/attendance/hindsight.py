"""What the records say by now of an alert that would have been, or of one that would not: for `rehearsal`. Pure."""

from datetime import UTC, datetime, timedelta

from bot.attendance.chain import Stop
from bot.attendance.facts import Facts, Rules, SeenPunch
from bot.attendance.gates import judge
from bot.attendance.past import Finding, LogState, Past, Verdict, appeared_at, facts_at, facts_now
from bot.attendance.window import find_due, first_punch, work_of

_EVER = datetime.max.replace(tzinfo=UTC)


def explain_silence(past: Past, rules: Rules, begun: datetime | None) -> Finding:
    """Which gate held it up."""
    moment = begun or _EVER
    moment = find_due(facts_at(past, moment), rules) or moment
    return Finding(past.shift, Verdict.MISSED, step=judge(facts_at(past, moment), rules, moment).last)


def judge_alert(past: Past, rules: Rules, told_at: datetime) -> Finding:
    """Whether it would have been right."""
    facts, shift = facts_now(past), past.shift
    due = find_due(facts, rules)
    if due is None or told_at < due:
        later = [one for one in past.leaves if one.known_at is not None and one.known_at > told_at]
        last = max(later, key=lambda one: one.known_at or told_at, default=None)
        known_at = last.known_at if last else None
        return Finding(shift, Verdict.LEAVE, known_at=known_at, name=last.away.name if last else "")
    came = first_punch(facts)
    if came is None:
        return _judge_silence(past, facts, rules, told_at)
    work = work_of(facts)
    late_by = max(came.at - work[0], timedelta(0)) if work else timedelta(0)
    if came.at > told_at:
        return Finding(shift, Verdict.LATE, at=came.at, late_by=late_by, name=came.where)
    log = next((one for one in past.logs if one.state is LogState.APPROVED and one.at == came.at), None)
    if log is not None:
        return Finding(shift, Verdict.LOG, at=came.at, late_by=late_by, known_at=log.decided_at)
    return Finding(
        shift, Verdict.UPLOAD, at=came.at, late_by=late_by, known_at=_learned_at(past, came), name=came.where
    )


def _judge_silence(past: Past, facts: Facts, rules: Rules, told_at: datetime) -> Finding:
    """Told, and no punch counts for the shift."""
    shift = past.shift
    last = judge(facts, rules, told_at).last
    if last.stop is Stop.INSIDE:
        before = next((one.seen for one in past.punches if one.seen.at == last.at), None)
        known_at = _learned_at(past, before) if before else None
        return Finding(shift, Verdict.UPLOAD, at=last.at, known_at=known_at, name=last.name)
    if past.counted is not None:
        return Finding(shift, Verdict.ELSEWHEN, counted=past.counted)
    opens, ends = shift.opens_at, shift.ends_at
    waiting = [
        log.at for log in past.logs
        if log.state is LogState.PENDING and opens is not None and ends is not None and opens <= log.at <= ends
    ]  # fmt: skip
    if waiting:
        return Finding(shift, Verdict.UNDECIDED, at=min(waiting))
    return Finding(shift, Verdict.ABSENT)


def _learned_at(past: Past, punch: SeenPunch) -> datetime | None:
    return min((appeared_at(one) for one in past.punches if one.seen.at == punch.at), default=None)
