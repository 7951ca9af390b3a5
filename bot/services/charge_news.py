"""Whoever is given people hears of it, and of the end: who stands in for a manager, and who becomes one. Who was not
logged in then hears of it at their log-in, if it still is so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.services.staff import load_staff
from bot.store import managers, outbox, roster
from bot.store.managers import Manager, Scope, StandIn
from bot.store.messages import Message, New, Topic

# It ends at midnight, which is no time to be told so.
MORNING = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class StandingIn:
    """To who stands in for `manager`."""

    manager: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class HandedBack:
    """`other` is who stood in, where the manager reads it; else the manager."""

    other: str
    is_manager: bool


@dataclass(frozen=True, slots=True)
class Appointed:
    scope: Scope
    scope_name: str
    people: int


ChargeNews = StandingIn | HandedBack | Appointed


def tell_begun(connection: Connection, period: StandIn, now: datetime) -> None:
    key, payload = str(period.id), {"stand_in": period.id, "until": period.until_at.isoformat()}
    over = period.until_at + MORNING
    news = [
        New(period.stand_in, Topic.STANDING_IN, key, max(now, period.from_at), payload),
        New(period.stand_in, Topic.HANDED_BACK, key, over, payload),
        New(period.emp_code, Topic.HANDED_BACK, key, over, payload),
    ]
    outbox.add_messages(connection, period.company, news, now)


def tell_ended(connection: Connection, ended: Iterable[StandIn], now: datetime) -> None:
    """Before its time: whoever took it back knows, and who stood in hears of it at once."""
    for one in ended:
        payload = {"stand_in": one.id, "until": one.until_at.isoformat()}
        news = [New(one.stand_in, Topic.HANDED_BACK, str(one.id), now, payload)]
        outbox.add_messages(connection, one.company, news, now)


def tell_appointed(connection: Connection, manager: Manager, now: datetime) -> None:
    news = [New(manager.emp_code, Topic.APPOINTED, str(manager.id), now, {"manager": manager.id})]
    outbox.add_once(connection, manager.company, news, now)


def tell_at_log_in(connection: Connection, company: str, emp_code: str, now: datetime) -> None:
    outbox.revive(connection, company, emp_code, (Topic.STANDING_IN, Topic.APPOINTED), now)


def compose_standing_in(connection: Connection, message: Message, now: datetime) -> StandingIn | None:
    found = managers.find_stand_in(connection, message.payload["stand_in"])
    if found is None or found.until_at <= now:
        return None
    return StandingIn(_name(connection, found.company, found.emp_code), found.until_at)


def compose_handed_back(connection: Connection, message: Message, now: datetime) -> HandedBack | None:
    """None where it goes on in another period, or the manager has taken it back."""
    found = managers.find_stand_in(connection, message.payload["stand_in"])
    if found is None or found.until_at > now:
        return None
    is_manager = message.emp_code == found.emp_code
    running = managers.load_stand_ins(connection, found.company, now)
    goes_on = any(one.emp_code == found.emp_code and (is_manager or one.stand_in == found.stand_in) for one in running)
    if goes_on or (is_manager and found.until_at < datetime.fromisoformat(message.payload["until"])):
        return None
    other = found.stand_in if is_manager else found.emp_code
    return HandedBack(_name(connection, found.company, other), is_manager)


def compose_appointed(connection: Connection, message: Message, now: datetime) -> Appointed | None:
    manager = managers.find_manager(connection, message.payload["manager"])
    if manager is None:
        return None
    people = load_staff(connection, manager.company, now).members_of_manager(manager.emp_code, manager.emp_code)
    return Appointed(manager.scope, manager.scope_name, len(people))


def _name(connection: Connection, company: str, emp_code: str) -> str:
    person = roster.find_person(connection, company, emp_code)
    return person.name if person else emp_code
