"""The companies this installation serves, each with its client and its zone."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.biotime.client import BioTimeClient
from bot.biotime.office import Office


@dataclass(frozen=True, slots=True)
class Service:
    """How the bot comes in under its own name. `log_in` gives a token, or raises what a login raises."""

    office: Office
    log_in: Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Tenant:
    """`language` is what people are spoken to in who chose none and whose Telegram names none. Without a `service` the
    bot can only do what people do themselves.
    """

    company: str
    zone: ZoneInfo
    client: BioTimeClient
    language: str = "en"
    service: Service | None = None


class Tenants:
    def __init__(self, tenants: Iterable[Tenant]) -> None:
        self._tenants = {tenant.company: tenant for tenant in tenants}

    @property
    def companies(self) -> tuple[str, ...]:
        return tuple(self._tenants)

    def __getitem__(self, company: str) -> Tenant:
        return self._tenants[company]

    def find(self, typed: str) -> str | None:
        """The company a person means: letter case and blanks do not matter."""
        wanted = typed.casefold().split()
        return next((company for company in self._tenants if company.casefold().split() == wanted), None)

    def zone_of(self, company: str | None) -> ZoneInfo:
        """The company's zone; for somebody of no company yet, that of the first."""
        tenant = self._tenants.get(company or "") or next(iter(self._tenants.values()))
        return tenant.zone
