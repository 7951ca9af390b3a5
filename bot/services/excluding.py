"""Who is left out of alerts: people, and departments with all below them. HR's to say, and the operator's; each change
has its line.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.services.managing import HR, Refusal, Refused
from bot.services.noting import Operator, build_line
from bot.store import manager_settings, roster
from bot.store.audit_lines import Act, add_audit_line
from bot.store.links import Link
from bot.store.manager_settings import AlertSettings
from bot.store.roster import Place

COMMAND = "hadir alerts"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person by their emp_code, or a department by its number; whoever is not in BioTime any more has no name."""

    emp_code: str = ""
    department_id: int = 0
    name: str = ""


class Excluding:
    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    async def load(self, asking: Link) -> list[LeftOut] | Refused:
        """The departments first, then people by name."""
        return Refused(Refusal.NOT_HR) if asking.app_role != HR else await self.load_all(asking.company)

    async def load_all(self, company: str) -> list[LeftOut]:
        """As the operator sees it."""
        return await self._db.read(lambda c: _load(c, company))

    async def leave_out(self, asking: Link, who: LeftOut) -> LeftOut | Refused:
        """`who` needs no name."""
        return Refused(Refusal.NOT_HR) if asking.app_role != HR else await self._leave_out(asking, who)

    async def take_in(self, asking: Link, who: LeftOut) -> LeftOut | Refused:
        return Refused(Refusal.NOT_HR) if asking.app_role != HR else await self._take_in(asking, who)

    async def leave_out_as_operator(self, company: str, emp_code: str, department: str) -> LeftOut | Refused:
        """One of both: a person, or a department by its name or number."""
        who = await self._read(company, emp_code, department)
        return who if isinstance(who, Refused) else await self._leave_out(Operator(company, COMMAND), who)

    async def take_in_as_operator(self, company: str, emp_code: str, department: str) -> LeftOut | Refused:
        who = await self._read(company, emp_code, department)
        return who if isinstance(who, Refused) else await self._take_in(Operator(company, COMMAND), who)

    async def _read(self, company: str, emp_code: str, department: str) -> LeftOut | Refused:
        if emp_code:
            return LeftOut(emp_code)
        places = await self._db.read(lambda c: roster.load_departments(c, company))
        wanted = department.casefold()
        named = [one.id for one in places.values() if wanted in (one.name.casefold(), str(one.id))]
        if len(named) == 1:
            return LeftOut(department_id=named[0])
        # One that BioTime has no more can still be taken back in.
        gone = not named and department.isascii() and department.isdecimal()
        return LeftOut(department_id=int(department)) if gone else Refused(Refusal.UNKNOWN_PLACE)

    async def _leave_out(self, asking: Link | Operator, who: LeftOut) -> LeftOut | Refused:
        def add(connection: Connection) -> LeftOut | Refused:
            found = _find(connection, asking.company, who)
            if found is None:
                return Refused(Refusal.UNKNOWN_PERSON if who.emp_code else Refusal.UNKNOWN_PLACE)
            if not self._settle(connection, asking, found, out=True):
                return Refused(Refusal.LEFT_OUT_ALREADY)
            return found

        return await self._db.write(add)

    async def _take_in(self, asking: Link | Operator, who: LeftOut) -> LeftOut | Refused:
        def take(connection: Connection) -> LeftOut | Refused:
            found = _find(connection, asking.company, who) or who
            if not self._settle(connection, asking, found, out=False):
                return Refused(Refusal.NOT_THERE)
            return found

        return await self._db.write(take)

    def _settle(self, connection: Connection, asking: Link | Operator, who: LeftOut, *, out: bool) -> bool:
        """Whether that is new."""
        before, after = manager_settings.change_alert_settings(
            connection, asking.company, lambda s: _change(s, who, out=out)
        )
        if after == before:
            return False
        act = Act.EXCLUDED if out else Act.INCLUDED
        text = "" if who.emp_code else who.name or str(who.department_id)
        name = who.name if who.emp_code else ""
        line = build_line(asking, act, self._now(), text=text, emp_code=who.emp_code, name=name)
        add_audit_line(connection, line)
        return True


def _change(settings: AlertSettings, who: LeftOut, *, out: bool) -> AlertSettings:
    if who.emp_code:
        people = settings.excluded | {who.emp_code} if out else settings.excluded - {who.emp_code}
        return replace(settings, excluded=people)
    number = {who.department_id}
    departments = settings.excluded_departments | number if out else settings.excluded_departments - number
    return replace(settings, excluded_departments=departments)


def _find(connection: Connection, company: str, who: LeftOut) -> LeftOut | None:
    if who.emp_code:
        person = roster.find_person(connection, company, who.emp_code)
        return LeftOut(who.emp_code, name=person.name) if person else None
    place = roster.load_departments(connection, company).get(who.department_id)
    return LeftOut(department_id=place.id, name=place.name) if place else None


def _load(connection: Connection, company: str) -> list[LeftOut]:
    settings = manager_settings.load_alert_settings(connection, company)
    places = roster.load_departments(connection, company)
    people = roster.load_people(connection, company, settings.excluded)
    departments = [LeftOut(department_id=n, name=_name(places.get(n))) for n in settings.excluded_departments]
    persons = [LeftOut(code, name=people[code].name if code in people else "") for code in settings.excluded]
    return [*sorted(departments, key=_by_name), *sorted(persons, key=_by_name)]


def _name(place: Place | None) -> str:
    return place.name if place else ""


def _by_name(who: LeftOut) -> tuple[str, str, int]:
    return who.name.casefold(), who.emp_code, who.department_id
