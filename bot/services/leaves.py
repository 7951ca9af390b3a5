"""A person asks for leave: kept first, with what managers see of it, then filed by `sending`.

Everybody asks for themselves: the employee comes from the link, never from the request.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.clocking import Step
from bot.attendance.progress import Decision
from bot.biotime.att import Leave
from bot.database import Database
from bot.services.alerts import CardMessenger
from bot.services.filings import Kind
from bot.services.keeping import keep, new_ref
from bot.services.leave_filing import LeaveFiling, LeaveNotices
from bot.services.leave_offers import LeaveKind, LeaveOffers
from bot.services.rest_days import RestDays
from bot.services.sending import Sending
from bot.services.service_account import ServiceAccount
from bot.services.telling import Telling
from bot.services.tenants import Tenants
from bot.store import leaves, links, notices
from bot.store.leaves import AskedLeave
from bot.store.links import Link
from bot.store.notices import Notice, NoticeKind

_UNDECIDED = (None, Decision.PENDING)


@dataclass(frozen=True, slots=True)
class Asked:
    """A leave as the person confirmed it. `source` is the card with what stood in it, `message_id` that which is
    edited from now on; `note` their reason."""

    source: str
    chat_id: int
    message_id: int | None
    language: str
    kind: LeaveKind
    start_at: datetime
    end_at: datetime
    note: str


class Leaves:
    """`sending` drives what is kept; `offers` says what may be asked for, `rest` where it is hardly needed."""

    def __init__(
        self,
        db: Database,
        tenants: Tenants,
        service_account: ServiceAccount,
        messenger: CardMessenger[AskedLeave],
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now
        self.offers = LeaveOffers(db, service_account, now)
        self.rest = RestDays(service_account, tenants, now)
        self._filing = LeaveFiling(db, service_account, self.offers, now)
        telling = Telling(db, messenger, now, leaves, Kind.LEAVE)
        self.sending = Sending(db, self._filing, telling, now, rows=leaves, book=LeaveNotices())

    async def ask(self, link: Link, asked: Asked) -> AskedLeave | None:
        """Keeps it and sets it going; what a source said first holds. Where some of that time was asked for before, on
        another device for instance, nothing is kept, and that leave is returned.
        """
        zone = self._tenants.zone_of(link.company)

        def store(connection: Connection) -> tuple[AskedLeave, Step | None]:
            links.lock_employee(connection, link.company, link.emp_code)
            if leaves.find_by_source(connection, asked.source) is None:
                span = (asked.start_at, asked.end_at)
                before = leaves.find_overlapping(connection, link.company, link.emp_code, *span)
                if before is not None:
                    return before, None
            leave, step = keep(connection, self.sending, self._build(link, asked), self._now)
            if step is not None:
                notices.add_notice(connection, _notice(leave, zone))
            return leave, step

        leave, step = await self._db.write(store)
        if step is not None:
            self.sending.ring(leave, step, link)
        return None if leave.source == asked.source else leave

    async def load(self, link: Link, asked: Sequence[AskedLeave] = ()) -> list[Leave] | None:
        """The person's own, as BioTime has them; None where it is not asked, since it takes none. Raises as
        `ServiceAccount.call` does.

        `asked`: of these, those that wait and that the list lacks are looked for one by one: what is not returned then
        is gone. Where one was filed BioTime takes leaves, whatever it said once.
        """
        filed = {one.leave_id for one in asked if one.leave_id is not None and one.progress.decision in _UNDECIDED}
        if not filed and not await self.offers.offered(link.company):
            return None
        listed = await self._filing.fetch_own(link)
        for leave_id in sorted(filed - {leave.id for leave in listed}):
            found = await self._filing.look_for_missing(link, leave_id)
            listed += [found] if found is not None and found.emp_code == link.emp_code else []
        return listed

    async def load_asked(self, link: Link, most: int) -> list[AskedLeave]:
        """What went through this bot, the newest first."""
        return await self._db.read(lambda c: leaves.find_asked(c, link.company, link.emp_code, most))

    async def is_kept(self, source: str) -> bool:
        return await self._db.read(lambda c: leaves.find_by_source(c, source)) is not None

    def _build(self, link: Link, asked: Asked) -> AskedLeave:
        now = self._now()
        return AskedLeave(
            id=0,
            ref=new_ref(),
            source=asked.source,
            link_id=link.id,
            company=link.company,
            emp_code=link.emp_code,
            chat_id=asked.chat_id,
            language=asked.language,
            recorded_at=now,
            progress=protocol.ask(asked.start_at, now),
            message_id=asked.message_id,
            # Without a card to edit, the one message is still to be sent.
            sends=0 if asked.message_id else 1,
            note=asked.note,
            pay_code=asked.kind.id,
            title=asked.kind.name,
            end_at=asked.end_at,
        )


def _notice(leave: AskedLeave, zone: ZoneInfo) -> Notice:
    return Notice(
        company=leave.company,
        emp_code=leave.emp_code,
        workdate=leave.start_at.astimezone(zone).date(),
        kind=NoticeKind.LEAVE,
        minutes=None,
        note=leave.title,
        said_at=leave.recorded_at,
        source=leave.source,
    )
