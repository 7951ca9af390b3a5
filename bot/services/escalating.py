"""What no manager has looked at goes on to who is above them (`ladder`): each person once for each of the missing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from sqlalchemy import Connection

from bot.attendance.facts import Site
from bot.database import Database
from bot.services.cards import compose_card
from bot.services.ladder import Ladder, Times
from bot.services.reaching import Reach, spread
from bot.services.sites import read_site
from bot.services.staff import load_staff_of
from bot.services.tenants import Tenants
from bot.store import alert_recipients, alerts, outbox
from bot.store.alert_recipients import Told
from bot.store.attending import load_unseen
from bot.store.messages import Message, New, Topic

# A card of this morning is history in the evening.
RECENT = timedelta(hours=8)
# So many rows are written at once: of more the loop would do nothing else for too long.
AT_ONCE = 1_000


_Lying = Mapping[str, Times]
"""Of whom a card has told that nobody has looked at since, and who was told of each."""


class Escalating:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> int:
        """Returns how many people were told of a card that somebody else has left alone."""
        now, told = self._now(), 0
        for company in self._tenants.companies:
            for one in await self._db.read_aside(partial(_find_left, company=company, now=now)):
                told += await self._tell(company, one, now)
        return told

    async def _tell(self, company: str, left: "_Left", now: datetime) -> int:
        """The rows last: whoever has none is found again."""
        told = await self._db.write(lambda c: outbox.add_once(c, company, left.notes, now))
        for n in range(0, len(left.rows), AT_ONCE):
            some = [(row, left.site) for row in left.rows[n : n + AT_ONCE]]
            told += await self._db.write(partial(_spread, company=company, rows=some, now=now))
        return told


def _spread(connection: Connection, *, company: str, rows: list[tuple[Told, Site]], now: datetime) -> int:
    return outbox.add_messages(connection, company, spread(connection, company, rows), now)


@dataclass(frozen=True, slots=True)
class _Left:
    """Of a card that nobody has looked at: who is told of whom instead, and that they are."""

    site: Site
    rows: list[Told]
    notes: list[New]


def _find_left(connection: Connection, *, company: str, now: datetime) -> list[_Left]:
    ladder, found, told = Ladder(connection, company, now), list[_Left](), dict[Site, _Tellings]()
    # Of two who have let the same lie, one is enough.
    passed_on = defaultdict[tuple[str, str], dict[str, datetime]](dict)
    for message in outbox.find_ignored(connection, company, now - RECENT):
        wait, site, rows = ladder.wait_of(message.emp_code), read_site(message.payload), list[Told]()
        if not wait:
            continue
        if site not in told:
            told[site] = _Tellings(connection, company, site, now)
        lying = _find_lying(connection, message, told[site], now - wait, now)
        for code, times in lying.items():
            known = passed_on[code, site.instance]
            for recipient in ladder.find_next(message.emp_code, code, {**times, **known}):
                known[recipient] = now
                rows.append(Told(recipient, code, site.instance, now, message.emp_code))
        if rows:
            found.append(_Left(site, rows, _write_notes(message, rows, lying, now)))
    return found


def _write_notes(message: Message, rows: Iterable[Told], lying: _Lying, now: datetime) -> list[New]:
    told_at = max(lying[row.emp_code][message.emp_code] for row in rows)
    key, payload = f"{message.id} {told_at:%Y-%m-%d %H:%M:%S}", {"message": message.id, "told_at": told_at.isoformat()}
    return [New(code, Topic.ESCALATED, key, now, payload) for code in sorted({row.recipient for row in rows})]


class _Tellings:
    """Of one shift at one place: who was told of whom, and who has looked at it. Many cards are of the same one."""

    def __init__(self, connection: Connection, company: str, site: Site, now: datetime) -> None:
        self._connection = connection
        self._company = company
        self._site = site
        self._now = now
        self.cards = outbox.load_sent_of(connection, company, Topic.CARD, site.key)
        self.of = defaultdict[str, dict[str, Told]](dict)
        self.to = defaultdict[str, list[Told]](list)
        for one in alert_recipients.load_tellings(connection, company, site.instance):
            self.of[one.emp_code][one.recipient] = one
            self.to[one.recipient].append(one)

    @cached_property
    def unnamed(self) -> dict[str, Mapping[str, object]]:
        """Whom an incident, or late data, leaves unnamed, and who is responsible for them."""
        connection, company = self._connection, self._company
        if all(one.ended_at is not None for one in alerts.load_of_site(connection, company, self._site)):
            return {}
        codes = load_unseen(connection, company, self._site)
        reach = Reach(connection, company, load_staff_of(connection, company, codes, self._now), self._now)
        return {code: reach.find(code) for code in codes}

    def is_passed_on(self, emp_code: str, by: str) -> bool:
        return any(one.left_by == by for one in self.of[emp_code].values())

    def find_times(self, emp_code: str) -> Times:
        """To whom it was passed on has it from then on, or from when it came."""
        told = {}
        for recipient, one in self.of[emp_code].items():
            card = self.cards.get(recipient)
            came_at = card.sent_at if card and card.sent_at else one.due_at
            if one.named_at or one.left_by:
                told[recipient] = one.named_at or max(one.due_at, came_at)
        return told

    def is_seen(self, told: Times) -> bool:
        return any(one in self.cards and self.cards[one].is_seen_since(at) for one, at in told.items())


def _find_lying(connection: Connection, message: Message, told: _Tellings, until: datetime, now: datetime) -> _Lying:
    """Of whom this manager heard by then, and at whom nobody who was told of them has looked since."""
    named, unnamed = _find_named(message, told, until), _find_unnamed(message, told, until)
    if not named and not unnamed:
        return {}
    card = compose_card(connection, message, now)
    missing = {one.alert.emp_code for one in card.missing}
    lying = {code: times for code, times in named.items() if code in missing}
    lying |= unnamed if card.is_unnamed else {}
    return {} if card.over else lying


def _find_named(message: Message, told: _Tellings, until: datetime) -> dict[str, Times]:
    asked = message.emp_code
    heard = [one.emp_code for one in told.to[asked] if one.named_at and one.named_at <= until]
    times = {code: told.find_times(code) for code in heard if not told.is_passed_on(code, asked)}
    return {code: some for code, some in times.items() if not told.is_seen(some)}


def _find_unnamed(message: Message, told: _Tellings, until: datetime) -> dict[str, Times]:
    asked, sent_at, found = message.emp_code, message.sent_at, dict[str, Times]()
    if sent_at is None or sent_at > until:
        return found
    named = {one.emp_code for one in told.to[asked] if one.named_at}
    for code, responsible in told.unnamed.items():
        here = {one: card.sent_at for one in responsible if (card := told.cards.get(one)) and card.sent_at}
        times = {**here, **told.find_times(code)}
        # What has only been written into a card that was there is not told yet.
        heard = asked in times and times[asked] <= sent_at and code not in named
        if heard and not told.is_passed_on(code, asked) and not told.is_seen(times):
            found[code] = times
    return found
