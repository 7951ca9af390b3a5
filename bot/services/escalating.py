"""What no manager has looked at goes on to their own managers, and where there are none to HR."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.attendance.facts import Site
from bot.database import Database
from bot.services.cards import Card, compose_card
from bot.services.managing import Staff, load_staff, load_staff_of
from bot.services.reaching import Reach, spread
from bot.services.tenants import Tenants
from bot.store import alert_recipients, links, managers, outbox
from bot.store.alert_recipients import Told
from bot.store.attending import load_unseen
from bot.store.managers import ManagerSettings
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
            left = await self._db.read_aside(partial(_find_ignored, company=company, now=now))
            for one in left:
                told += await self._tell(company, one, now)
        return told

    async def _tell(self, company: str, left: "_Left", now: datetime) -> int:
        """Last, that it was left alone: until that is kept, all of it is found again."""
        told, rows = 0, [(replace(row, recipient=code), left.site) for code in left.following for row in left.rows]
        for n in range(0, len(rows), AT_ONCE):
            told += await self._db.write(partial(_spread, company=company, rows=rows[n : n + AT_ONCE], now=now))
        payload = {"message": left.message.id}
        ignored = [New(code, Topic.ESCALATED, f"{left.message.id}", now, payload) for code in left.following]
        return told + await self._db.write(lambda c: outbox.add_once(c, company, ignored, now))


def _spread(connection: Connection, *, company: str, rows: list[tuple[Told, Site]], now: datetime) -> int:
    return outbox.add_messages(connection, company, spread(connection, company, rows), now)


@dataclass(frozen=True, slots=True)
class _Left:
    """A card that nobody has looked at, whom it leaves untold, and who is to look next."""

    message: Message
    site: Site
    rows: list[Told]
    following: list[str]


def _find_ignored(connection: Connection, *, company: str, now: datetime) -> list[_Left]:
    ignored = outbox.find_ignored(connection, company, now - RECENT)
    chosen = managers.load_manager_settings(connection, company) if ignored else {}
    late = [
        message
        for message, sent_at in ignored
        if timedelta(0) < chosen.get(message.emp_code, ManagerSettings()).escalate <= now - sent_at
    ]
    if not late:
        return []
    staff, found = load_staff(connection, company, now), []
    for message in late:
        following = _find_next(connection, staff, message)
        card = compose_card(connection, message, now) if following else None
        if card is None or card.over:
            continue
        rows = [*_find_left(connection, card, message, now), *_find_unseen(connection, card, message, now)]
        if rows:
            found.append(_Left(message, card.site, rows, following))
    return found


def _find_left(connection: Connection, card: Card, message: Message, now: datetime) -> list[Told]:
    """The missing of whose managers none has looked at a card of them."""
    company = message.company
    seers = outbox.find_seers(connection, company, Topic.CARD, card.site.key)
    recipients = alert_recipients.load_recipients(connection, company, [card.site.instance])
    return [
        Told("", code, card.site.instance, now, message.emp_code)
        for code in (one.alert.emp_code for one in card.missing)
        if seers.isdisjoint(recipients.get((code, card.site.instance), ()))
    ]


def _find_unseen(connection: Connection, card: Card, message: Message, now: datetime) -> list[Told]:
    """Likewise whom an incident, or late data, leaves unnamed."""
    if not (card.incident or card.stale):
        return []
    company, site = message.company, card.site
    seers = outbox.find_seers(connection, company, Topic.CARD, site.key)
    waited_for = load_unseen(connection, company, site)
    reach = Reach(connection, company, load_staff_of(connection, company, waited_for, now), now)
    told = {code: reach.find(code).keys() for code in waited_for}
    left = [code for code, them in told.items() if message.emp_code in them and seers.isdisjoint(them)]
    return [Told("", code, site.instance, now, message.emp_code) for code in left]


def _find_next(connection: Connection, staff: Staff, message: Message) -> list[str]:
    """Who has not heard yet that it was left alone."""
    company, emp_code = message.company, message.emp_code
    person = staff.roster.people.get(emp_code)
    above = staff.managers_of(person) if person else ()
    found = {code for one in above for code in staff.acting_for(one.emp_code)} - {emp_code}
    linked = sorted(code for code in found if links.find_links_of_employee(connection, company, code))
    hr = sorted({link.emp_code for link, _ in links.find_hr(connection, company)} - {emp_code})
    known = outbox.find_told(connection, company, Topic.ESCALATED, f"{message.id}")
    return [code for code in linked or hr if code not in known]
