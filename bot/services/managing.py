"""Who manages whom, and who may ask about whom: HR everybody of their company, a manager their people, others nobody.

A department's manager has its sub-departments, too. Nobody is their own manager.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.database import Database
from bot.services.standing_in import find_acting, group_stand_ins
from bot.services.totals import Member
from bot.store import managers as store
from bot.store import roster as rosters
from bot.store.filed import Filed
from bot.store.links import Link
from bot.store.managers import AlertSettings, Manager, ManagerSettings, Scope, StandIn
from bot.store.roster import Roster, RosterPerson, with_parents

HR = 2
"""`app_role` of an administrator."""


class Refusal(StrEnum):
    NOT_HR = "not hr"
    NOT_MANAGER = "not manager"
    UNKNOWN_PERSON = "unknown person"
    UNKNOWN_PLACE = "unknown place"
    THERE_ALREADY = "there already"
    NOT_THERE = "not there"
    WRONG_PERIOD = "wrong period"
    LEFT_OUT_ALREADY = "left out already"


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Refusal


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


class Managing:
    """Every question and every change says who is asking, as a link: never out of the request."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    # -- who sees whom -------------------------------------------------------------------------------------------------

    async def load(self, company: str, left_since: datetime | None = None) -> Staff:
        """For the bot's own work; what is shown to a person goes through `people_of` and `may_see`."""
        now = self._now()
        return await self._db.read(lambda c: load_staff(c, company, now, left_since))

    async def people_of(self, asking: Link, left_since: datetime | None = None) -> list[RosterPerson]:
        """Whom they may ask about: HR everybody, a manager (or who stands in) their people, and of them who has left
        since then; by name.
        """
        staff = await self.load(asking.company, left_since)
        found = staff.roster.people.values() if asking.app_role == HR else staff.people_of(asking.emp_code)
        return sorted(found, key=lambda person: (person.name.casefold(), person.emp_code))

    async def may_see(self, asking: Link, emp_code: str) -> bool:
        """Everybody may see themselves."""
        if asking.emp_code == emp_code:
            return True
        staff = await self.load(asking.company)
        if asking.app_role == HR:
            return emp_code in staff.roster.people
        return any(person.emp_code == emp_code for person in staff.people_of(asking.emp_code))

    async def is_manager(self, asking: Link) -> bool:
        return asking.app_role == HR or (await self.load(asking.company)).is_manager(asking.emp_code)

    # -- managers ------------------------------------------------------------------------------------------------------

    async def list_managers(self, asking: Link) -> list[Manager] | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._db.read(lambda c: store.load_managers(c, asking.company))

    async def find_gaps(self, asking: Link) -> list[RosterPerson] | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return (await self.load(asking.company)).find_gaps()

    async def add_manager(
        self, asking: Link, emp_code: str, scope: Scope, scope_id: int = 0, delay: timedelta | None = None
    ) -> Manager | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self.appoint(asking.company, emp_code, scope, scope_id, delay)

    async def appoint(
        self, company: str, emp_code: str, scope: Scope, scope_id: int = 0, delay: timedelta | None = None
    ) -> Manager | Refused:
        """As the operator of the installation does it: nobody else is asking."""
        now = self._now()

        def add(connection: Connection) -> Manager | Refused:
            roster = rosters.load_roster(connection, company)
            if emp_code not in roster.people:
                return Refused(Refusal.UNKNOWN_PERSON)
            places = {Scope.DEPARTMENT: roster.departments, Scope.AREA: roster.areas}.get(scope)
            if places is not None and scope_id not in places:
                return Refused(Refusal.UNKNOWN_PLACE)
            wait = store.load_alert_settings(connection, company).delay if delay is None else delay
            name = places[scope_id].name if places is not None else ""
            number = scope_id if places is not None else 0
            manager = Manager(company, emp_code, scope, number, name, now, wait)
            return store.add_manager(connection, manager) or Refused(Refusal.THERE_ALREADY)

        return await self._db.write(add)

    async def drop_manager(self, asking: Link, manager_id: int) -> Refused | None:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        gone = await self._db.write(lambda c: store.drop_manager(c, asking.company, manager_id))
        return None if gone else Refused(Refusal.NOT_THERE)

    # -- standing in, settings -----------------------------------------------------------------------------------------

    async def hand_over(self, asking: Link, stand_in: str, from_at: datetime, until_at: datetime) -> StandIn | Refused:
        """A manager's people to somebody else for a while."""
        if not await self.is_manager(asking):
            return Refused(Refusal.NOT_MANAGER)
        if until_at <= max(from_at, self._now()):
            return Refused(Refusal.WRONG_PERIOD)
        period = StandIn(asking.company, asking.emp_code, stand_in, from_at, until_at)

        def add(connection: Connection) -> StandIn | Refused:
            known = rosters.find_person(connection, asking.company, stand_in)
            if known is None or stand_in == asking.emp_code:
                return Refused(Refusal.UNKNOWN_PERSON)
            return replace(period, id=store.add_stand_in(connection, period))

        return await self._db.write(add)

    async def take_back(self, asking: Link) -> list[StandIn]:
        """Ends what they have handed over; returns what was running."""
        now = self._now()

        def end(connection: Connection) -> list[StandIn]:
            running = store.load_stand_ins(connection, asking.company, now)
            store.end_stand_ins(connection, asking.company, asking.emp_code, now)
            return [one for one in running if one.emp_code == asking.emp_code]

        return await self._db.write(end)

    async def load_settings(self, asking: Link) -> ManagerSettings:
        found = await self._db.read(lambda c: store.load_manager_settings(c, asking.company))
        return found.get(asking.emp_code, ManagerSettings())

    async def settle_delay(self, asking: Link, delay: timedelta) -> Refused | None:
        """How long after somebody was due they are told, in all of their scopes."""
        changed = await self._db.write(lambda c: store.settle_delay(c, asking.company, asking.emp_code, delay))
        return None if changed else Refused(Refusal.NOT_MANAGER)

    async def settle_nudge(self, asking: Link, before: timedelta) -> None:
        """How long before their manager an employee is asked themselves."""
        await self._db.write(lambda c: store.settle_nudge(c, asking.company, asking.emp_code, before))

    async def load_alert_settings(self, asking: Link) -> AlertSettings:
        return await self._db.read(lambda c: store.load_alert_settings(c, asking.company))
