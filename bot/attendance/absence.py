"""Who is missing: ten gates in one order, and the chain of what each saw, so that "why?" has an answer.

Pure: facts and a moment in, alerts out. Everything is judged per shift instance, in real time (UTC): midnight and the
days on which clocks change are the business of whoever made the instance out of a wall clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.attendance.model import PunchState
from bot.attendance.spans import Span, merge

# A terminal that was silent for longer than this is out of order, which is told elsewhere: it holds up nobody's alerts.
OUT_OF_ORDER = timedelta(hours=24)
# Fewer people than this are no crowd: if all three of a site are missing, their names say more than "an incident".
SMALLEST_CROWD = 5
_INWARD = (PunchState.CHECK_IN, PunchState.BREAK_IN, PunchState.OVERTIME_IN)


class ShiftKind(StrEnum):
    """What BioTime says of a person's day."""

    WORK = "work"
    FLEXIBLE = "flexible"
    REST = "rest"
    HOLIDAY = "holiday"
    NONE = "none"


class Gate(StrEnum):
    """In this order; an alert has passed them all."""

    EMPLOYED = "employed"
    TIMETABLE = "timetable"
    FIXED_HOURS = "fixed_hours"
    NO_HOLIDAY = "no_holiday"
    NO_LEAVE = "no_leave"
    NO_PERMISSION = "no_permission"
    OVERDUE = "overdue"
    NO_PUNCH = "no_punch"
    FRESH = "fresh"
    NEW = "new"


class Stop(StrEnum):
    """Why a gate did not let somebody pass."""

    LEFT = "left"
    NOT_HIRED_YET = "not_hired_yet"
    ATTENDANCE_OFF = "attendance_off"
    EXCLUDED = "excluded"
    NO_TIMETABLE = "no_timetable"
    REST_DAY = "rest_day"
    FLEXIBLE = "flexible"
    HOLIDAY = "holiday"
    LEAVE = "leave"
    EXCUSED = "excused"
    NOT_YET = "not_yet"
    OVER = "over"
    PUNCHED = "punched"
    INSIDE = "inside"
    LOG_PENDING = "log_pending"
    SYNC_LATE = "sync_late"
    TERMINAL_SILENT = "terminal_silent"
    TOLD = "told"


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
        return f"{self.workdate} {self.timetable} {self.starts_at:%H:%M}" if self.starts_at else str(self.workdate)

    @property
    def site(self) -> Site:
        assert self.starts_at is not None
        return Site(self.area_id, self.timetable, self.workdate, self.starts_at)


@dataclass(frozen=True, slots=True)
class SeenPunch:
    """`where`: the terminal's name, "" for the app."""

    at: datetime
    punch_state: PunchState
    where: str = ""


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


@dataclass(frozen=True, slots=True)
class Step:
    """What one gate saw. `at` and `name` are what the sentence about it needs."""

    gate: Gate
    stop: Stop | None
    at: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The gates up to the one that did not let pass."""

    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def passed(self) -> bool:
        return self.last.stop is None

    def has_passed(self, gate: Gate) -> bool:
        return any(step.gate is gate and step.stop is None for step in self.steps)


@dataclass(frozen=True, slots=True)
class Found:
    """An alert to keep; for a whole site `emp_code` is "" and the chain is of one of its people."""

    kind: Kind
    emp_code: str
    key: str
    site: Site
    chain: Chain


@dataclass(frozen=True, slots=True)
class Plan:
    """`vanished`: (employee, shift key, what became of it) of alerts whose reason is gone."""

    found: tuple[Found, ...] = ()
    vanished: tuple[tuple[str, str, Step], ...] = ()
    cleared: tuple[Site, ...] = field(default=())
    """Sites that were an incident, or late, and are no more."""


def judge(facts: Facts, rules: Rules, now: datetime, kind: Kind = Kind.ABSENT) -> Chain:
    """The gates in their order, until one does not let pass."""
    steps: list[Step] = []
    for look in _GATES:
        step = look(facts, rules, now, kind)
        steps.append(step)
        if step.stop is not None:
            break
    return Chain(tuple(steps))


def plan(
    missing: Iterable[Facts],
    rules: Rules,
    now: datetime,
    *,
    expected: Mapping[Site, int] = {},
    told: Mapping[Site, frozenset[Kind]] = {},
) -> Plan:
    """What there is to tell now. `missing`: everybody who may be, and everybody about whom an alert is open;
    `expected`: how many each site waits for; `told`: the open alerts about whole sites.
    """
    judged = [(facts, judge(facts, rules, now)) for facts in missing]
    crowds: dict[Site, list[tuple[Facts, Chain]]] = defaultdict(list)
    stale: dict[Site, Chain] = {}
    for facts, chain in judged:
        if chain.has_passed(Gate.NO_PUNCH):
            crowds[facts.shift.site].append((facts, chain))
            if chain.last.gate is Gate.FRESH and chain.last.stop is not None:
                stale.setdefault(facts.shift.site, chain)
    incidents = {site for site, crowd in crowds.items() if _is_incident(crowd, expected.get(site, 0), rules)}
    found = [*_find_alerts(judged, incidents), *_find_nudges(judged, rules, now, incidents)]
    found += [
        _of_site(Kind.STALE, site, chain) for site, chain in stale.items() if Kind.STALE not in told.get(site, ())
    ]
    found += [
        _of_site(Kind.INCIDENT, site, crowds[site][0][1])
        for site in incidents
        if Kind.INCIDENT not in told.get(site, ()) and site not in stale
    ]
    cleared = [site for site, kinds in told.items() if kinds and site not in incidents and site not in stale]
    return Plan(tuple(found), tuple(_find_vanished(judged)), tuple(cleared))


def find_due(facts: Facts, rules: Rules, kind: Kind = Kind.ABSENT) -> datetime | None:
    """When this person is missing; None where nothing is fixed, or all of it is on leave."""
    start = _start_of_work(facts)
    if start is None:
        return None
    due = start + rules.grace + rules.delay
    if kind is not Kind.NUDGE:
        return due
    before = rules.nudge if facts.nudge is None else facts.nudge
    return max(due - before, start)


def first_punch(facts: Facts) -> SeenPunch | None:
    """The one by which the person is there."""
    shift = facts.shift
    if shift.opens_at is None or shift.ends_at is None:
        return None
    inside = [p for p in facts.punches if shift.opens_at <= p.at <= shift.ends_at]
    return min(inside, key=lambda punch: punch.at, default=None)


def work_of(facts: Facts) -> Span | None:
    """From when to when there is work; leaves that cover the start or the end make it shorter, or nothing."""
    start, end = _start_of_work(facts), facts.shift.ends_at
    if start is None or end is None:
        return None
    for begins, ends in merge(_spans(facts.leaves)):
        if begins < end <= ends:
            end = begins
    return start, end


# -- the gates ---------------------------------------------------------------------------------------------------------


def _is_employed(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    shift = facts.shift
    if facts.has_left:
        return Step(Gate.EMPLOYED, Stop.LEFT)
    if facts.hire_date is not None and facts.hire_date > shift.workdate:
        return Step(Gate.EMPLOYED, Stop.NOT_HIRED_YET, name=facts.hire_date.isoformat())
    if facts.enable_att is False:
        return Step(Gate.EMPLOYED, Stop.ATTENDANCE_OFF)
    return Step(Gate.EMPLOYED, Stop.EXCLUDED if shift.emp_code in rules.excluded else None)


def _has_timetable(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    shift = facts.shift
    if shift.kind is ShiftKind.NONE:
        return Step(Gate.TIMETABLE, Stop.NO_TIMETABLE)
    stop = Stop.REST_DAY if shift.kind is ShiftKind.REST else None
    return Step(Gate.TIMETABLE, stop, shift.starts_at, shift.timetable)


def _has_fixed_hours(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    flexible = facts.shift.kind is ShiftKind.FLEXIBLE
    return Step(Gate.FIXED_HOURS, Stop.FLEXIBLE if flexible else None, name=facts.shift.timetable)


def _has_no_holiday(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    off = facts.holiday is not None or facts.shift.kind is ShiftKind.HOLIDAY
    return Step(Gate.NO_HOLIDAY, Stop.HOLIDAY if off else None, name=facts.holiday or "")


def _has_no_leave(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    """A leave that leaves something to be worked moves the window instead."""
    if _start_of_work(facts) is None:
        name = next((leave.name for leave in facts.leaves if leave.name), "")
        return Step(Gate.NO_LEAVE, Stop.LEAVE, max((leave.ends_at for leave in facts.leaves), default=None), name)
    start, moved = facts.shift.starts_at, _start_of_work(facts)
    return Step(Gate.NO_LEAVE, None, moved if moved != start else None)


def _has_no_permission(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    return Step(Gate.NO_PERMISSION, Stop.EXCUSED if facts.excuse is not None else None, name=facts.excuse or "")


def _is_overdue(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    due = find_due(facts, rules, kind)
    assert due is not None, "whoever is on leave was let go two gates before"
    ends_at = facts.shift.ends_at
    if now < due:
        return Step(Gate.OVERDUE, Stop.NOT_YET, due)
    return Step(Gate.OVERDUE, Stop.OVER if ends_at is not None and now > ends_at else None, due)


def _has_no_punch(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    punch = first_punch(facts)
    if punch is not None:
        return Step(Gate.NO_PUNCH, Stop.PUNCHED, punch.at, punch.where)
    before = _stayed_inside(facts)
    if before is not None:
        return Step(Gate.NO_PUNCH, Stop.INSIDE, before.at, before.where)
    opens, ends = facts.shift.opens_at, facts.shift.ends_at
    filed = [at for at in facts.logs if opens is not None and ends is not None and opens <= at <= ends]
    if filed:
        return Step(Gate.NO_PUNCH, Stop.LOG_PENDING, min(filed))
    return Step(Gate.NO_PUNCH, None, max((p.at for p in facts.punches), default=None))


def _is_fresh(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    due = find_due(facts, rules, kind)
    assert due is not None
    if facts.synced_until is None or facts.synced_until < due:
        return Step(Gate.FRESH, Stop.SYNC_LATE, facts.synced_until)
    for terminal in facts.terminals:
        heard_at = terminal.last_activity_at
        if heard_at is not None and now - OUT_OF_ORDER < heard_at < due:
            return Step(Gate.FRESH, Stop.TERMINAL_SILENT, heard_at, terminal.name)
    return Step(Gate.FRESH, None, facts.synced_until)


def _is_new(facts: Facts, rules: Rules, now: datetime, kind: Kind) -> Step:
    return Step(Gate.NEW, Stop.TOLD if kind in facts.told else None)


_GATES = (
    _is_employed,
    _has_timetable,
    _has_fixed_hours,
    _has_no_holiday,
    _has_no_leave,
    _has_no_permission,
    _is_overdue,
    _has_no_punch,
    _is_fresh,
    _is_new,
)


def _start_of_work(facts: Facts) -> datetime | None:
    """When to come: after a leave that covers the start; None where nothing is left to be worked."""
    start, end = facts.shift.starts_at, facts.shift.ends_at
    if start is None or end is None:
        return None
    if not facts.leaves:
        return start
    for begins, ends in merge(_spans(facts.leaves)):
        if begins <= start < ends:
            start = ends
    return start if start < end else None


def _spans(leaves: Iterable[Away]) -> Iterable[Span]:
    return ((leave.starts_at, leave.ends_at) for leave in leaves if leave.starts_at < leave.ends_at)


def _stayed_inside(facts: Facts) -> SeenPunch | None:
    """Who came for an earlier timetable of the same day and has not gone since is there for this one, too."""
    opens, came_from = facts.shift.opens_at, facts.came_from
    if opens is None or came_from is None:
        return None
    earlier = [p for p in facts.punches if came_from <= p.at < opens]
    last = max(earlier, key=lambda punch: punch.at, default=None)
    if last is None:
        return None
    if last.punch_state in _INWARD:
        return last
    # Without keys a terminal does not know the direction: an odd number of touches is one that came and stayed.
    odd = len(earlier) % 2 == 1 and all(p.punch_state is PunchState.UNKNOWN for p in earlier)
    return last if odd else None


# -- the plan ----------------------------------------------------------------------------------------------------------


def _is_incident(crowd: list[tuple[Facts, Chain]], expected: int, rules: Rules) -> bool:
    everybody = max(expected, len(crowd))
    return everybody >= SMALLEST_CROWD and len(crowd) * 100 >= rules.incident_percent * everybody


def _find_alerts(judged: list[tuple[Facts, Chain]], incidents: set[Site]) -> Iterable[Found]:
    for facts, chain in judged:
        if chain.passed and facts.shift.site not in incidents:
            yield Found(Kind.ABSENT, facts.shift.emp_code, facts.shift.key, facts.shift.site, chain)


def _find_nudges(
    judged: list[tuple[Facts, Chain]], rules: Rules, now: datetime, incidents: set[Site]
) -> Iterable[Found]:
    """Who will be missing before long; not once the manager knows."""
    for facts, absence in judged:
        before = rules.nudge if facts.nudge is None else facts.nudge
        if before <= timedelta(0):
            continue
        early = absence.last.stop is Stop.NOT_YET or absence.passed
        if not early or Kind.ABSENT in facts.told or facts.shift.site in incidents:
            continue
        chain = judge(facts, rules, now, Kind.NUDGE)
        if chain.passed:
            yield Found(Kind.NUDGE, facts.shift.emp_code, facts.shift.key, facts.shift.site, chain)


def _find_vanished(judged: list[tuple[Facts, Chain]]) -> Iterable[tuple[str, str, Step]]:
    """Told, and no longer so: not because data is late, which proves nothing."""
    for facts, chain in judged:
        stopped = chain.last.stop not in (None, Stop.NOT_YET)
        if facts.told and stopped and chain.last.gate not in (Gate.FRESH, Gate.NEW):
            yield facts.shift.emp_code, facts.shift.key, chain.last


def _of_site(kind: Kind, site: Site, chain: Chain) -> Found:
    return Found(kind, "", site.key, site, chain)
