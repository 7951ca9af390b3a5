"""Drives a punch, or a leave, to BioTime: takes the row, makes one request, settles the row, tells the
person; again until it rests.

What may happen next is decided in `attendance/clocking`; every write is a compare-and-set, so that any number of
drivers, sweeps and restarts may meet over one row.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic

import structlog
from sqlalchemy import Connection

from bot.attendance import clocking as protocol
from bot.attendance.clocking import Step
from bot.attendance.progress import (
    DEFAULT_LIMITS,
    FileOutcome,
    Limits,
    Neighbours,
    PostOutcome,
    Progress,
    State,
    Unclear,
)
from bot.database import Database
from bot.services.carrying import Book, Carrier
from bot.services.telling import TELL_AFTER, Telling, news_of
from bot.store import links
from bot.store.links import Link
from bot.store.under_way import Row, Rows

log = structlog.get_logger(__name__)


class Sending(Generic[Row]):
    def __init__(
        self,
        db: Database,
        carrier: Carrier[Row],
        telling: Telling[Row],
        now: Callable[[], datetime],
        limits: Limits = DEFAULT_LIMITS,
        *,
        rows: Rows[Row],
        book: Book[Row],
    ) -> None:
        self._db = db
        self._carrier = carrier
        self._telling = telling
        self._now = now
        self._limits = limits
        self.rows = rows
        self._book = book
        # The driver of each row in this process: kept, or the loop would let it be collected in mid-run.
        self._driven: dict[int, asyncio.Task[None]] = {}

    # -- the bell ------------------------------------------------------------------------------------------------------

    def ring(self, row: Row, step: Step, link: Link) -> None:
        """Goes on in the background with a punch just kept as `plan` said, made under this link."""
        self._start(row.id, self._drive(row, step, claimed=True, link=link))

    async def sweep(self) -> int:
        """Starts on every punch that is due and not being driven here; returns how many."""
        now = self._now()
        due = await self._db.read(lambda c: self.rows.find_due(c, now) + self.rows.find_untold(c, now))
        fresh = [row_id for row_id in dict.fromkeys(due) if row_id not in self._driven]
        for row_id in fresh:
            self._start(row_id, self.advance(row_id))
        return len(fresh)

    async def recover(self) -> int:
        """At the start of the only process: whoever held a punch is dead, and may have written. None of them goes
        back to recorded."""
        now = self._now()

        def abandon(connection: Connection) -> int:
            held = self.rows.find_claimed(connection)
            for row in held:
                self._write(connection, row, protocol.to_ambiguous(row.progress, now, now, self._limits), now)
            return len(held)

        return await self._db.write(abandon)

    async def rest(self) -> None:
        """Waits until nothing is driven."""
        while self._driven:
            await asyncio.gather(*self._driven.values(), return_exceptions=True)

    async def close(self) -> None:
        """Lets requests under way end: a punch in mid-air would otherwise have to be looked for."""
        if self._driven:
            await asyncio.wait(list(self._driven.values()), timeout=self._limits.timeout.total_seconds())
        for task in list(self._driven.values()):
            task.cancel()
        await self.rest()

    def _start(self, row_id: int, work: Any) -> None:
        if row_id in self._driven:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._driven[row_id] = task
        task.add_done_callback(lambda done: self._ended(row_id, done))

    def _ended(self, row_id: int, task: asyncio.Task[None]) -> None:
        self._driven.pop(row_id, None)
        if not task.cancelled() and (problem := task.exception()) is not None:
            # The row still says what is due; the sweep takes it up again.
            log.error("not advanced", row=row_id, problem=type(problem).__name__, exc_info=problem)

    # -- one punch -----------------------------------------------------------------------------------------------------

    async def advance(self, row_id: int) -> None:
        """Idempotent: does what is due for this punch, if anything."""
        taken = await self._db.write(lambda c: self._take_by_id(c, row_id))
        if taken is not None:
            await self._drive(*taken)

    def plan(self, connection: Connection, row: Row) -> tuple[Step, Progress]:
        """What is to be done now, and the row that says so. A punch without an id is not kept yet.

        Whoever calls this writes that row, and commits before anything is sent: after the commit it says that a
        request may be on its way.
        """
        step, after = Step.AGAIN, row.progress
        while step is Step.AGAIN:
            near = Neighbours()
            if after.state is State.RECORDED:
                near = self.rows.load_neighbours(connection, row)
            step, after = protocol.plan(after, near, self._now(), self._limits)
        return step, after

    def take_back(self, connection: Connection, before: Row, after: Progress) -> bool:
        """The row as its person has just made it; the next sweep tells. False where it has moved on meanwhile."""
        return self._write(connection, before, after, self._now() - TELL_AFTER)

    def _take_by_id(self, connection: Connection, row_id: int) -> tuple[Row, Step] | None:
        row = self.rows.find(connection, row_id)
        if row is None:
            return None
        links.lock_employee(connection, row.company, row.emp_code)
        step, after = self.plan(connection, row)
        if not self._write(connection, row, after, self._now()):
            return None
        return replace(row, progress=after), step

    async def _drive(self, row: Row, step: Step, *, claimed: bool = False, link: Link | None = None) -> None:
        while True:
            # Telling and asking BioTime go on side by side; the answer is settled first, it must not wait for a chat.
            telling = asyncio.ensure_future(self._telling.tell(row, claimed=claimed))
            try:
                settled = await self._carry_out(row, step, link)
            finally:
                told = await telling
            claimed, link = False, None
            if settled is None:
                return
            following, step = settled
            row = replace(following, message_id=told.message_id, sends=told.sends, told=told.told)

    async def _carry_out(self, row: Row, step: Step, link: Link | None) -> tuple[Row, Step] | None:
        """The request and the row after it; None when there is nothing to do now."""
        if step is Step.WAIT:
            return None
        if step in (Step.POST, Step.FILE):
            refused = protocol.before_write(row.progress, self._now(), self._limits)
            if refused is not None:
                return await self._settle(row, refused)
        after, stale = await self._request(row, step, link)
        settled = await self._settle(row, after)
        if settled is None and stale is not None:
            await self._settle_stale(row, stale)
        return settled

    async def _request(
        self, row: Row, step: Step, link: Link | None
    ) -> tuple[Progress, PostOutcome | FileOutcome | None]:
        """The row after the request; beside it the answer, where it counts even if the row is no longer ours."""
        before, limits = row.progress, self._limits
        match step:
            case Step.POST:
                posted = await self._guard(self._carrier.post(row, link))
                return protocol.after_post(before, posted, self._now(), limits), posted
            case Step.FILE:
                filed = await self._guard(self._carrier.file(row))
                return protocol.after_file(before, filed, self._now(), limits), filed
            case Step.LOOK_UP:
                found = await self._carrier.look_up(row, limits)
                return protocol.after_look(before, found, self._now(), limits), None
            case Step.LOOK_UP_MANUAL:
                manual = await self._carrier.look_up_manual(row)
                return protocol.after_manual_look(before, manual, self._now()), None
            case _:
                decision, reason = await self._carrier.ask_decision(row)
                return protocol.after_decision(before, decision, reason, self._now()), None

    async def _guard(self, request: Any) -> Any:
        """A write has a hard end: what is not answered by then is unclear."""
        try:
            return await asyncio.wait_for(request, self._limits.timeout.total_seconds())
        except TimeoutError:
            return Unclear()

    async def _settle(self, row: Row, after: Progress) -> tuple[Row, Step] | None:
        """Writes the row, with what is due next, if it still is ours; None if it is somebody else's."""

        def settle(connection: Connection) -> tuple[tuple[Row, Step] | None, list[int]]:
            step, planned = self.plan(connection, replace(row, progress=after))
            settled = self._write(connection, row, planned, self._now())
            waiting = self._find_waiting(connection, row)
            return (replace(row, progress=planned), step) if settled else None, waiting

        settled, waiting = await self._db.write(settle)
        for row_id in waiting:
            self._start(row_id, self.advance(row_id))
        return settled

    async def _settle_stale(self, row: Row, answer: Any) -> None:
        """An answer to a claim that a sweep has ended in the meantime: it may still say where the punch is."""

        def settle(connection: Connection) -> tuple[Row, Row]:
            while (current := self.rows.find(connection, row.id)) is not None:
                after = protocol.after_stale_answer(current.progress, answer, self._now(), self._limits)
                if self._write(connection, current, after, self._now()):
                    return current, replace(current, progress=after)
            raise LookupError(f"row {row.id} is gone")

        before, after = await self._db.write(settle)
        if after.progress.flagged and not before.progress.flagged:
            await self._telling.warn(after)

    def _write(self, connection: Connection, before: Row, after: Progress, now: datetime) -> bool:
        """The row, and beside it that there is news to tell: by whoever writes it, else by a sweep. With it goes the
        receipt, where the punch has come to rest in BioTime."""
        rests = self._book.is_due(after) and after != before.progress
        if rests:
            # Before the row: whoever takes a punch locks in this order, too.
            links.lock_employee(connection, before.company, before.emp_code)
        extra = {} if news_of(after) == news_of(before.progress) else {"tell_at": now + TELL_AFTER}
        if not self.rows.settle(connection, before, after, **extra):
            return False
        if rests:
            self._book.write(connection, replace(before, progress=after))
        return True

    def _find_waiting(self, connection: Connection, row: Row) -> list[int]:
        """Later rows of the same employee that may have waited for this one."""
        if row.progress.state not in (State.SENDING, State.AMBIGUOUS):
            return []
        waiting = self.rows.find_waiting(connection, row.company, row.emp_code)
        return [row_id for row_id in waiting if row_id != row.id]
