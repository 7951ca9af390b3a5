"""Who manages whom, and what they have filed, for the dialogs of managers."""

from datetime import datetime

from bot.attendance.model import PunchState
from bot.gateway.sample import NAME
from bot.playground.people import Person
from bot.services.service_account import ServiceAccount
from bot.store import managers
from bot.store.conversations import end_conversation
from bot.store.managers import Manager, Scope
from tests.talk import Office

MONA, OMAR, HUDA = "1001", "1002", "1003"


async def appoint(office: Office, emp_code: str = OMAR, scope: Scope = Scope.DEPARTMENT, name: str = "Sales") -> None:
    """The bot has looked at BioTime, and this is a manager."""
    await office.hadir.watch.syncing.run()
    manager = Manager(NAME, emp_code, scope, await _place(office, name), name, office.clock())
    await office.hadir.db.write(lambda c: managers.add_manager(c, manager))


async def enter(office: Office, person: Person) -> Person:
    """Logged in a while ago."""
    await office.log_in(person)
    await office.hadir.db.write(lambda c: end_conversation(c, person.chat.id))
    return person


async def file_log(
    office: Office, emp_code: str, at: datetime, reason: str, state: PunchState = PunchState.CHECK_IN
) -> int:
    """A manual log as an employee files one with BioTime's own app."""
    employee = next(one for one in office.credentials.employees if one.emp_code == emp_code)
    filed = await _account(office).call(
        NAME, lambda o, token: o.att.file_manual_log(token, employee.id, at, state, reason=reason)
    )
    return filed.id


def _account(office: Office) -> ServiceAccount:
    return ServiceAccount(office.hadir.tenants, office.clock)


async def _place(office: Office, name: str) -> int:
    found = office._query("hadir.db", "SELECT id, name FROM roster_departments UNION SELECT id, name FROM roster_areas")
    return next((int(row["id"]) for row in found if row["name"] == name), 0)
