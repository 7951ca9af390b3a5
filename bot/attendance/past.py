"""What the records say of days that are past, and what of it was known at a moment: for `rehearsal`.

What was known is what BioTime had by then: a punch counts from its upload, a leave from its approval, a manual log
holds an alert up from when it was filed until it was decided. How fresh the data was cannot be known later: it is taken
to have been fresh.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.attendance.chain import Step
from bot.attendance.facts import Away, Facts, SeenPunch, Shift
from bot.attendance.model import PunchState


@dataclass(frozen=True, slots=True)
class PastPunch:
    """`known_at`: when it was there to be read; None where BioTime does not tell."""

    seen: SeenPunch
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastLeave:
    """One that is approved by now; `known_at` as above."""

    away: Away
    known_at: datetime | None = None


class LogState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PastLog:
    """A punch that was asked for. The moments are None where BioTime does not tell, or nothing was decided."""

    at: datetime
    state: LogState
    filed_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One person and one shift, with all the records say now. `absent` is BioTime's own verdict; `counted`: the time of
    day of a punch that it counts for this shift.
    """

    shift: Shift
    hire_date: date | None = None
    enable_att: bool | None = None
    holiday: str | None = None
    punches: tuple[PastPunch, ...] = ()
    leaves: tuple[PastLeave, ...] = ()
    logs: tuple[PastLog, ...] = ()
    came_from: datetime | None = None
    absent: bool = False
    counted: time | None = None


class Verdict(StrEnum):
    """What the records say of an alert, or of its being missing."""

    ABSENT = "absent"
    """Told, and rightly: nobody came."""
    LATE = "late"
    """Told, and rightly: they came after that."""
    UPLOAD = "upload"
    """A false alarm: they were there, and BioTime learned of it later."""
    LOG = "log"
    """A false alarm: they were there, as a manual log says that was approved."""
    LEAVE = "leave"
    """A false alarm: a leave was approved later."""
    ELSEWHEN = "elsewhen"
    """A false alarm: BioTime counts a punch that is outside of the shift's hours."""
    UNDECIDED = "undecided"
    """Told; a manual log that says they were there still waits."""
    MISSED = "missed"
    """Absent, and nobody would have been told."""


RIGHT = frozenset({Verdict.ABSENT, Verdict.LATE})
FALSE = frozenset({Verdict.UPLOAD, Verdict.LOG, Verdict.LEAVE, Verdict.ELSEWHEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """`told_at`: None for MISSED, whose `step` is the gate that held it up. `at`: when they came, or were there;
    `late_by` after the start; `known_at`: when BioTime learned of it. `incident`: told as one of many, without a name.
    """

    shift: Shift
    verdict: Verdict
    told_at: datetime | None = None
    at: datetime | None = None
    late_by: timedelta = timedelta(0)
    known_at: datetime | None = None
    name: str = ""
    counted: time | None = None
    step: Step | None = None
    incident: bool = False


def facts_at(past: Past, moment: datetime) -> Facts:
    """What was known then."""
    return Facts(
        shift=past.shift,
        hire_date=past.hire_date,
        enable_att=past.enable_att,
        holiday=past.holiday,
        leaves=tuple(one.away for one in past.leaves if one.known_at is None or one.known_at <= moment),
        punches=tuple(one.seen for one in past.punches if appeared_at(one) <= moment),
        logs=tuple(one.at for one in past.logs if _waits(one, moment)),
        synced_until=moment,
        came_from=past.came_from,
    )


def facts_now(past: Past) -> Facts:
    """What the records say by now: an approved manual log is a punch."""
    approved = tuple(SeenPunch(log.at, PunchState.UNKNOWN) for log in past.logs if log.state is LogState.APPROVED)
    end = past.shift.ends_at
    return Facts(
        shift=past.shift,
        hire_date=past.hire_date,
        enable_att=past.enable_att,
        holiday=past.holiday,
        leaves=tuple(one.away for one in past.leaves),
        punches=tuple(one.seen for one in past.punches) + approved,
        synced_until=end,
        came_from=past.came_from,
    )


def appeared_at(punch: PastPunch) -> datetime:
    return max(punch.seen.at, punch.known_at or punch.seen.at)


def _waits(log: PastLog, moment: datetime) -> bool:
    """Filed, and not decided yet; of what BioTime does not say when, nothing is assumed."""
    if log.filed_at is None or log.filed_at > moment:
        return False
    return log.state is LogState.PENDING or (log.decided_at is not None and moment < log.decided_at)
