"""The account in whose name this very process calls the gateway: it has no password, so nobody else can."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.gateway.access.passwords import NO_PASSWORD
from bot.gateway.access.tokens import Tokens
from bot.gateway.records.companies import Login, add_system_user, find_company, find_system_login
from bot.gateway.records.kinds import UserKind
from bot.gateway.settings import GatewaySettings

SERVICE = "hadir@localhost"


class ServiceDoor:
    """Signs tokens with the gateway's own key."""

    def __init__(self, db: Database, settings: GatewaySettings, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tokens = Tokens(settings)
        self._now = now

    async def issue(self, company: str) -> str:
        """A system user's JWT; the user is made the first time. LookupError where there is no such company."""
        login = await self._db.write(lambda conn: _find_or_add(conn, company))
        return self._tokens.sign_login(UserKind.SYSTEM, login, self._now())


def _find_or_add(conn: Connection, named: str) -> Login:
    company = find_company(conn, named)
    if company is None:
        raise LookupError(named)
    login = find_system_login(conn, company.id, SERVICE)
    if login is None:
        add_system_user(conn, company.id, SERVICE, NO_PASSWORD)
        login = find_system_login(conn, company.id, SERVICE)
        assert login is not None
    return login
