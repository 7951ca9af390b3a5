"""What no manager has looked at goes on to who is above them (`ladder`): each person once for each of the missing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.attendance.facts import Site
from bot.database import Database
from bot.services.cards import compose_card
from bot.services.ladder import Ladder, Times
from bot.services.managing import load_staff_of
from bot.services.reaching import Reach, spread
from bot.services.sites import read_site
from bot.services.tenants import Tenants
from bot.store import alert_recipients, alerts, outbox
from bot.store.alert_recipients import Told
from bot.store.attending import load_unseen
from bot.store.outbox import Message, New, Topic

# A card of this morning is history in the evening.
RECENT = timedelta(hours=8)
# So many rows are written at once: of more the loop would do nothing else for too long.
AT_ONCE = 1_000


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
    ladder, found = Ladder(connection, company, now), list[_Left]()
    # Of two who have let the same lie, one is enough.
    passed_on = defaultdict[tuple[str, str], dict[str, datetime]](dict)
    for message in outbox.find_ignored(connection, company, now - RECENT):
        wait = ladder.wait_of(message.emp_code)
        lying = _Lying(connection, message, now).find(now - wait) if wait else {}
        site, rows = read_site(message.payload), list[Told]()
        for code, told in lying.items():
            known = passed_on[code, site.instance]
            for recipient in ladder.find_next(message.emp_code, code, {**told, **known}):
                known[recipient] = now
                rows.append(Told(recipient, code, site.instance, now, message.emp_code))
        if rows:
            found.append(_Left(site, rows, _write_notes(message, rows, lying, now)))
    return found


def _write_notes(message: Message, rows: Iterable[Told], lying: Mapping[str, Times], now: datetime) -> list[New]:
    told_at = max(lying[row.emp_code][message.emp_code] for row in rows)
    key, payload = f"{message.id} {told_at:%Y-%m-%d %H:%M:%S}", {"message": message.id, "told_at": told_at.isoformat()}
    return [New(code, Topic.ESCALATED, key, now, payload) for code in sorted({row.recipient for row in rows})]


class _Lying:
    """A manager's card that they have not looked at since it came: whom it leaves to others."""

    def __init__(self, connection: Connection, message: Message, now: datetime) -> None:
        self._connection = connection
        self._message = message
        self._company = message.company
        self._site = read_site(message.payload)
        self._now = now
        self._tellings = defaultdict[str, list[Told]](list)
        for one in alert_recipients.load_tellings(connection, message.company, self._site.instance):
            self._tellings[one.emp_code].append(one)
        self._cards = outbox.load_sent_of(connection, message.company, Topic.CARD, self._site.key)

    def find(self, until: datetime) -> dict[str, Times]:
        """Of whom this manager heard by then, and at whom nobody who was told of them has looked since."""
        named, unnamed = self._find_named(until), self._find_unnamed(until)
        if not named and not unnamed:
            return {}
        card = compose_card(self._connection, self._message, self._now)
        missing = {one.alert.emp_code for one in card.missing}
        left = {code: told for code, told in named.items() if code in missing}
        left |= unnamed if card.is_unnamed else {}
        return {} if card.over else {code: told for code, told in left.items() if not self._is_seen(told)}

    def _find_named(self, until: datetime) -> dict[str, Times]:
        found: dict[str, Times] = {}
        for code, tellings in self._tellings.items():
            mine = next((one for one in tellings if one.recipient == self._message.emp_code), None)
            if mine and mine.named_at and mine.named_at <= until and not self._is_passed_on(code):
                found[code] = self._find_times(tellings)
        return found

    def _find_unnamed(self, until: datetime) -> dict[str, Times]:
        """Whom an incident, or late data, leaves unnamed."""
        connection, company, site, asked = self._connection, self._company, self._site, self._message.emp_code
        sent_at = self._message.sent_at
        waiting = any(one.ended_at is None for one in alerts.load_of_site(connection, company, site))
        if not waiting or sent_at is None or sent_at > until:
            return {}
        codes = load_unseen(connection, company, site)
        reach = Reach(connection, company, load_staff_of(connection, company, codes, self._now), self._now)
        found: dict[str, Times] = {}
        for code in codes:
            tellings = self._tellings.get(code, [])
            told = {one: card.sent_at for one in reach.find(code) if (card := self._cards.get(one)) and card.sent_at}
            told |= self._find_times(tellings)
            named = any(one.recipient == asked and one.named_at for one in tellings)
            # What has only been written into a card that was there is not told yet.
            heard = asked in told and told[asked] <= sent_at
            if heard and not named and not self._is_passed_on(code):
                found[code] = told
        return found

    def _is_passed_on(self, emp_code: str) -> bool:
        return any(one.left_by == self._message.emp_code for one in self._tellings.get(emp_code, ()))

    def _find_times(self, tellings: Iterable[Told]) -> Times:
        """To whom it was passed on has it from then on, or from when it came."""
        told = {}
        for one in tellings:
            card = self._cards.get(one.recipient)
            came_at = card.sent_at if card and card.sent_at else one.due_at
            if one.named_at or one.left_by:
                told[one.recipient] = one.named_at or max(one.due_at, came_at)
        return told

    def _is_seen(self, told: Times) -> bool:
        return any(one in self._cards and self._cards[one].is_seen_since(at) for one, at in told.items())
