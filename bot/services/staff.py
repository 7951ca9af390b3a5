"""Whose people are whose: by department with its sub-departments, by area, or all, and who stands in for whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.services.standing_in import find_acting, group_stand_ins
from bot.services.totals import Member
from bot.store import managers as store
from bot.store import roster as rosters
from bot.store.filed import Filed
from bot.store.links import Link
from bot.store.managers import Manager, Scope, StandIn
from bot.store.roster import Roster, RosterPerson, with_parents


@dataclass(frozen=True, slots=True)
class Staff:
    """Who manages whom in one company, at one moment. `stand_ins`: to whom each has handed over; `acting`: who gets
    what is theirs, where that one has handed over as well.
    """

    roster: Roster
    managers: Sequence[Manager]
    stand_ins: Mapping[str, tuple[str, ...]]
    acting: Mapping[str, tuple[str, ...]]
    _of_department: Mapping[int, tuple[Manager, ...]] = field(repr=False)
    _of_area: Mapping[int, tuple[Manager, ...]] = field(repr=False)
    _of_all: tuple[Manager, ...] = field(repr=False)

    @classmethod
    def build(cls, roster: Roster, managers: Sequence[Manager], stand_ins: Iterable[StandIn]) -> "Staff":
        departments = {
            place: tuple(
                m
                for m in managers
                if m.scope is Scope.DEPARTMENT and m.scope_id in with_parents(roster.departments, place)
            )
            for place in {
                *roster.departments,
                *(one.department_id for one in roster.people.values()),
                *(one.scope_id for one in managers if one.scope is Scope.DEPARTMENT),
            }
        }
        areas = {
            place: tuple(
                m for m in managers if m.scope is Scope.AREA and m.scope_id in with_parents(roster.areas, place)
            )
            for place in roster.areas
        }
        direct = group_stand_ins(stand_ins)
        acting = {code: find_acting(code, direct) for code in direct}
        everybody = tuple(m for m in managers if m.scope is Scope.ALL)
        return cls(roster, managers, direct, acting, departments, areas, everybody)

    def managers_of(self, person: RosterPerson | Filed) -> tuple[Manager, ...]:
        """The narrowest first, each manager once: department, area, all. Of whoever is not filed there are none."""
        if person.department_id is None:
            return ()
        nested = (
            self._of_department.get(person.department_id, ()),
            *(self._of_area.get(a, ()) for a in person.area_ids),
        )
        found: dict[str, Manager] = {}
        for manager in (one for some in (*nested, self._of_all) for one in some):
            if manager.emp_code != person.emp_code:
                known = found.get(manager.emp_code)
                if known is None or manager.delay < known.delay:
                    found[manager.emp_code] = manager
        return tuple(found.values())

    def acting_for(self, emp_code: str) -> tuple[str, ...]:
        """Who gets what is this manager's now: whoever stands in, else the manager."""
        return self.acting.get(emp_code) or (emp_code,)

    def people_of(self, emp_code: str) -> list[RosterPerson]:
        """Whom this employee manages now: in their own right, and standing in."""
        return self._managed_by(self.rights_of(emp_code), emp_code)

    def rights_of(self, emp_code: str) -> set[str]:
        """Whose people are theirs now: their own, and of whom they stand in for."""
        return {emp_code, *(code for code in self.stand_ins if self._stands_in(emp_code, code))}

    def _stands_in(self, emp_code: str, manager: str) -> bool:
        """Themselves, or at the end of those who have handed over one after another."""
        return emp_code in (*self.stand_ins.get(manager, ()), *self.acting.get(manager, ()))

    def places_of(self, rights: Collection[str]) -> tuple[set[int], set[int]] | None:
        """The departments and the areas of which all people are managed with these rights; None: everybody is."""
        if any(manager.emp_code in rights for manager in self._of_all):
            return None
        departments, areas = (
            {place for place, some in nested.items() if any(manager.emp_code in rights for manager in some)}
            for nested in (self._of_department, self._of_area)
        )
        return departments, areas

    def _managed_by(self, rights: Collection[str], reader: str) -> list[RosterPerson]:
        return [
            person
            for person in self.roster.people.values()
            if person.emp_code != reader and any(m.emp_code in rights for m in self.managers_of(person))
        ]

    def members_of(self, emp_code: str) -> dict[str, Member]:
        """The same, by emp_code, with what their department is called."""
        return {person.emp_code: self.describe(person) for person in self.people_of(emp_code)}

    def members_of_manager(self, manager: str, reader: str) -> dict[str, Member]:
        """That manager's alone, for whoever reads of them: the manager, or who stands in."""
        return {person.emp_code: self.describe(person) for person in self._managed_by({manager}, reader)}

    def stood_in_for(self, reader: str, emp_code: str) -> list[str]:
        """The managers of that employee for whom this reader stands in now; none where it is one of their own."""
        person = self.roster.people.get(emp_code)
        whose = [manager.emp_code for manager in self.managers_of(person)] if person else []
        return [] if reader in whose else [code for code in whose if self._stands_in(reader, code)]

    def name_of(self, emp_code: str) -> str:
        person = self.roster.people.get(emp_code)
        return person.name if person else emp_code

    def describe(self, person: RosterPerson) -> Member:
        department = self.roster.departments.get(person.department_id)
        return Member(person.emp_code, person.name, department.name if department else "")

    def is_manager(self, emp_code: str) -> bool:
        own = any(manager.emp_code == emp_code for manager in self.managers)
        return own or any(self._stands_in(emp_code, code) for code in self.stand_ins)

    def find_gaps(self) -> list[RosterPerson]:
        """Whom nobody manages."""
        return [person for person in self.roster.people.values() if not self.managers_of(person)]


def load_staff(connection: Connection, company: str, now: datetime, left_since: datetime | None = None) -> Staff:
    """With who has left since then."""
    return Staff.build(
        rosters.load_roster(connection, company, left_since),
        store.load_managers(connection, company),
        store.load_stand_ins(connection, company, now),
    )


def load_staff_of(connection: Connection, company: str, emp_codes: Iterable[str], now: datetime) -> Staff:
    """As far as these people go: for a company of a hundred thousand, of whom a few are missing."""
    people = rosters.load_people(connection, company, emp_codes)
    departments, areas = rosters.load_departments(connection, company), rosters.load_areas(connection, company)
    managers, stand_ins = store.load_managers(connection, company), store.load_stand_ins(connection, company, now)
    return Staff.build(Roster(people, departments, areas), managers, stand_ins)


def find_stood_in_for(connection: Connection, asking: Link, emp_code: str, now: datetime) -> Sequence[tuple[str, str]]:
    """For an audit line: code and name of the managers of that employee for whom they stand in; none where it is one
    of their own."""
    codes = load_staff_of(connection, asking.company, [emp_code], now).stood_in_for(asking.emp_code, emp_code)
    names = rosters.load_people(connection, asking.company, codes) if codes else {}
    return [(code, names[code].name if code in names else code) for code in codes]
