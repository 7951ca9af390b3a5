"""Whose people are on a manager's card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, true

from bot.services.reaching import Reach
from bot.services.sites import read_site
from bot.services.staff import load_staff_of
from bot.store import alert_recipients, filed, links, managers
from bot.store.attending import inside, load_codes
from bot.store.messages import Message
from bot.store.roster_tables import roster_people
from bot.store.statements import among


@dataclass(frozen=True, slots=True)
class Whose:
    """`mine`: which of the roster's people are a manager's. `told`: of whom they were, or will be; `later`: of these
    another time; `unheard`: of these they have not been told with a sound."""

    mine: ColumnElement[bool]
    told: frozenset[str]
    later: frozenset[str]
    unheard: frozenset[str]


def load_whose(connection: Connection, message: Message, now: datetime) -> Whose:
    """Those whom they manage, of whom they are told because nobody else can be, and who were left to them."""
    company, asked, site = message.company, message.emp_code, read_site(message.payload)
    told = alert_recipients.load_told(connection, company, (asked, site.instance), now)
    known = frozenset(one.emp_code for one in told)
    left = {one.emp_code for one in told if one.is_left}
    is_hr = any(link.emp_code == asked for link, _ in links.find_hr(connection, company))
    return Whose(
        mine=(_of_hr if is_hr else _of_manager)(connection, message, left, known, now),
        told=known,
        later=frozenset(one.emp_code for one in told if one.is_early),
        unheard=frozenset(one.emp_code for one in told if not one.is_named),
    )


def _of_manager(
    connection: Connection, message: Message, left: set[str], known: Collection[str], now: datetime
) -> ColumnElement[bool]:
    """By where people are filed; one by one only those who are managers themselves, for nobody is their own."""
    company, asked = message.company, message.emp_code
    handed_over = [one.emp_code for one in managers.load_stand_ins(connection, company, now)]
    staff = load_staff_of(connection, company, handed_over, now)
    rights = staff.rights_of(asked)
    places, code = staff.places_of(rights), roster_people.c.emp_code
    others = {person.emp_code for person in staff.people_of(asked) if person.emp_code in rights}
    theirs = and_(true() if places is None else inside(*places), code.not_in(sorted(rights)))
    return or_(theirs, among(connection, code, left | others))


def _of_hr(
    connection: Connection, message: Message, left: set[str], known: Collection[str], now: datetime
) -> ColumnElement[bool]:
    company, asked, site = message.company, message.emp_code, read_site(message.payload)
    code = roster_people.c.emp_code
    reach = Reach(connection, company, load_staff_of(connection, company, [], now), now)
    places = filed.find_everybody(connection, company, site, reach.involved)
    if all(asked in reach.find_filed(place) for place in places if place.emp_code != asked):
        return or_(code != asked, among(connection, code, left.union(known) & {asked}))
    here = load_codes(connection, company, site)
    staff = load_staff_of(connection, company, here, now)
    reach, mine = Reach(connection, company, staff, now), {one.emp_code for one in staff.people_of(asked)} | left
    mine |= {one for one in here if one in known or asked in reach.find(one)}
    return among(connection, code, mine) if mine else true()
