"""One login: whose it is, whether the password fits, and how often it may be tried."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.limits import Buckets
from bot.gateway.access.passwords import Passwords
from bot.gateway.records.companies import Login, find_system_login, find_tenant
from bot.gateway.records.kinds import UserKind
from bot.gateway.records.people import find_employee_login
from bot.gateway.rest.errors import Throttled
from bot.gateway.rest.origin import Origin
from bot.gateway.settings import GatewaySettings


@dataclass(frozen=True, slots=True)
class Attempt:
    kind: UserKind
    company: str | None
    username: str
    password: str = field(repr=False)


class Logins:
    def __init__(self, db: Database, settings: GatewaySettings) -> None:
        self._db = db
        self._passwords = Passwords(settings.password_cost, settings.password_threads)
        self._per_user = Buckets(settings.logins_per_user)
        self._per_address = Buckets(settings.logins_per_address)

    async def try_in(self, attempt: Attempt, origin: Origin, now: datetime) -> Login | None:
        """None: unknown company, unknown user, wrong password or no longer active, all alike. Raises Throttled."""
        login = await self._db.read(lambda conn: _find_login(conn, attempt, origin.host))
        # Taken before the password is looked at, so that a hundred tries at once are not a hundred guesses.
        # Per address, too: whoever guesses a colleague's password elsewhere does not keep the colleague out.
        user = (origin.address, *_user_key(attempt, login))
        self._take(user, origin.address, now)
        if not await self._passwords.matches(login.password_hash if login else None, attempt.password):
            return None
        self._per_user.give_back(user, now)
        self._per_address.give_back(origin.address, now)
        return login if login and login.active else None

    def _take(self, user: tuple[str, ...], address: str, now: datetime) -> None:
        if wait := self._per_address.take(address, now):
            raise Throttled(wait)
        if wait := self._per_user.take(user, now):
            self._per_address.give_back(address, now)
            raise Throttled(wait)


def _find_login(conn: Connection, attempt: Attempt, host: str) -> Login | None:
    company = find_tenant(conn, attempt.company, host)
    if company is None:
        return None
    find = find_system_login if attempt.kind is UserKind.SYSTEM else find_employee_login
    return find(conn, company.id, attempt.username)


def _user_key(attempt: Attempt, login: Login | None) -> tuple[str, ...]:
    """One person is one key, whether called by emp_code or email."""
    if login is not None:
        return (login.company_id, login.user_id)
    return ((attempt.company or "").casefold(), attempt.username.casefold(), "unknown")
