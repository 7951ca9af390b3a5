"""Drives a punch to BioTime: takes the row, makes one request, settles the row, tells the person; again until it rests.

What may happen next is decided in `attendance/clocking`; every write is a compare-and-set, so that any number of
drivers, sweeps and restarts may meet over one row.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

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
from bot.services.receipts import ReceiptBook, outcome_of
from bot.services.requests import Requests
from bot.services.telling import TELL_AFTER, Telling, news_of
from bot.store import links, punches
from bot.store.links import Link
from bot.store.punches import Punch

log = structlog.get_logger(__name__)


class Sending:
    def __init__(
        self,
        db: Database,
        requests: Requests,
        telling: Telling,
        now: Callable[[], datetime],
        limits: Limits = DEFAULT_LIMITS,
        *,
        receipts: ReceiptBook,
    ) -> None:
        self._db = db
        self._requests = requests
        self._telling = telling
        self._now = now
        self._limits = limits
        self._receipts = receipts
        # The driver of each punch in this process: kept, or the loop would let it be collected in mid-run.
        self._driven: dict[int, asyncio.Task[None]] = {}

    # -- the bell ------------------------------------------------------------------------------------------------------

    def ring(self, punch: Punch, step: Step, link: Link) -> None:
        """Goes on in the background with a punch just kept as `plan` said, made under this link."""
        self._start(punch.id, self._drive(punch, step, claimed=True, link=link))

    async def sweep(self) -> int:
        """Starts on every punch that is due and not being driven here; returns how many."""
        now = self._now()
        due = await self._db.read(lambda c: punches.find_due(c, now) + punches.find_untold(c, now))
        fresh = [punch_id for punch_id in dict.fromkeys(due) if punch_id not in self._driven]
        for punch_id in fresh:
            self._start(punch_id, self.advance(punch_id))
        return len(fresh)

    async def recover(self) -> int:
        """At the start of the only process: whoever held a punch is dead, and may have written. None of them goes
        back to recorded."""
        now = self._now()

        def abandon(connection: Connection) -> int:
            held = punches.find_claimed(connection)
            for punch in held:
                self._write(connection, punch, protocol.to_ambiguous(punch.progress, now, now, self._limits), now)
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

    def _start(self, punch_id: int, work: Any) -> None:
        if punch_id in self._driven:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._driven[punch_id] = task
        task.add_done_callback(lambda done: self._ended(punch_id, done))

    def _ended(self, punch_id: int, task: asyncio.Task[None]) -> None:
        self._driven.pop(punch_id, None)
        if not task.cancelled() and (problem := task.exception()) is not None:
            # The row still says what is due; the sweep takes it up again.
            log.error("punch not advanced", punch=punch_id, problem=type(problem).__name__, exc_info=problem)

    # -- one punch -----------------------------------------------------------------------------------------------------

    async def advance(self, punch_id: int) -> None:
        """Idempotent: does what is due for this punch, if anything."""
        taken = await self._db.write(lambda c: self._take_by_id(c, punch_id))
        if taken is not None:
            await self._drive(*taken)

    def plan(self, connection: Connection, punch: Punch) -> tuple[Step, Progress]:
        """What is to be done now, and the row that says so. A punch without an id is not kept yet.

        Whoever calls this writes that row, and commits before anything is sent: after the commit it says that a
        request may be on its way.
        """
        step, after = Step.AGAIN, punch.progress
        while step is Step.AGAIN:
            near = Neighbours()
            if after.state is State.RECORDED:
                near = punches.load_neighbours(connection, punch)
            step, after = protocol.plan(after, near, self._now(), self._limits)
        return step, after

    def _take_by_id(self, connection: Connection, punch_id: int) -> tuple[Punch, Step] | None:
        punch = punches.find_punch(connection, punch_id)
        if punch is None:
            return None
        links.lock_employee(connection, punch.company, punch.emp_code)
        step, after = self.plan(connection, punch)
        if not self._write(connection, punch, after, self._now()):
            return None
        return replace(punch, progress=after), step

    async def _drive(self, punch: Punch, step: Step, *, claimed: bool = False, link: Link | None = None) -> None:
        while True:
            # Telling and asking BioTime go on side by side; the answer is settled first, it must not wait for a chat.
            telling = asyncio.ensure_future(self._telling.tell(punch, claimed=claimed))
            try:
                settled = await self._carry_out(punch, step, link)
            finally:
                punch_told = await telling
            claimed, link = False, None
            if settled is None:
                return
            following, step = settled
            punch = replace(following, message_id=punch_told.message_id, sends=punch_told.sends, told=punch_told.told)

    async def _carry_out(self, punch: Punch, step: Step, link: Link | None) -> tuple[Punch, Step] | None:
        """The request and the row after it; None when there is nothing to do now."""
        if step is Step.WAIT:
            return None
        if step in (Step.POST, Step.FILE):
            refused = protocol.before_write(punch.progress, self._now(), self._limits)
            if refused is not None:
                return await self._settle(punch, refused)
        after, stale = await self._request(punch, step, link)
        settled = await self._settle(punch, after)
        if settled is None and stale is not None:
            await self._settle_stale(punch, stale)
        return settled

    async def _request(
        self, punch: Punch, step: Step, link: Link | None
    ) -> tuple[Progress, PostOutcome | FileOutcome | None]:
        """The row after the request; beside it the answer, where it counts even if the row is no longer ours."""
        row, limits = punch.progress, self._limits
        match step:
            case Step.POST:
                posted = await self._guard(self._requests.post(punch, link))
                return protocol.after_post(row, posted, self._now(), limits), posted
            case Step.FILE:
                filed = await self._guard(self._requests.file(punch))
                return protocol.after_file(row, filed, self._now(), limits), filed
            case Step.LOOK_UP:
                found = await self._requests.look_up(punch, limits)
                return protocol.after_look(row, found, self._now(), limits), None
            case Step.LOOK_UP_MANUAL:
                manual = await self._requests.look_up_manual(punch)
                return protocol.after_manual_look(row, manual, self._now()), None
            case _:
                decision, reason = await self._requests.ask_decision(punch)
                return protocol.after_decision(row, decision, reason, self._now()), None

    async def _guard(self, request: Any) -> Any:
        """A write has a hard end: what is not answered by then is unclear."""
        try:
            return await asyncio.wait_for(request, self._limits.timeout.total_seconds())
        except TimeoutError:
            return Unclear()

    async def _settle(self, punch: Punch, after: Progress) -> tuple[Punch, Step] | None:
        """Writes the row, with what is due next, if it still is ours; None if it is somebody else's."""

        def settle(connection: Connection) -> tuple[tuple[Punch, Step] | None, list[int]]:
            step, planned = self.plan(connection, replace(punch, progress=after))
            settled = self._write(connection, punch, planned, self._now())
            waiting = _find_waiting(connection, punch)
            return (replace(punch, progress=planned), step) if settled else None, waiting

        settled, waiting = await self._db.write(settle)
        for punch_id in waiting:
            self._start(punch_id, self.advance(punch_id))
        return settled

    async def _settle_stale(self, punch: Punch, answer: Any) -> None:
        """An answer to a claim that a sweep has ended in the meantime: it may still say where the punch is."""

        def settle(connection: Connection) -> tuple[Punch, Punch]:
            while (current := punches.find_punch(connection, punch.id)) is not None:
                after = protocol.after_stale_answer(current.progress, answer, self._now(), self._limits)
                if self._write(connection, current, after, self._now()):
                    return current, replace(current, progress=after)
            raise LookupError(f"punch {punch.id} is gone")

        before, after = await self._db.write(settle)
        if after.progress.flagged and not before.progress.flagged:
            await self._telling.warn(after)

    def _write(self, connection: Connection, before: Punch, after: Progress, now: datetime) -> bool:
        """The row, and beside it that there is news to tell: by whoever writes it, else by a sweep. With it goes the
        receipt, where the punch has come to rest in BioTime."""
        rests = outcome_of(after) is not None and after != before.progress
        if rests:
            # Before the row: whoever takes a punch locks in this order, too.
            links.lock_employee(connection, before.company, before.emp_code)
        extra = {} if news_of(after) == news_of(before.progress) else {"tell_at": now + TELL_AFTER}
        if not punches.settle_punch(connection, before, after, **extra):
            return False
        if rests:
            self._receipts.write(connection, replace(before, progress=after))
        return True


def _find_waiting(connection: Connection, punch: Punch) -> list[int]:
    """Later punches of the same employee that may have waited for this one."""
    if punch.progress.state not in (State.SENDING, State.AMBIGUOUS):
        return []
    waiting = punches.find_waiting(connection, punch.company, punch.emp_code)
    return [punch_id for punch_id in waiting if punch_id != punch.id]
