"""What the client takes and gives: frozen values with real times, free of wire formats."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.attendance.model import Position, PunchState


class AuditStatus(IntEnum):
    """State of a manual log. 1 and 2 are the manual's, 3 and 4 inferred (wire notes, "Resources")."""

    PENDING = 1
    APPROVED = 2
    REJECTED = 3
    REVOKED = 4


class PunchSource(IntEnum):
    """`source` of a listed punch (manual 6.4)."""

    TERMINAL = 1
    APP = 3


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Who the token belongs to (manual 6.2). `area` is the name of an area, "" where there is none."""

    emp_id: str
    emp_code: str
    name: str
    department: str
    position: str
    area: str
    is_administrator: bool


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee as the mobile API shows one (manual 6.3)."""

    id: str
    emp_code: str
    first_name: str
    email: str
    department_name: str
    position_name: str
    photo: str = ""
    """Its path, as the server tells it."""


@dataclass(frozen=True, slots=True)
class PunchUpload:
    """A punch to send (manual 6.4). It has no time: the server stamps it. `gps_location` comes back in the lists.

    `key` names this punch and no other, for a server that takes keys.
    """

    position: Position = field(repr=False)
    punch_state: PunchState
    emp_code: str
    gps_location: str = field(repr=False)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PunchStamp:
    """What the server made of a punch: its own time, the text it kept, whom it took the punch for."""

    punched_at: datetime
    gps_location: str | None = field(repr=False)
    emp_code: str


@dataclass(frozen=True, slots=True)
class ListedPunch:
    """A row of GET transactions (manual 6.4), of anybody in the company.

    `readings` are the instants its wall clock time can mean, earliest first: two in the hour that a zone goes
    through twice, else one.
    """

    emp_code: str
    readings: tuple[datetime, ...]
    punch_state: PunchState
    source: int
    gps_location: str | None = field(repr=False)
    description: str | None = field(repr=False)
    terminal_sn: str | None

    @property
    def punched_at(self) -> datetime:
        """The first reading: right outside of that hour."""
        return self.readings[0]

    def punched_near(self, at: datetime) -> datetime:
        """The reading closest to an instant known from elsewhere."""
        return min(self.readings, key=lambda reading: abs(reading - at))


@dataclass(frozen=True, slots=True)
class ManualLogUpload:
    """A punch after the fact (manual 6.5), at its true time; `apply_reason` comes back in the list."""

    punched_at: datetime
    punch_state: PunchState
    apply_reason: str | None


@dataclass(frozen=True, slots=True)
class ManualLog:
    """A row of GET manual_logs (manual 6.8). `employee` is the employee's id; `readings` as in ListedPunch."""

    id: int
    employee: str
    readings: tuple[datetime, ...]
    punch_state: PunchState
    apply_reason: str | None
    audit_status: AuditStatus
    audit_reason: str | None
    apply_at: datetime | None

    @property
    def punched_at(self) -> datetime:
        """The first reading."""
        return self.readings[0]
