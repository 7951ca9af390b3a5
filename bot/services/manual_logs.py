"""A person reports a punch they forgot: kept first, then filed as a manual log by `sending`.

Everybody asks for themselves: the employee comes from the link, never from the request.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.direction import LONGEST_SHIFT, missing_punch_state
from bot.attendance.model import PunchState
from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError
from bot.biotime.time_cards import TimeCard
from bot.database import Database
from bot.services.keeping import keep, new_ref
from bot.services.sending import Sending
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch

# What only helps to choose is not waited for long.
PATIENCE = timedelta(seconds=4)
# A punch of the same kind this near is the same punch.
SAME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownDay:
    """What is known of a day before somebody says what is missing: scheduled times and punches, the company's clock."""

    scheduled: tuple[time, ...] = ()
    punched: tuple[tuple[datetime, PunchState], ...] = ()
    reached: bool = True
    ends: time | None = None
    """Which of the scheduled times ends the day's work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A forgotten punch as the person confirmed it. `source` is the card, `message_id` that which is edited from now
    on; `note` their reason."""

    source: str
    chat_id: int
    message_id: int | None
    language: str
    at: datetime
    punch_state: PunchState
    note: str


@dataclass(frozen=True, slots=True)
class Twin:
    """There is one of that kind at that time already: a punch, or what was asked for before on whichever device."""

    punch: Punch

    @property
    def is_request(self) -> bool:
        return self.punch.progress.asked_at is not None


class ManualLogs:
    """`days_back`: how long ago a punch may lie that is reported."""

    def __init__(
        self,
        *,
        db: Database,
        tenants: Tenants,
        sessions: Sessions,
        sending: Sending[Punch],
        days_back: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._tenants = tenants
        self._sessions = sessions
        self._sending = sending
        self.days_back = days_back
        self._now = now

    # -- asking --------------------------------------------------------------------------------------------------------

    async def load_day(self, link: Link, day: date) -> KnownDay:
        """Without BioTime, what went through this bot."""
        zone = self._tenants.zone_of(link.company)
        start = datetime.combine(day, time(), zone)
        own = await self._db.read(lambda c: punches.load_times(c, link.company, link.emp_code, start - LONGEST_SHIFT))
        ours = [(at, kind) for at, kind in own if at < start + timedelta(days=1)]
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                cards = await self._sessions.call(link, lambda client, token: _fetch_cards(client, token, link, day))
        except (SessionOver, BioTimeError, TimeoutError):
            return KnownDay((), tuple(sorted(ours)), reached=False)
        scheduled = sorted({at.time() for card in cards for at in _scheduled(card) if at.date() == day})
        ends = [end.time() for card in cards for end in _scheduled(card)[1:] if end.date() == day]
        listed = [pair for card in cards for pair in _punches_of(card, zone)]
        return KnownDay(tuple(scheduled), _merge(ours, listed), ends=max(ends, default=None))

    async def ask(self, link: Link, asked: Asked) -> Punch | Twin:
        """Keeps it and sets it going, once."""

        def store(connection: Connection) -> tuple[Punch, protocol.Step | None] | Twin:
            links.lock_employee(connection, link.company, link.emp_code)
            known = punches.find_by_source(connection, asked.source)
            if known is not None:
                return known, None
            twin = _find_twin(connection, link, asked)
            if twin is not None:
                return twin
            return keep(connection, self._sending, self._build(link, asked), self._now)

        kept = await self._db.write(store)
        if isinstance(kept, Twin):
            return kept
        punch, step = kept
        if step is not None:
            self._sending.ring(punch, step, link)
        return punch

    async def is_kept(self, source: str) -> bool:
        return await self._db.read(lambda c: punches.find_by_source(c, source)) is not None

    def _build(self, link: Link, asked: Asked) -> Punch:
        now = self._now()
        return Punch(
            id=0,
            ref=new_ref(),
            source=asked.source,
            link_id=link.id,
            company=link.company,
            emp_code=link.emp_code,
            chat_id=asked.chat_id,
            language=asked.language,
            punch_state=asked.punch_state,
            recorded_at=now,
            position=None,
            area=None,
            distance=None,
            inside=None,
            address=None,
            evidence=(),
            progress=protocol.ask(asked.at, now),
            message_id=asked.message_id,
            # Without a card to edit, the one message is still to be sent.
            sends=0 if asked.message_id else 1,
            note=asked.note,
        )


def suggest_kind(known: KnownDay, at: datetime) -> PunchState:
    """What is most likely missing at that time, among the punches around it. `at` in the company's zone."""
    ends_at = None if known.ends is None else datetime.combine(at.date(), known.ends, at.tzinfo)
    return missing_punch_state(known.punched, at, ends_at)


def _find_twin(connection: Connection, link: Link, asked: Asked) -> Twin | None:
    """A punch proper comes before a request."""
    near = punches.load_punches(connection, link.company, link.emp_code, asked.at - SAME)
    twins = [
        Twin(one)
        for one in near
        if one.counts and one.punch_state is asked.punch_state and abs(one.punched_at - asked.at) < SAME
    ]
    return min(twins, key=lambda twin: twin.is_request, default=None)


async def _fetch_cards(client: BioTimeClient, token: str, link: Link, day: date) -> list[TimeCard]:
    """Of that day and of the one before, whose night ends in it."""
    first = day - timedelta(days=1)
    rows = client.fetch_time_cards(token, first, day, employees=link.emp_id)
    return [card async for card in rows if card.emp_code == link.emp_code and first <= card.workdate <= day]


def _scheduled(card: TimeCard) -> list[datetime]:
    """When it begins and ends by the clock on the wall. An end not after its beginning is on the next day."""
    if not card.timetable or card.check_in is None or card.check_out is None:
        return []
    days = timedelta(days=1 if card.check_out <= card.check_in else 0)
    return [datetime.combine(card.workdate, card.check_in), datetime.combine(card.workdate, card.check_out) + days]


def _punches_of(card: TimeCard, zone: ZoneInfo) -> list[tuple[datetime, PunchState]]:
    """The effective ones. An end before its beginning is on the next day."""
    found = []
    if card.clock_in is not None:
        found.append((datetime.combine(card.workdate, card.clock_in, zone), PunchState.CHECK_IN))
    if card.clock_out is not None:
        night = card.clock_in is not None and card.clock_out < card.clock_in
        day = card.workdate + timedelta(days=1 if night else 0)
        found.append((datetime.combine(day, card.clock_out, zone), PunchState.CHECK_OUT))
    return found


def _merge(
    ours: list[tuple[datetime, PunchState]], listed: list[tuple[datetime, PunchState]]
) -> tuple[tuple[datetime, PunchState], ...]:
    """A time card has no seconds, so a punch within the minute is the same."""
    fresh = [pair for pair in listed if all(abs(pair[0] - at) >= SAME or pair[1] is not kind for at, kind in ours)]
    return tuple(sorted([*ours, *fresh]))
