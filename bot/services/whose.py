"""Whose people are on a manager's card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.attendance.facts import Facts
from bot.services.managing import load_staff_of
from bot.services.reaching import Reach
from bot.services.sites import read_site
from bot.store import alert_recipients, links
from bot.store.outbox import Message
from bot.store.roster import RosterPerson


@dataclass(frozen=True, slots=True)
class Whose:
    """A site's people who are a manager's. `later`: of these they are to be told another time; `lost`: of these they
    were told, and may ask no more; `unheard`: of these they have not been told with a sound; `people` are all of the
    site, by emp_code."""

    mine: list[Facts]
    later: set[str]
    lost: list[str]
    unheard: frozenset[str]
    people: Mapping[str, RosterPerson]


def load_whose(connection: Connection, message: Message, found: list[Facts], now: datetime) -> Whose:
    """Those whom they manage, of whom they are told because nobody else can be, and who were left to them."""
    company, asked, site = message.company, message.emp_code, read_site(message.payload)
    staff = load_staff_of(connection, company, [one.shift.emp_code for one in found], now)
    told = alert_recipients.load_told(connection, company, site.instance, asked)
    here = {one.shift.emp_code for one in found}
    mine = {person.emp_code for person in staff.people_of(asked)} | {code for code, one in told.items() if one.left_by}
    if any(link.emp_code == asked for link, _ in links.find_hr(connection, company)):
        reach = Reach(connection, company, staff, now)
        mine |= {code for code in here if code in told or asked in reach.find(code)} or (set() if mine else here)
    later = {code for code, one in told.items() if one.due_at > now}
    lost = sorted(here & told.keys() - mine)
    unheard = frozenset(code for code, one in told.items() if one.named_at is None)
    return Whose([one for one in found if one.shift.emp_code in mine], later, lost, unheard, staff.roster.people)
