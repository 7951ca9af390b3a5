"""Who is told about somebody: their managers or who stands in for them; HR, where none of them can be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.facts import Rules, Site
from bot.services.sites import write_site
from bot.services.staff import Staff, load_staff_of
from bot.store import alert_recipients, alerts, facts, links, manager_settings, managers
from bot.store.alert_recipients import Told
from bot.store.filed import Filed
from bot.store.messages import New, Topic


class Reach:
    """As of one moment, in one transaction. `unlinked`: (manager, who of HR is told that they have not linked).
    `involved`: who is told of others, and of whom it therefore makes a difference who they are.
    """

    def __init__(self, connection: Connection, company: str, staff: Staff, now: datetime) -> None:
        self._connection = connection
        self._company = company
        self._staff = staff
        self._hr = sorted({link.emp_code for link, _ in links.find_hr(connection, company)})
        self._away = find_away(connection, company, now)
        self._delay = manager_settings.load_alert_settings(connection, company).delay
        self._linked: dict[str, bool] = {}
        self._found: dict[Filed, dict[str, timedelta]] = {}
        self.unlinked: set[tuple[str, str]] = set()
        acting = {code for some in staff.stand_ins.values() for code in some}
        self.involved = acting.union(self._hr, (manager.emp_code for manager in staff.managers))

    def find(self, emp_code: str) -> Mapping[str, timedelta]:
        """Each with how long after somebody was due they want to know."""
        person, who = self._staff.roster.people.get(emp_code), emp_code if emp_code in self.involved else ""
        return self.find_filed(Filed(who, person.department_id, person.area_ids) if person else Filed(who, None, ()))

    def find_filed(self, filed: Filed) -> Mapping[str, timedelta]:
        """Likewise of all who are filed there."""
        if filed not in self._found:
            self._found[filed] = self._find(filed)
        return self._found[filed]

    def _find(self, filed: Filed) -> dict[str, timedelta]:
        wanted = {
            acting: manager.delay
            for manager in self._staff.managers_of(filed)
            for acting in self._staff.acting_for(manager.emp_code)
            if acting != filed.emp_code
        }
        told = {code: delay for code, delay in wanted.items() if self._is_linked(code)}
        self.unlinked |= {(code, hr) for code in wanted if code not in told for hr in self._hr}
        if all(code in self._away for code in told):
            # Nobody, or only people who are not there themselves.
            told |= {code: self._delay for code in self._hr if code not in told and code != filed.emp_code}
        return told

    def _is_linked(self, emp_code: str) -> bool:
        if emp_code not in self._linked:
            self._linked[emp_code] = bool(links.find_links_of_employee(self._connection, self._company, emp_code))
        return self._linked[emp_code]


def find_delays(
    connection: Connection, company: str, emp_codes: Iterable[str], rules: Rules, now: datetime
) -> dict[str, timedelta]:
    """Of whom one of their managers wants to know sooner than the rules say, and how soon."""
    if all(manager.delay >= rules.delay for manager in managers.load_managers(connection, company)):
        return {}
    staff = load_staff_of(connection, company, emp_codes, now)
    shortest = {
        code: min((manager.delay for manager in staff.managers_of(person)), default=rules.delay)
        for code, person in staff.roster.people.items()
    }
    return {code: delay for code, delay in shortest.items() if delay < rules.delay}


def find_away(connection: Connection, company: str, now: datetime) -> set[str]:
    """Who is missing themselves, or on leave now."""
    return alerts.load_absent(connection, company) | facts.load_on_leave(connection, company, now)


def spread(connection: Connection, company: str, found: Iterable[tuple[Told, Site]]) -> list[New]:
    """Keeps who is told of whom; returns the cards that this is on, each when the first of its people is due."""
    rows = list(found)
    alert_recipients.add_told(connection, company, [told for told, _ in rows])
    due: dict[tuple[str, Site], datetime] = {}
    for told, site in rows:
        key = (told.recipient, site)
        due[key] = min(due.get(key, told.due_at), told.due_at)
    return [New(recipient, Topic.CARD, site.key, at, write_site(site)) for (recipient, site), at in due.items()]
