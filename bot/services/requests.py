"""The protocol's requests to BioTime, and what their answers mean to it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.attendance.model import Position
from bot.attendance.progress import (
    POSTED,
    Absent,
    Decision,
    Denied,
    Filed,
    FileOutcome,
    Limits,
    LookFailed,
    LookOutcome,
    ManualLookOutcome,
    PostOutcome,
    Progress,
    Stamped,
    Unclear,
    Unsent,
)
from bot.biotime import dialect, errors
from bot.biotime.client import BioTimeClient
from bot.biotime.dialect import MarkerKeeping, SoughtPunch
from bot.biotime.values import AuditStatus, ListedPunch, ManualLog, ManualLogUpload, PunchUpload
from bot.database import Database
from bot.services.sessions import SessionOver, Sessions
from bot.store import areas, links, punches
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.under_way import UnderWay

T = TypeVar("T")

# The lists have whole seconds.
SECOND = timedelta(seconds=1)
DECISIONS = {
    AuditStatus.PENDING: Decision.PENDING,
    AuditStatus.APPROVED: Decision.APPROVED,
    AuditStatus.REJECTED: Decision.REFUSED,
    AuditStatus.REVOKED: Decision.REVOKED,
}


class Requests:
    """Every call goes out in the name of the person whose punch it is."""

    def __init__(self, db: Database, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._db = db
        self._sessions = sessions
        self._now = now

    async def post(self, punch: Punch, link: Link | None = None) -> PostOutcome:
        """Clock in (manual 6.4). A 201 that does not echo the marker is as unclear as none. `link`: if just loaded."""
        upload = PunchUpload(_position(punch), punch.punch_state, punch.emp_code, gps_text(punch), marker(punch))
        try:
            own = link or await self._link(punch)
            stamp = await self._sessions.call(own, lambda client, token: client.upload_punch(token, upload))
        except (SessionOver, errors.BioTimeError) as problem:
            return sort_failure(problem)
        if not dialect.holds_marker(stamp.gps_location, marker(punch)) and await self._keeps_marker(punch):
            return Unclear()
        return Stamped(stamp.punched_at)

    async def file(self, punch: Punch) -> FileOutcome:
        """A manual log (6.5) at exactly the time Telegram stamped, with the marker in its reason."""
        log = ManualLogUpload(punch.punched_at, punch.punch_state, _apply_reason(punch))
        link = await self._link(punch)
        try:
            filed = await self._sessions.call(
                link, lambda client, token: client.upload_manual_log(token, link.emp_id, log)
            )
        except (SessionOver, errors.BioTimeError) as problem:
            return sort_failure(problem)
        return Filed(filed)

    async def look_up(self, punch: Punch, limits: Limits) -> LookOutcome:
        """Whether the list of punches (6.4 GET) holds this one. Only a list read to its end proves an absence."""
        started_at = self._now()
        earliest = punch.punched_at - limits.tolerance
        try:
            listed = await self._call(punch, lambda client, token: _punches(client, token, earliest))
        except (SessionOver, errors.BioTimeError):
            return LookFailed()
        found = await self._match(punch, listed, limits)
        return Stamped(found.punched_near(punch.punched_at)) if found is not None else Absent(started_at)

    async def look_up_manual(self, punch: Punch) -> ManualLookOutcome:
        started_at = self._now()
        try:
            log = await self._find_manual_log(punch)
        except (SessionOver, errors.BioTimeError):
            return LookFailed()
        return Filed(log.id) if log is not None else Absent(started_at)

    async def ask_decision(self, punch: Punch) -> tuple[Decision, str | None]:
        try:
            log = await self._find_manual_log(punch)
        except (SessionOver, errors.BioTimeError):
            return Decision.PENDING, None
        if log is None:
            # Somebody took it out of the list. A correction of ours stays open: it is nobody's to take back.
            return Decision.PENDING if punch.progress.asked_at is None else Decision.REVOKED, None
        return DECISIONS[log.audit_status], within_a_sentence(log.audit_reason or "") or None

    async def _find_manual_log(self, punch: Punch) -> ManualLog | None:
        link = await self._link(punch)
        logs = await self._sessions.call(link, _manual_logs)
        known = [log for log in logs if log.id == punch.progress.manual_log_id]
        if known:
            return known[0]
        return dialect.find_manual_log(marker(punch), link.emp_id, punch.punched_at, punch.punch_state, logs)

    async def _match(self, punch: Punch, listed: list[ListedPunch], limits: Limits) -> ListedPunch | None:
        """Without markers a row is given away once, so all of the employee's punches that may be listed take part."""
        since = punch.punched_at - 2 * limits.tolerance
        near = await self._db.read(lambda c: punches.load_punches(c, punch.company, punch.emp_code, since))
        keeping = await self._keeping(punch)
        others = [other for other in near if other.id != punch.id and _may_be_listed(other.progress)]
        sought = [_sought(one, limits) for one in (*others, punch)]
        return dialect.match_punches(keeping, sought, listed).get(marker(punch))

    async def _keeping(self, punch: Punch) -> MarkerKeeping:
        """What `hadir check` found out about the tenant; a marker that is listed, until it says otherwise."""
        found = await self._db.read(lambda c: areas.load_marker(c, punch.company))
        return MarkerKeeping(found) if found else MarkerKeeping.MARKER

    async def _keeps_marker(self, punch: Punch) -> bool:
        return await self._keeping(punch) is MarkerKeeping.MARKER

    async def _call(self, punch: Punch, request: Callable[[BioTimeClient, str], Awaitable[T]]) -> T:
        return await self._sessions.call(await self._link(punch), request)

    async def _link(self, punch: Punch) -> Link:
        """The link it was made under; where the employee has logged in anew since, that one: its session is newer."""
        link = await self._db.read(lambda c: links.find_link_of_employee(c, punch.link_id))
        if link is None:
            raise LookupError(f"punch {punch.id} has no link")
        return link


def marker(punch: UnderWay) -> str:
    """Our key in BioTime's free text."""
    return f"TG-{punch.ref}"


def gps_text(punch: Punch) -> str:
    """What goes into `gps_location`: the place as BioTime's own app writes it, and the marker."""
    return f"{punch.address or ''} [{marker(punch)}]".strip()


def _apply_reason(punch: Punch) -> str:
    if punch.progress.asked_at is not None:
        return f"{punch.note or ''} [{marker(punch)}]".strip()
    return f"Hadir: sent at {punch.punched_at:%H:%M:%S} UTC, not taken by BioTime then. [{marker(punch)}]"


def _position(punch: Punch) -> Position:
    return punch.position or Position(0.0, 0.0)


def sort_failure(problem: Exception) -> Unsent | Denied | Unclear:
    match problem:
        case SessionOver():
            return Unsent(login=True)
        case errors.NotSent(retry_after=retry_after):
            return Unsent(retry_after)
        case errors.Refused(reasons=reasons):
            return Denied(within_a_sentence(" ".join(reasons)))
        case _:
            return Unclear()


def _may_be_listed(progress: Progress) -> bool:
    """One that was never sent, or was proven absent, must not take the row of another."""
    return progress.state in POSTED or progress.server_at is not None


def _sought(punch: Punch, limits: Limits) -> SoughtPunch:
    earliest = punch.punched_at - limits.tolerance
    latest = punch.punched_at + limits.tolerance + limits.lease + limits.settle
    if punch.progress.server_at is not None:
        earliest, latest = punch.progress.server_at - SECOND, punch.progress.server_at + SECOND
    return SoughtPunch(marker(punch), gps_text(punch), punch.emp_code, punch.punch_state, earliest, latest)


async def _punches(client: BioTimeClient, token: str, since: datetime) -> list[ListedPunch]:
    return [punch async for punch in client.fetch_punches(token, since - timedelta(minutes=1))]


async def _manual_logs(client: BioTimeClient, token: str) -> list[ManualLog]:
    return [log async for log in client.fetch_manual_logs(token)]


def within_a_sentence(reason: str) -> str:
    """Its own full stop would stand beside that of the sentence in which people read it."""
    return reason.strip().removesuffix(".")
