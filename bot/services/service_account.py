"""What the bot asks BioTime in nobody's name: one session per company, begun and renewed as needed, never stored."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.biotime.errors import Unauthorized, WrongCredentials
from bot.biotime.office import Office
from bot.services.tenants import Service, Tenants

T = TypeVar("T")

# BioTime slows who logs in wrongly again and again, and the option will not mend itself.
REFUSED_FOR = timedelta(minutes=10)


class NoServiceAccount(Exception):
    """HADIR_SERVICE_USER is not set: this company can be looked at only by its people."""


class ServiceAccount:
    """The only place where the account's tokens are. How often it may ask is in each tenant's `Office`."""

    def __init__(self, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._tenants = tenants
        self._now = now
        self._tokens: dict[str, str] = {}
        self._refused: dict[str, tuple[datetime, WrongCredentials]] = {}
        self._doors: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def serves(self, company: str) -> bool:
        return self._tenants[company].service is not None

    async def call(self, company: str, request: Callable[[Office, str], Awaitable[T]]) -> T:
        """Makes the request with a token; after a 401, which proves that nothing was applied, once more with a new one.

        Raises NoServiceAccount, WrongCredentials for the account itself, else what the client raises.
        """
        service = self._tenants[company].service
        if service is None:
            raise NoServiceAccount(company)
        token = await self._enter(company, service, None)
        try:
            return await request(service.office, token)
        except Unauthorized:
            return await request(service.office, await self._enter(company, service, token))

    async def fetch_all(self, company: str, ask: Callable[[Office, str], AsyncIterator[T]]) -> list[T]:
        """A whole list; raises as `call` does."""

        async def collect(office: Office, token: str) -> list[T]:
            return [row async for row in ask(office, token)]

        return await self.call(company, collect)

    async def _enter(self, company: str, service: Service, old: str | None) -> str:
        """The session's token, another one than `old`: many that ask at once log in once."""
        async with self._doors[company]:
            known = self._tokens.get(company)
            if known is not None and known != old:
                return known
            self._raise_if_refused(company)
            try:
                self._tokens[company] = await service.log_in()
            except WrongCredentials as problem:
                self._refused[company] = (self._now() + REFUSED_FOR, problem)
                raise
            return self._tokens[company]

    def _raise_if_refused(self, company: str) -> None:
        until, problem = self._refused.get(company, (None, None))
        if until is not None and problem is not None and self._now() < until:
            raise problem
