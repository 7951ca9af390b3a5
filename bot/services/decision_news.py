"""Tells people what was decided about what they asked for, and HR who decided what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.database import Database
from bot.services.alerts import Herald, Undelivered
from bot.services.managing import HR, Refusal, Refused
from bot.store import audit_lines as store
from bot.store.audit_lines import AuditLine
from bot.store.links import Link

TELL_AGAIN = timedelta(minutes=1)


class DecisionNews:
    def __init__(self, db: Database, herald: Herald, now: Callable[[], datetime]) -> None:
        self._db = db
        self._herald = herald
        self._now = now

    async def load_audit(self, asking: Link, page: int, size: int) -> list[AuditLine] | Refused:
        """For HR: what was done, the newest first; one line more than `size` where there are more."""
        if asking.app_role != HR:
            return Refused(Refusal.NOT_HR)
        return await self._db.read(lambda c: store.load_audit_lines(c, asking.company, page * size, size + 1))

    async def tell_untold(self) -> int:
        """What a crash or Telegram kept from its people; returns how many there were."""
        now = self._now()
        untold = await self._db.read(lambda c: store.find_untold(c, now))
        for line in untold:
            await self.tell(line)
        return len(untold)

    async def tell(self, line: AuditLine) -> bool:
        """Whoever claims it tells; due again in a while if that came to nothing."""
        again = self._now() + TELL_AGAIN
        if line.tell_at is None or not await self._db.write(lambda c: store.claim_telling(c, line, again)):
            return False
        try:
            reached = await self._herald.tell_decision(line)
        except Undelivered:
            return False
        await self._db.write(lambda c: store.claim_telling(c, replace(line, tell_at=again), None))
        return reached
