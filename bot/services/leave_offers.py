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
    """The kinds that a company takes are kept, and so is that it takes none."""

    def __init__(self, db: Database, service_account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._service_account = service_account
        self._now = now

    async def offered(self, company: str) -> bool:
        """Whether it is worth a button: a company that said no is asked again after a day."""
        if not self._service_account.serves(company):
            return False
        until = await self._db.read(lambda c: leaves.load_refusal(c, company))
        return until is None or until <= self._now()

    async def fetch_kinds(self, company: str) -> tuple[LeaveKind, ...]:
        """As BioTime has them or, while it is away, as it had them last: a leave is kept first and filed then.

        Raises NotTaken, and BioTimeError where nobody knows.
        """
        row = await self._db.read(lambda c: leaves.load_kinds(c, company))
        known = tuple(LeaveKind(*kind) for kind in row[0]) if row else ()
        if row is not None and row[1] > self._now():
            return known
        try:
            return await self._look(company)
        except (NoServiceAccount, WrongCredentials) as problem:
            raise await self.refuse(company) from problem
        except BioTimeError as problem:
            if problem.status in NONE_HERE:
                raise await self.refuse(company) from problem
            if known:
                return known
            raise

    async def _look(self, company: str) -> tuple[LeaveKind, ...]:
        rows = await self._service_account.fetch_all(company, lambda office, token: office.att.pay_codes.fetch(token))
        if not rows:
            raise await self.refuse(company)
        kinds, until = [(row.id, row.name or row.symbol) for row in rows], self._now() + KNOWN_FOR
        await self._db.write(lambda c: leaves.settle_kinds(c, company, kinds, until))
        return tuple(LeaveKind(*kind) for kind in kinds)

    async def refuse(self, company: str) -> NotTaken:
        """To be raised."""
        until = self._now() + NOT_TAKEN_FOR
        await self._db.write(lambda c: leaves.settle_refusal(c, company, until))
        return NotTaken(company)
