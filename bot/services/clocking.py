"""A person shares their place: decide what punch it is and keep it, in one transaction. From there nothing is lost.

How it then reaches BioTime is `sending`'s.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance import evidence
from bot.attendance.clocking import Step
from bot.attendance.direction import ENDING, LONGEST_SHIFT, is_repeat, next_punch_state
from bot.attendance.evidence import Evidence
from bot.attendance.geofence import Placement, measure
from bot.attendance.model import Position, PunchState
from bot.attendance.progress import Progress, State
from bot.database import Database
from bot.services.addresses import Addresses
from bot.services.areas import Areas, match_areas
from bot.services.keeping import keep, new_ref
from bot.services.sending import Sending
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch

# The conversation in which a kind was chosen under More.
KIND = "kind"
# How far Telegram's clock and ours may differ.
CLOCKS_APART = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Share:
    """A place somebody sent. `shared_at` is Telegram's own time of the message; `chosen` the kind picked under More;
    `language` what the person is spoken to in; `offered_at` when the keyboard on the screen was offered and `offered`
    what its button says, None where nobody knows.
    """

    telegram_id: int
    chat_id: int
    source: str
    shared_at: datetime
    position: Position = field(repr=False)
    chosen: PunchState | None = None
    live: bool = False
    language: str = "en"
    offered_at: datetime | None = None
    offered: PunchState | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The punch is kept. `step` is what the decision foresees next."""

    punch: Punch
    step: Step


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same punch again: this is it. `redelivered` where even the message is the same."""

    punch: Punch
    redelivered: bool


@dataclass(frozen=True, slots=True)
class Outside:
    """Refused: the company takes punches only from within the area, and this is so many metres off."""

    area: str
    distance: float


@dataclass(frozen=True, slots=True)
class NotLinked:
    """Nobody is logged in on this account."""


Clocked = Saved | Repeated | Outside | NotLinked


class Clocking:
    def __init__(
        self, db: Database, areas: Areas, addresses: Addresses, sending: Sending[Punch], now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._areas = areas
        self._addresses = addresses
        self._sending = sending
        self._now = now

    async def clock(self, share: Share, link: Link | None = None) -> Clocked:
        """Keeps the punch and sets it going; returns once it is durable, not once BioTime has it. `link`: if just
        loaded."""
        link = link or await self._db.read(lambda c: links.find_link(c, share.telegram_id))
        if link is None:
            return NotLinked()
        matched = match_areas(link.area, await self._areas.of(link.company))
        placement = measure(share.position, matched)
        address = self._addresses.build_gps_location(share.position)
        kept = await self._db.write(lambda c: self._keep(c, share, link, placement, address))
        if isinstance(kept, Saved):
            self._sending.ring(kept.punch, kept.step, link)
        return kept

    async def next_for(self, telegram_id: int) -> PunchState:
        """What the person most likely does next."""
        return await self._db.read(lambda c: _load_next(c, telegram_id, self._now()))

    def _keep(
        self, connection: Connection, share: Share, link: Link, placement: Placement | None, address: str
    ) -> Clocked:
        # Locked first: the same update, delivered twice at the same time, must find the row of the other.
        links.lock_employee(connection, link.company, link.emp_code)
        newest = punches.load_last_punch(connection, link.company, link.emp_code)
        last = newest
        if newest is not None and newest.punched_at > share.shared_at:
            # Sent before it, delivered after it: what it is follows from what was known then.
            last = punches.load_last_before(connection, link.company, link.emp_code, share.shared_at)
        refused = _refuse(share, (last, newest), placement)
        if refused is None:
            return self._add(connection, self._build(share, link, last, placement, address))
        known = punches.find_by_source(connection, share.source)
        return refused if known is None else Repeated(known, redelivered=True)

    def _add(self, connection: Connection, punch: Punch) -> Saved | Repeated:
        kept, step = keep(connection, self._sending, punch, self._now)
        return Repeated(kept, redelivered=True) if step is None else Saved(kept, step)

    def _build(self, share: Share, link: Link, last: Punch | None, placement: Placement | None, address: str) -> Punch:
        now = self._now()
        return Punch(
            id=0,
            ref=new_ref(),
            source=share.source,
            link_id=link.id,
            company=link.company,
            emp_code=link.emp_code,
            chat_id=share.chat_id,
            language=share.language,
            punch_state=_intended(share, link, last),
            recorded_at=now,
            position=share.position,
            area=placement.area.title if placement else None,
            distance=placement.distance if placement else None,
            inside=placement.inside if placement else None,
            address=address,
            evidence=_judge(share, last, placement, now),
            progress=Progress(State.RECORDED, share.shared_at, next_at=now),
            sends=1,
        )


def _refuse(share: Share, near: Iterable[Punch | None], placement: Placement | None) -> Repeated | Outside | None:
    same = next((punch for punch in near if punch is not None and _is_repeat(share, punch)), None)
    if same is not None:
        return Repeated(same, redelivered=False)
    if placement is not None and placement.area.enforce and not placement.inside:
        return Outside(placement.area.title, placement.distance)
    return None


def _load_next(connection: Connection, telegram_id: int, now: datetime) -> PunchState:
    link = links.find_link(connection, telegram_id)
    if link is None:
        return PunchState.CHECK_IN
    return choose_next(link, punches.load_last_punch(connection, link.company, link.emp_code), now)


def choose_next(link: Link, last: Punch | None, now: datetime) -> PunchState:
    """Our own last punch or the one BioTime told of (a terminal's, perhaps), whichever is later."""
    candidates = [(last.punched_at, last.punch_state)] if last is not None else []
    if link.last_punch_at is not None and link.last_punch_state is not None:
        candidates.append((link.last_punch_at, link.last_punch_state))
    before = [candidate for candidate in candidates if candidate[0] <= now]
    at, state = max(before, default=(None, None), key=lambda candidate: candidate[0])
    return next_punch_state(state, at, now)


def _is_repeat(share: Share, last: Punch) -> bool:
    return is_repeat(last.punched_at, share.shared_at, _is_other(share.chosen, last), stale=_is_stale(share, last))


def _is_stale(share: Share, last: Punch) -> bool:
    """The button pressed was the one pressed for the last punch: no newer keyboard was there, or not yet."""
    if share.offered_at is None or share.chosen is not None or last.punched_at > share.shared_at:
        return False
    return share.offered_at < last.recorded_at or _is_older(share)


def _is_older(share: Share) -> bool:
    """Sent from an earlier keyboard than the one we know."""
    return share.offered_at is None or share.shared_at < share.offered_at - CLOCKS_APART


def _intended(share: Share, link: Link, last: Punch | None) -> PunchState:
    """What the person chose, else what the pressed button said, else what comes next.

    A button counts where it is known which one it was: one offered after the last punch. One that would end what began
    too long ago does not (`Overdue` takes it from the screen, when it reaches the chat).
    """
    if share.chosen is not None:
        return share.chosen
    following = choose_next(link, last, share.shared_at)
    if share.offered is None or _is_older(share) or (last is not None and _is_stale(share, last)):
        return following
    began = last.punched_at if last is not None else link.last_punch_at
    overdue = began is not None and share.shared_at - began >= LONGEST_SHIFT
    return following if overdue and share.offered in ENDING else share.offered


def _is_other(chosen: PunchState | None, last: Punch) -> bool:
    return chosen is not None and chosen is not last.punch_state


def _judge(share: Share, last: Punch | None, placement: Placement | None, now: datetime) -> tuple[Evidence, ...]:
    earlier = []
    if last is not None and last.position is not None:
        earlier.append(evidence.Share(last.position, last.punched_at, last.recorded_at))
    this = evidence.Share(share.position, share.shared_at, now, live=share.live)
    return evidence.build_evidence(this, earlier, placement)
