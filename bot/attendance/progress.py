"""The state of a punch on its way to BioTime, and what the network may say about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a punch stands on its way to BioTime."""

    RECORDED = "recorded"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    MANUAL_DUE = "manual_due"
    MANUAL_SENDING = "manual_sending"
    MANUAL_AMBIGUOUS = "manual_ambiguous"
    MANUAL_CONFIRMED = "manual_confirmed"
    HUMAN = "human"
    WITHDRAWN = "withdrawn"
    """The person took back what they had asked for before anything of it was sent."""


FINAL = frozenset({State.CONFIRMED, State.REJECTED, State.MANUAL_CONFIRMED, State.HUMAN, State.WITHDRAWN})
# An earlier punch in one of these may still be stamped by BioTime: a later one must not overtake it.
UNSETTLED = frozenset({State.RECORDED, State.SENDING, State.AMBIGUOUS})
# A later punch in one of these may already bear a stamp: an earlier one would come after it.
POSTED = frozenset({State.SENDING, State.AMBIGUOUS, State.CONFIRMED})
# The `reason` of a punch that waits for the person to log in again.
LOGIN_NEEDED = "login"
MANUAL = frozenset({State.MANUAL_DUE, State.MANUAL_SENDING, State.MANUAL_AMBIGUOUS, State.MANUAL_CONFIRMED})


class Decision(StrEnum):
    """What became of a manual log that BioTime has taken."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Limits:
    """The protocol's parameters. `settle`: no server applies a request later than this after its connection is gone."""

    post_age: timedelta = timedelta(seconds=60)
    timeout: timedelta = timedelta(seconds=15)
    lease: timedelta = timedelta(seconds=30)
    settle: timedelta = timedelta(seconds=120)
    give_up: timedelta = timedelta(hours=72)

    @property
    def tolerance(self) -> timedelta:
        """How far BioTime's stamp may lie from the true time and still count as that time."""
        return self.post_age + self.timeout


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Progress:
    """The columns of a punch that the protocol owns.

    `attempt` counts claims and fences them. `settle_at`: from then on a look-up that finds nothing proves that nothing
    is there. `next_at`: when the row is due again; None when it is final. `correction`: BioTime holds the punch, but
    with a time of its own. `flagged`: a person must look, BioTime may hold the punch twice. `asked_at`: when a person
    asked for a manual log at a time of their own choice; None for a punch that was made.
    """

    state: State
    punched_at: datetime
    attempt: int = 0
    tries: int = 0
    lease_until: datetime | None = None
    settle_at: datetime | None = None
    next_at: datetime | None = None
    server_at: datetime | None = None
    correction: bool = False
    manual_log_id: int | None = None
    decision: Decision | None = None
    reason: str | None = None
    flagged: bool = False
    asked_at: datetime | None = None

    @property
    def began_at(self) -> datetime:
        """Since when it is on its way to BioTime."""
        return self.asked_at or self.punched_at


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The same employee's other punches: one before this, not settled yet; one after this, posted already."""

    earlier_unsettled: bool = False
    later_posted: bool = False


# -- what the network said ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stamped:
    """BioTime has the punch, under our marker, at its own time."""

    server_at: datetime


@dataclass(frozen=True, slots=True)
class Filed:
    """BioTime has the manual log."""

    manual_log_id: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """Provably not applied. `login`: the session has ended and only the person can begin a new one."""

    retry_after: timedelta | None = None
    login: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """BioTime understood and refused."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Applied or not: nobody knows."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A complete look-up, begun at `started_at`, did not find the marker."""

    started_at: datetime


@dataclass(frozen=True, slots=True)
class LookFailed:
    """A look-up that says nothing."""


PostOutcome = Stamped | Unsent | Denied | Unclear
LookOutcome = Stamped | Absent | LookFailed
FileOutcome = Filed | Unsent | Denied | Unclear
ManualLookOutcome = Filed | Absent | LookFailed
