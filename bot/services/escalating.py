"""What no manager has looked at goes on to their own managers, and where there are none to HR."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

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


class Escalating:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> int:
        """Returns how many people were told of a card that somebody else has left alone."""
        now, told = self._now(), 0
        for company in self._tenants.companies:
            told += await self._db.write(partial(_escalate, company=company, now=now))
        return told


def _escalate(connection: Connection, *, company: str, now: datetime) -> int:
    ignored = outbox.find_ignored(connection, company, now - RECENT)
    chosen = managers.load_manager_settings(connection, company) if ignored else {}
    late = [
        message
        for message, sent_at in ignored
        if timedelta(0) < chosen.get(message.emp_code, ManagerSettings()).escalate <= now - sent_at
    ]
    if not late:
        return 0
    staff = load_staff(connection, company, now)
    told = 0
    for message in late:
        card = compose_card(connection, message, now)
        rows = (
            []
            if card.over
            else [*_find_left(connection, card, message, now), *_find_unseen(connection, card, message, now)]
        )
        if not rows:
            continue
        for code in _find_next(connection, staff, company, message.emp_code):
            ignored_by = New(code, Topic.ESCALATED, f"{message.id}", now, {"message": message.id})
            if outbox.add_once(connection, company, [ignored_by], now):
                theirs = [(replace(row, recipient=code), card.site) for row in rows]
                told += 1 + outbox.add_messages(connection, company, spread(connection, company, theirs), now)
    return told


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


def _find_next(connection: Connection, staff: Staff, company: str, emp_code: str) -> list[str]:
    person = staff.roster.people.get(emp_code)
    above = staff.managers_of(person) if person else ()
    found = {code for one in above for code in staff.acting_for(one.emp_code)} - {emp_code}
    linked = sorted(code for code in found if links.find_links_of_employee(connection, company, code))
    hr = sorted({link.emp_code for link, _ in links.find_hr(connection, company)} - {emp_code})
    return linked or hr
