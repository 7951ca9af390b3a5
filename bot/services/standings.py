"""A request as its person reads it: what BioTime lists and what is under way here, each once, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.attendance.model import PunchState
from bot.attendance.progress import LOGIN_NEEDED, Decision, Progress, State
from bot.biotime.att import Leave
from bot.biotime.values import ManualLog
from bot.services.leave_filing import NOT_TAKEN
from bot.services.requests import DECISIONS, marker
from bot.store.leaves import AskedLeave
from bot.store.punches import Punch
from bot.store.under_way import UnderWay


class Standing(Enum):
    ON_THE_WAY = "on the way"
    LOGIN = "login"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """One line of "My requests". `key` names it for `withdraw`, None where there is nothing to take back; a manual log
    has a `punch_state`, a leave a `title` and an end (`until`).
    """

    key: str | None
    at: datetime
    standing: Standing
    reason: str | None
    asked_at: datetime
    punch_state: PunchState | None = None
    until: datetime | None = None
    title: str = ""


def merge_logs(listed: Sequence[ManualLog], ours: Sequence[Punch], *, complete: bool) -> list[Request]:
    by_id = {punch.progress.manual_log_id: punch for punch in ours if punch.progress.manual_log_id is not None}
    requests = [_of_log(log, by_id.get(log.id)) for log in listed]
    known = {log.id for log in listed}
    texts = " ".join(log.apply_reason or "" for log in listed)
    for punch in ours:
        filed = punch.progress.manual_log_id
        if filed not in known and f"[{marker(punch)}]" not in texts:
            requests.append(_of_punch(punch, gone=complete and filed is not None))
    return requests


def _of_log(log: ManualLog, punch: Punch | None) -> Request:
    at = punch.punched_at if punch else log.punched_at
    standing = _BY_STATUS[log.audit_status]
    key = f"log.{log.id}" if standing is Standing.PENDING else None
    asked_at = punch.recorded_at if punch else log.apply_at or at
    return Request(key, at, standing, (log.audit_reason or "").strip() or None, asked_at, log.punch_state)


def merge_leaves(listed: Sequence[Leave] | None, ours: Sequence[AskedLeave]) -> list[Request]:
    """`listed`: None where BioTime did not say; else what is not in it is gone."""
    by_id = {leave.leave_id: leave for leave in ours if leave.leave_id is not None}
    known = {leave.id for leave in listed or ()}
    texts = " ".join(leave.apply_reason for leave in listed or ())
    requests = [_of_leave(leave, by_id.get(leave.id)) for leave in listed or ()]
    for leave in ours:
        if leave.leave_id not in known and f"[{marker(leave)}]" not in texts:
            requests.append(_of_asked_leave(leave, gone=listed is not None and leave.leave_id is not None))
    return requests


def _of_leave(leave: Leave, asked: AskedLeave | None) -> Request:
    standing = _BY_STATUS[leave.audit.status]
    return Request(
        key=f"leave.{leave.id}" if standing is Standing.PENDING else None,
        at=leave.start_at,
        standing=standing,
        reason=leave.audit.reason.strip() or None,
        asked_at=asked.recorded_at if asked else leave.start_at,
        until=leave.end_at,
        title=leave.pay_code_name,
    )


def _of_asked_leave(leave: AskedLeave, *, gone: bool) -> Request:
    standing = _standing_of_ours(leave, gone=gone)
    key = f"kept.{leave.id}" if standing is Standing.ON_THE_WAY else None
    reason = None if leave.progress.reason == NOT_TAKEN else leave.progress.reason
    return Request(key, leave.start_at, standing, reason, leave.recorded_at, until=leave.end_at, title=leave.title)


def request_of(row: Punch | AskedLeave) -> Request:
    """What the person asked for, as it stands here: BioTime is not asked."""
    return _of_punch(row, gone=False) if isinstance(row, Punch) else _of_asked_leave(row, gone=False)


def _of_punch(punch: Punch, *, gone: bool) -> Request:
    row, standing = punch.progress, _standing_of_ours(punch, gone=gone)
    open_to_us = row.asked_at is not None and standing in (Standing.ON_THE_WAY, Standing.LOGIN)
    key = f"own.{punch.id}" if open_to_us else None
    return Request(key, punch.punched_at, standing, row.reason, punch.recorded_at, punch.punch_state)


def _standing_of_ours(row: UnderWay, *, gone: bool) -> Standing:
    """`gone`: BioTime had it and lists it no more."""
    standing = standing_of(row.progress)
    return Standing.REVOKED if gone and standing is Standing.PENDING else standing


def standing_of(row: Progress) -> Standing:
    if row.state is State.WITHDRAWN:
        return Standing.REVOKED
    if row.decision is not None:
        return _BY_DECISION[row.decision]
    if row.state in (State.REJECTED, State.HUMAN):
        return Standing.FAILED
    return Standing.LOGIN if row.reason == LOGIN_NEEDED else Standing.ON_THE_WAY


_BY_DECISION = {
    Decision.PENDING: Standing.PENDING,
    Decision.APPROVED: Standing.APPROVED,
    Decision.REFUSED: Standing.REFUSED,
    Decision.REVOKED: Standing.REVOKED,
}
_BY_STATUS = {status: _BY_DECISION[meant] for status, meant in DECISIONS.items()}
