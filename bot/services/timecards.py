"""What a person sees of their own punches: today with the hours so far, and the history, page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.model import PunchState
from bot.attendance.progress import FINAL, Progress
from bot.attendance.worked import Worked, measure_worked
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError
from bot.biotime.values import ListedPunch
from bot.database import Database
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.store import punches
from bot.store.links import Link
from bot.store.punches import Punch

PAGE = 8
# A stretch that began last night is seen whole.
NIGHT = LONGEST_SHIFT


class Reach(Enum):
    """Whether BioTime's list is in what is shown, or why only our own punches are."""

    REACHED = "reached"
    NO_ANSWER = "no answer"
    SESSION_OVER = "session over"


@dataclass(frozen=True, slots=True)
class Line:
    """One punch as listed: BioTime's, or ours that is still on its way (`pending`), or only a claim, as it stands."""

    at: datetime
    punch_state: PunchState
    place: str
    pending: bool = False
    claim: Progress | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """Every stretch of work that touches today: a night shift with its in of last night."""

    lines: tuple[Line, ...]
    worked: Worked
    reach: Reach


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first."""

    number: int
    lines: tuple[Line, ...]
    has_more: bool
    reach: Reach


class Timecards:
    """Each person sees their own: the employee comes from the link, never from the request."""

    def __init__(self, db: Database, tenants: Tenants, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._sessions = sessions
        self._now = now

    async def load_today(self, link: Link) -> Today:
        now = self._now()
        midnight = self._midnight(link.company)
        listed, reach = await self._fetch(link, midnight - NIGHT, None)
        ours = await self._load_own(link.company, link.emp_code, midnight - NIGHT, now)
        # BioTime lists the newest first: of the same second, too.
        lines = sorted(_merge(listed[::-1], ours), key=lambda line: line.at)
        worked = measure_worked(((one.at, one.punch_state) for one in lines if one.claim is None), midnight, now)
        first = min(midnight, worked.began or midnight)
        return Today(tuple(line for line in lines if line.at >= first), worked, reach)

    async def load_worked(self, punch: Punch) -> Worked:
        """The employee's day so far from our own punches alone, without a network: for the line under a new punch."""
        midnight = self._midnight(punch.company)
        since, of = midnight - NIGHT, (punch.company, punch.emp_code)
        own = await self._db.read(lambda c: punches.load_times(c, *of, since, proven=True))
        return measure_worked(own, midnight, self._now())

    async def load_between(self, link: Link, since: datetime, until: datetime) -> tuple[tuple[Line, ...], Reach]:
        """From `since` until before `until`, in the order of time. BioTime's list is walked from now back to there."""
        listed, reach = await self._fetch(link, since, None)
        ours = await self._load_own(link.company, link.emp_code, since, until)
        lines = sorted(_merge(listed[::-1], ours), key=lambda line: line.at)
        return tuple(line for line in lines if line.at < until), reach

    async def load_history(self, link: Link, number: int) -> Page:
        """Page `number`, from 0; past the end it is the last one."""
        wanted = (number + 1) * PAGE + 1
        listed, reach = await self._fetch(link, None, wanted)
        since = listed[-1].punched_at if len(listed) >= wanted else datetime.min.replace(tzinfo=self._now().tzinfo)
        ours = await self._load_own(link.company, link.emp_code, since, self._now())
        lines = sorted(_merge(listed, ours[::-1]), key=lambda line: line.at, reverse=True)
        number = min(number, max(len(lines) - 1, 0) // PAGE)
        shown = lines[number * PAGE : (number + 1) * PAGE]
        return Page(number, tuple(shown), len(lines) > (number + 1) * PAGE, reach)

    def _midnight(self, company: str) -> datetime:
        zone = self._tenants.zone_of(company)
        return datetime.combine(self._now().astimezone(zone).date(), time(), zone)

    async def _fetch(self, link: Link, since: datetime | None, most: int | None) -> tuple[list[ListedPunch], Reach]:
        try:
            rows = await self._sessions.call(link, lambda client, token: _own(client, token, link, since, most))
        except SessionOver:
            return [], Reach.SESSION_OVER
        except BioTimeError:
            return [], Reach.NO_ANSWER
        return rows, Reach.REACHED

    async def _load_own(self, company: str, emp_code: str, since: datetime, until: datetime) -> list[Punch]:
        found = await self._db.read(lambda c: punches.load_punches(c, company, emp_code, since))
        return [p for p in found if p.counts and p.punched_at <= until]


async def _own(
    client: BioTimeClient, token: str, link: Link, since: datetime | None, most: int | None
) -> list[ListedPunch]:
    """The list holds other people's rows, too."""
    rows: list[ListedPunch] = []
    async for row in client.fetch_punches(token, since):
        if row.emp_code == link.emp_code and (since is None or row.punched_at >= since):
            rows.append(row)
        if most is not None and len(rows) >= most:
            break
    return rows


def _merge(listed: list[ListedPunch], ours: list[Punch]) -> list[Line]:
    """BioTime's list, and what of ours it does not show yet: known again by the marker, so none is shown twice."""
    lines = [Line(row.punched_at, row.punch_state, _plain_place(row)) for row in listed]
    texts = " ".join(row.gps_location or "" for row in listed)
    for punch in ours:
        if f"TG-{punch.ref}" not in texts:
            pending = punch.progress.state not in FINAL or punch.is_claim
            claim = punch.progress if punch.is_claim else None
            lines.append(Line(punch.punched_at, punch.punch_state, punch.area or "", pending, claim))
    return lines


def _plain_place(row: ListedPunch) -> str:
    """Without our marker, which is for machines."""
    text = row.gps_location or row.description or ""
    return text.split(" [TG-")[0].strip()
