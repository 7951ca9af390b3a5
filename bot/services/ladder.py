"""Who is above whom, for what a manager has let lie: their managers, those managers' own, and at the end HR."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Connection

from bot.services.reaching import find_away
from bot.services.staff import Staff, load_staff
from bot.store import links, manager_settings
from bot.store.manager_settings import ManagerSettings

Times = Mapping[str, datetime]
"""Who was told of somebody, and when."""


class Ladder:
    """As of one moment, in one transaction. Who is not there, or has handed over, is passed over."""

    def __init__(self, connection: Connection, company: str, now: datetime) -> None:
        self._connection = connection
        self._company = company
        self._now = now
        self._linked: dict[str, bool] = {}

    def wait_of(self, emp_code: str) -> timedelta:
        """How long a card of theirs may lie; zero: for ever."""
        return self._chosen.get(emp_code, ManagerSettings()).escalate

    def find_next(self, emp_code: str, about: str, told: Times) -> list[str]:
        """Who is to be told of `about`, whom `emp_code` has let lie. `told` are not told again; where one of them may
        yet look at it, that is nobody.
        """
        barred = {about, emp_code}
        # Their own managers, too: a card that a stand-in let lie comes back to whose people they are.
        if self._have_time(self._find_there(self._find_above([about]), barred), told):
            return []
        # Who stands in for somebody has what is theirs from above them.
        level = set(self._staff.stood_in_for(emp_code, about)) or {emp_code}
        below = set(level)
        while level := self._find_above(level) - below:
            below |= level
            there = self._find_there(level, barred)
            if there and (there - told.keys() or self._have_time(there, told)):
                return self._find_new(there, told)
        hr = self._hr - barred
        # If all of them are away, nevertheless: somebody has to know.
        return self._find_new(set(filter(self._is_there, hr)) or hr, told)

    def _find_new(self, some: Collection[str], told: Times) -> list[str]:
        return [] if self._have_time(some, told) else sorted(code for code in some if code not in told)

    def _have_time(self, some: Collection[str], told: Times) -> bool:
        """Whether one of them has it, and may yet look at it. Who lets cards lie for ever keeps none from others."""
        default = ManagerSettings().escalate
        return any(self._now - told[code] < (self.wait_of(code) or default) for code in some if code in told)

    def _find_above(self, emp_codes: Iterable[str]) -> set[str]:
        people = self._staff.roster.people
        filed = (people[code] for code in emp_codes if code in people)
        return {manager.emp_code for person in filed for manager in self._staff.managers_of(person)}

    def _find_there(self, managers: Iterable[str], barred: Collection[str]) -> set[str]:
        """Who has what is theirs now, and can be told of it."""
        acting = {code for one in managers for code in self._staff.acting_for(one)}.difference(barred)
        return {code for code in acting if self._is_there(code) and self._is_linked(code)}

    def _is_there(self, emp_code: str) -> bool:
        return emp_code not in self._away and emp_code in self._staff.acting_for(emp_code)

    def _is_linked(self, emp_code: str) -> bool:
        if emp_code not in self._linked:
            self._linked[emp_code] = bool(links.find_links_of_employee(self._connection, self._company, emp_code))
        return self._linked[emp_code]

    @cached_property
    def _staff(self) -> Staff:
        return load_staff(self._connection, self._company, self._now)

    @cached_property
    def _away(self) -> set[str]:
        return find_away(self._connection, self._company, self._now)

    @cached_property
    def _hr(self) -> set[str]:
        return {link.emp_code for link, _ in links.find_hr(self._connection, self._company)}

    @cached_property
    def _chosen(self) -> Mapping[str, ManagerSettings]:
        return manager_settings.load_manager_settings(self._connection, self._company)
