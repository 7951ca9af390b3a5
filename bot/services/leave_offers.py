"""Which kinds of leave a company's BioTime takes from the bot's own account, if any."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.biotime.errors import BioTimeError, WrongCredentials
from bot.database import Database
from bot.services.service_account import NoServiceAccount, ServiceAccount
from bot.store import leaves

# What a company takes is asked anew after so long.
KNOWN_FOR = timedelta(minutes=30)
NOT_TAKEN_FOR = timedelta(days=1)
# What a server says that has no leaves, or none for us.
NONE_HERE = frozenset({403, 404})


class NotTaken(Exception):
    """This company's BioTime takes no leaves from us."""


@dataclass(frozen=True, slots=True)
class LeaveKind:
    """A pay code."""

    id: int
    name: str


class LeaveOffers:
    """The kinds are looked up again after a restart; that a company takes none is kept."""

    def __init__(self, db: Database, service_account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._service_account = service_account
        self._now = now
        self._kinds: dict[str, tuple[datetime, tuple[LeaveKind, ...]]] = {}

    async def offered(self, company: str) -> bool:
        """Whether it is worth a button: a company that said no is asked again after a day."""
        if not self._service_account.serves(company):
            return False
        until = await self._db.read(lambda c: leaves.load_refusal(c, company))
        return until is None or until <= self._now()

    async def fetch_kinds(self, company: str) -> tuple[LeaveKind, ...]:
        """Raises NotTaken, and BioTimeError where nobody knows."""
        known = self._kinds.get(company)
        if known is not None and known[0] > self._now():
            return known[1]
        try:
            rows = await self._service_account.fetch_all(
                company, lambda office, token: office.att.pay_codes.fetch(token)
            )
        except (NoServiceAccount, WrongCredentials) as problem:
            raise await self.refuse(company) from problem
        except BioTimeError as problem:
            if problem.status in NONE_HERE:
                raise await self.refuse(company) from problem
            raise
        if not rows:
            raise await self.refuse(company)
        kinds = tuple(LeaveKind(row.id, row.name or row.symbol) for row in rows)
        self._kinds[company] = (self._now() + KNOWN_FOR, kinds)
        return kinds

    async def refuse(self, company: str) -> NotTaken:
        """To be raised."""
        until = self._now() + NOT_TAKEN_FOR
        self._kinds.pop(company, None)
        await self._db.write(lambda c: leaves.settle_refusal(c, company, until))
        return NotTaken(company)
