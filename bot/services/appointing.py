"""Who becomes a manager and who stops being one, each with its audit line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.database import Database
from bot.services.charge_news import tell_appointed
from bot.services.managing import HR, Managing, Refusal, Refused
from bot.store import audit_lines
from bot.store import managers as store
from bot.store.audit_lines import Act, AuditLine
from bot.store.links import Link
from bot.store.managers import Manager, Scope
from bot.store.roster import Place, RosterPerson

OPERATOR = ""
"""Stands in audit lines for whoever runs the installation, who has no emp_code."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A manager with their name."""

    manager: Manager
    name: str


class Appointing:
    def __init__(self, db: Database, managing: Managing, now: Callable[[], datetime]) -> None:
        self._db = db
        self._managing = managing
        self._now = now

    async def list_charges(self, asking: Link) -> list[Charge] | Refused:
        return Refused(Refusal.NOT_HR) if asking.app_role != HR else await self.list_all(asking.company)

    async def list_all(self, company: str) -> list[Charge]:
        """As the operator sees it."""
        staff = await self._managing.load(company)
        people = staff.roster.people
        charges = [
            Charge(one, people[one.emp_code].name if one.emp_code in people else one.emp_code) for one in staff.managers
        ]
        return sorted(charges, key=lambda charge: (charge.name.casefold(), charge.manager.id))

    async def load_places(self, asking: Link, scope: Scope) -> list[Place] | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        roster = (await self._managing.load(asking.company)).roster
        places = roster.departments if scope is Scope.DEPARTMENT else roster.areas
        return sorted(places.values(), key=lambda place: (place.name.casefold(), place.id))

    async def add(self, asking: Link, emp_code: str, scope: Scope, scope_id: int = 0) -> Manager | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._add(asking.company, emp_code, scope, scope_id, (asking.emp_code, asking.name))

    async def add_as_operator(self, company: str, emp_code: str, scope: Scope, place: str) -> Manager | Refused:
        """By the name of the department or area, or its number."""
        roster = (await self._managing.load(company)).roster
        places = {Scope.DEPARTMENT: roster.departments, Scope.AREA: roster.areas}.get(scope, {})
        wanted = place.casefold()
        named = [one.id for one in places.values() if wanted in (one.name.casefold(), str(one.id))]
        if scope is not Scope.ALL and len(named) != 1:
            return Refused(Refusal.UNKNOWN_PLACE)
        return await self._add(company, emp_code, scope, named[0] if named else 0, (OPERATOR, "hadir managers"))

    async def drop(self, asking: Link, manager_id: int) -> Charge | Refused:
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._drop(asking.company, manager_id, (asking.emp_code, asking.name))

    async def drop_as_operator(self, company: str, manager_id: int) -> Charge | Refused:
        return await self._drop(company, manager_id, (OPERATOR, "hadir managers"))

    async def find_gaps(self, company: str) -> list[RosterPerson]:
        staff = await self._managing.load(company)
        return sorted(staff.find_gaps(), key=lambda one: (one.name.casefold(), one.emp_code))

    async def _add(
        self, company: str, emp_code: str, scope: Scope, scope_id: int, by: tuple[str, str]
    ) -> Manager | Refused:
        added = await self._managing.appoint(company, emp_code, scope, scope_id)
        if isinstance(added, Manager):
            await self._note(added, Act.MANAGER_ADDED, by)
            await self._db.write(lambda c: tell_appointed(c, added, self._now()))
        return added

    async def _drop(self, company: str, manager_id: int, by: tuple[str, str]) -> Charge | Refused:
        charge = next((one for one in await self.list_all(company) if one.manager.id == manager_id), None)
        if charge is None or not await self._db.write(lambda c: store.drop_manager(c, company, manager_id)):
            return Refused(Refusal.NOT_THERE)
        await self._note(charge.manager, Act.MANAGER_REMOVED, by)
        return charge

    async def _note(self, manager: Manager, act: Act, by: tuple[str, str]) -> None:
        now = self._now()
        people = (await self._managing.load(manager.company)).roster.people
        line = AuditLine(
            company=manager.company,
            at=now,
            by_code=by[0],
            by_name=by[1],
            act=act,
            once=f"{act}:{manager.id}:{now.isoformat()}",
            emp_code=manager.emp_code,
            name=people[manager.emp_code].name if manager.emp_code in people else "",
            detail={"text": manager.scope_name, "scope": manager.scope},
        )
        await self._db.write(lambda c: audit_lines.add_audit_line(c, line))
