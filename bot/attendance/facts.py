"""What is known of one person and one shift, and a company's rules: all that the gates look at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.attendance.model import PunchState


class ShiftKind(StrEnum):
    """What BioTime says of a person's day."""

    WORK = "work"
    FLEXIBLE = "flexible"
    REST = "rest"
    HOLIDAY = "holiday"
    NONE = "none"


class Kind(StrEnum):
    NUDGE = "nudge"
    """The employee is asked, before anybody else is told."""
    ABSENT = "absent"
    INCIDENT = "incident"
    """Most of a site is missing: one alert, and no names."""
    STALE = "stale"
    """A site's data is late, so that nobody can be called missing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where and which shift: what one card is about. `area_id` is 0 where the person has no area."""

    area_id: int
    timetable: str
    workdate: date
    starts_at: datetime

    @property
    def instance(self) -> str:
        """The key of the shift of each of its people."""
        return f"{self.workdate} {self.timetable} {self.starts_at:%H:%M}"

    @property
    def key(self) -> str:
        return f"@{self.area_id} {self.workdate} {self.timetable} {self.starts_at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's day, or one of its timetables. `opens_at`: from then on a punch counts for this one and not for the
    one before it. The three moments are None for days that are not of WORK.
    """

    emp_code: str
    workdate: date
    timetable: str
    kind: ShiftKind
    area_id: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    opens_at: datetime | None = None

    @property
    def key(self) -> str:
        return _write_key(self.workdate, self.timetable, self.starts_at)

    @property
    def site(self) -> Site:
        assert self.starts_at is not None
        return _build_site(self.area_id, self.timetable, self.workdate, self.starts_at)


# A scan asks for these several times of each person, and they are the same for all of a site.
_build_site = lru_cache(10_000)(Site)


@lru_cache(10_000)
def _write_key(workdate: date, timetable: str, starts_at: datetime | None) -> str:
    return f"{workdate} {timetable} {starts_at:%H:%M}" if starts_at else str(workdate)


@dataclass(frozen=True, slots=True)
class SeenPunch:
    """`where`: the terminal's name, "" for the app. `is_doubted`: its clock is wrong, and `at` is when it arrived."""

    at: datetime
    punch_state: PunchState
    where: str = ""
    is_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """An approved leave of days or hours."""

    starts_at: datetime
    ends_at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeenTerminal:
    name: str
    last_activity_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one person and one shift. `synced_until`: what BioTime knew by then, we know.

    `punches` since a shift's length before the start; `logs` are when pending manual logs say the person punched;
    `terminals` those of the site; `told`: the kinds of alert there are already.
    """

    shift: Shift
    hire_date: date | None = None
    has_left: bool = False
    enable_att: bool | None = None
    holiday: str | None = None
    leaves: tuple[Away, ...] = ()
    excuse: str | None = None
    punches: tuple[SeenPunch, ...] = ()
    logs: tuple[datetime, ...] = ()
    synced_until: datetime | None = None
    terminals: tuple[SeenTerminal, ...] = ()
    told: frozenset[Kind] = frozenset()
    came_from: datetime | None = None
    """From when punches counted for an earlier timetable of the same day; None where this is the first."""
    nudge: timedelta | None = None
    """The person's own wish, instead of the rules' one."""
    delay: timedelta | None = None
    """Of a manager who wants to know sooner than the rules say."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A company's: nobody is late within `grace` of the start, and managers are told `delay` after that; `nudge` before
    them the employee is asked, if at all.
    """

    grace: timedelta = timedelta(minutes=10)
    delay: timedelta = timedelta(minutes=10)
    nudge: timedelta = timedelta(minutes=10)
    incident_percent: int = 60
    excluded: frozenset[str] = frozenset()
