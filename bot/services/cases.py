"""A request with its evidence: what the bot saw of it, the punches around it, and who else is away then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.harmless import Claim, Doubt, Sighting, find_doubts
from bot.attendance.model import PunchState
from bot.biotime.iclock import Transaction
from bot.services.filings import NEAR, Kind, Request
from bot.services.staff import load_staff_of
from bot.services.syncing import FIRST_LOOK, KEPT
from bot.store import links, punches, roster
from bot.store import told_requests as filed
from bot.store.punches import Punch


@dataclass(frozen=True, slots=True)
class Near:
    """A punch that BioTime has."""

    punched_at: datetime
    punch_state: PunchState
    terminal_alias: str


@dataclass(frozen=True, slots=True)
class Case:
    """`near` are the punches around it, the earliest first, and `away` the names of colleagues in the same department
    who are on leave then; None: not known here. `doubts` are empty where it is harmless; a leave has none, and is not
    harmless for that.
    """

    request: Request
    seen: Punch | None
    near: tuple[Near, ...] | None
    doubts: tuple[Doubt, ...]
    away: tuple[str, ...] | None = None

    @property
    def is_harmless(self) -> bool:
        return self.request.kind is Kind.LOG and not self.doubts


def read_near(rows: Iterable[Transaction]) -> tuple[Near, ...]:
    return tuple(Near(row.punched_at, row.punch_state, row.terminal_alias or "") for row in rows)


def build_case(
    connection: Connection,
    company: str,
    viewer: str,
    request: Request,
    *,
    near: tuple[Near, ...] | None,
    now: datetime,
) -> Case:
    """`viewer` is whose eyes it is for: of others' people they see nothing."""
    if request.punch_state is None:
        return Case(request, None, (), (), find_away(connection, company, viewer, request, now))
    seen = _find_seen(connection, company, request)
    others = [Claim(row.punched_at, row.punch_state) for row in near or ()]
    doubts = find_doubts(Claim(request.at, request.punch_state), _sighting(seen), others, now)
    return Case(request, seen, near, doubts)


def load_near(connection: Connection, company: str, request: Request, now: datetime) -> tuple[Near, ...] | None:
    """From the copy of BioTime's punches; None where it may not reach so far back."""
    if request.at - NEAR < now - FIRST_LOOK:
        return None
    rows = filed.load_punches(connection, company, request.emp_code, request.at - NEAR, request.at + NEAR)
    return tuple(Near(at, PunchState(state), alias or "") for at, state, alias in rows)


def find_away(
    connection: Connection, company: str, viewer: str, request: Request, now: datetime
) -> tuple[str, ...] | None:
    """From the copy of BioTime's leaves, which forgets those that are over."""
    if request.at < now - KEPT + timedelta(days=1):
        return None
    person = roster.find_person(connection, company, request.emp_code)
    if person is None:
        return None
    until = request.until_at or request.at
    codes = filed.find_on_leave(connection, company, person.department_id, request.at, until) - {request.emp_code}
    staff = load_staff_of(connection, company, codes, now)
    people = staff.people_of(viewer)
    if any(link.emp_code == viewer for link, _ in links.find_hr(connection, company)):
        people = list(staff.roster.people.values())
    return tuple(sorted({one.name for one in people}, key=str.casefold))


def _find_seen(connection: Connection, company: str, request: Request) -> Punch | None:
    """What was only typed goes the same way, but nobody saw it."""
    if request.ref is None:
        return None
    found = punches.find_punch_by_ref(connection, company, request.emp_code, request.ref)
    return found if found is not None and found.progress.asked_at is None else None


def _sighting(seen: Punch | None) -> Sighting | None:
    return Sighting(seen.punched_at, seen.punch_state, seen.inside, seen.evidence) if seen else None
