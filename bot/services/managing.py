"""Who manages whom, and who may ask about whom: HR everybody of their company, a manager their people, others nobody.

A department's manager has its sub-departments, too. Nobody is their own manager.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.database import Database
from bot.services.staff import Staff, load_staff
from bot.store import manager_settings
from bot.store import managers as store
from bot.store import roster as rosters
from bot.store.links import Link
from bot.store.manager_settings import AlertSettings, ManagerSettings
from bot.store.managers import Manager, Scope, StandIn
from bot.store.roster import RosterPerson

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
            wait = manager_settings.load_alert_settings(connection, company).delay if delay is None else delay
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
        found = await self._db.read(lambda c: manager_settings.load_manager_settings(c, asking.company))
        return found.get(asking.emp_code, ManagerSettings())

    async def settle_delay(self, asking: Link, delay: timedelta) -> Refused | None:
        """How long after somebody was due they are told, in all of their scopes."""
        changed = await self._db.write(lambda c: store.settle_delay(c, asking.company, asking.emp_code, delay))
        return None if changed else Refused(Refusal.NOT_MANAGER)

    async def settle_nudge(self, asking: Link, before: timedelta) -> None:
        """How long before their manager an employee is asked themselves."""
        await self._db.write(lambda c: manager_settings.settle_nudge(c, asking.company, asking.emp_code, before))

    async def load_alert_settings(self, asking: Link) -> AlertSettings:
        return await self._db.read(lambda c: manager_settings.load_alert_settings(c, asking.company))
