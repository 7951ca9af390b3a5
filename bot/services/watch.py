"""Everything that finds and tells who is missing: three loops that meet only in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.database import Database
from bot.services.alerts import AlertMessenger
from bot.services.delivering import Delivering
from bot.services.digesting import Digesting
from bot.services.escalating import Escalating
from bot.services.handing import Handing
from bot.services.managing import Managing
from bot.services.notices import Notices
from bot.services.pushing import Pushing
from bot.services.reactions import Reactions
from bot.services.scanning import Scanning
from bot.services.service_account import ServiceAccount
from bot.services.syncing import Syncing
from bot.services.tenants import Tenants
from bot.services.terminal_watch import TerminalWatch


@dataclass(frozen=True, slots=True)
class Watch:
    syncing: Syncing
    scanning: Scanning
    delivering: Delivering
    reactions: Reactions
    managing: Managing
    digesting: Digesting
    escalating: Escalating
    handing: Handing
    terminals: TerminalWatch
    pushing: Pushing

    @classmethod
    def build(
        cls,
        db: Database,
        tenants: Tenants,
        account: ServiceAccount,
        messenger: AlertMessenger,
        now: Callable[[], datetime],
    ) -> Self:
        scanning, delivering = Scanning(db, tenants, now), Delivering(db, tenants, messenger, now)
        return cls(
            syncing=Syncing(db, tenants, account, now),
            scanning=scanning,
            delivering=delivering,
            reactions=Reactions(
                db, scanning=scanning, delivering=delivering, notices=Notices(db, tenants, now), now=now
            ),
            managing=Managing(db, now),
            digesting=Digesting(db, tenants, account, now),
            escalating=Escalating(db, tenants, now),
            handing=Handing(db, tenants, now),
            terminals=TerminalWatch(db, tenants, now),
            pushing=Pushing(db, tenants, now),
        )

    async def run(self) -> None:
        """One round of all three, as the jobs make it by and by."""
        await self.syncing.run()
        await self.scanning.run()
        await self.delivering.run()

    async def tell_managers(self) -> None:
        """What does not wait for the scan: requests, terminals, who is whose now, cards nobody looks at, digests."""
        await self.pushing.run()
        await self.terminals.run()
        await self.handing.run()
        await self.escalating.run()
        await self.digesting.run()
