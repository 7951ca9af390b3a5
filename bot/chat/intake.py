"""Updates come in: durable first, then processed, each chat in order.

Telegram forgets an update once the next offset is asked for, or the webhook has said 200. Both happen only after the
commit here, and the set of numbers seen makes a repeat harmless.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.chat.ordering import ChatQueues
from bot.database import Database
from bot.store import inbox
from bot.store.cipher import Cipher, Undecipherable
from bot.store.inbox import Delivery, InboxRow

log = structlog.get_logger(__name__)

Json = dict[str, Any]

# After an idle week Telegram's numbers start anew; until then a repeat is known by its number.
REMEMBER = timedelta(days=8)
AGAIN = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 300))
MOST_ATTEMPTS = 12
# What a column holds: one absurd number must not keep out the updates that came with it.
BIGGEST = 2**63


class Later(Exception):
    """What an update asks for cannot be done now: it stays in the inbox and comes again."""

    def __init__(self, after: timedelta | None = None) -> None:
        super().__init__("later")
        self.after = after


class Intake:
    """`process` handles one update and raises Later to see it again; anything else it raises is the end of it."""

    def __init__(
        self,
        db: Database,
        cipher: Cipher,
        bot_id: int,
        process: Callable[[Json, int], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._cipher = cipher
        self._bot_id = bot_id
        self._process = process
        self._now = now
        self._under_way: set[int] = set()
        self._watches: list[list[int]] = []
        # Chat → the row that was put off: what came after it waits, or a password could be taken for a username.
        self._held: dict[int, int] = {}
        self._queues: ChatQueues[int, InboxRow] = ChatQueues(self._work, self._on_error, self._refill)

    async def accept(self, updates: Sequence[Json]) -> None:
        """Returns once all of them are on disk; what is new is then worked on. What nobody could keep is let go."""
        deliveries = [sealed for update in updates if (sealed := self._seal(update))]
        with self._watch() as ended:
            rows = await self._db.write(lambda c: inbox.add_updates(c, self._bot_id, deliveries, self._now()))
        for row in self._untaken(rows, ended):
            self._put(row)

    async def resume(self) -> int:
        """Takes up what is open: after a start, and what was put off."""
        with self._watch() as ended:
            rows = await self._db.read(lambda c: inbox.find_open(c, self._bot_id, self._now()))
        return sum(self._put(row) for row in self._untaken(rows, ended))

    async def forget(self) -> int:
        before = self._now() - REMEMBER
        return await self._db.write(lambda c: inbox.forget_updates(c, before))

    async def join(self) -> None:
        await self._queues.join()

    async def close(self) -> None:
        await self._queues.close(timedelta(seconds=10))

    def _put(self, row: InboxRow) -> bool:
        accepted = self._queues.put(row.chat_id, row)
        if accepted:
            self._under_way.add(row.id)
        return accepted

    async def _refill(self, chat_id: int) -> Sequence[InboxRow]:
        with self._watch() as ended:
            rows = await self._db.read(lambda c: inbox.find_open(c, self._bot_id, self._now(), chat_id, 32))
        fresh = self._untaken(rows, ended)
        self._under_way.update(row.id for row in fresh)
        return fresh

    async def _work(self, row: InboxRow) -> None:
        try:
            await self._attempt(row)
        finally:
            self._under_way.discard(row.id)
            for ended in self._watches:
                ended.append(row.id)

    @contextmanager
    def _watch(self) -> Iterator[list[int]]:
        """Collects which rows end while the inbox is asked: its answer may still call them open.

        A row can be seen by the sweep, and be done with, before whoever committed it goes on.
        """
        ended: list[int] = []
        self._watches.append(ended)
        try:
            yield ended
        finally:
            self._watches = [other for other in self._watches if other is not ended]

    def _untaken(self, rows: Sequence[InboxRow], ended: Sequence[int]) -> list[InboxRow]:
        taken = self._under_way.union(ended)
        return [row for row in rows if row.id not in taken]

    async def _attempt(self, row: InboxRow) -> None:
        if self._held.get(row.chat_id, row.id) != row.id:
            return
        try:
            await self._process(self._open(row), row.attempt)
        except Later as later:
            if row.attempt + 1 < MOST_ATTEMPTS:
                await self._put_off(row, later)
                return
            log.error("update given up", update=row.update_id)
        except Undecipherable:
            log.error("update kept under a key that is gone", update=row.update_id)
        except RecursionError:
            log.error("update nested too deeply", update=row.update_id)
        await self._db.write(lambda c: inbox.settle_update(c, row.id))
        self._held.pop(row.chat_id, None)

    async def _put_off(self, row: InboxRow, later: Later) -> None:
        self._held[row.chat_id] = row.id
        wait = later.after or AGAIN[min(row.attempt, len(AGAIN) - 1)]
        at = self._now() + wait
        await self._db.write(lambda c: inbox.postpone_update(c, row.id, row.attempt + 1, at))

    def _on_error(self, chat_id: int, error: Exception) -> None:
        """The row could not be settled, or a net has a hole: it stays open and the sweep finds it."""
        log.error("update not settled", problem=type(error).__name__, exc_info=error)

    def _seal(self, update: Json) -> Delivery | None:
        """Encrypted as a whole: a message may be a password or a place."""
        update_id = number_of(update)
        if update_id is None:
            log.warning("update without a number")
            return None
        try:
            text = json.dumps(update, separators=(",", ":")).encode()  # ASCII: half a character has no UTF-8
        except RecursionError:
            log.warning("update nested too deeply", update=update_id)
            return None
        payload = self._cipher.encrypt(text, "inbox.payload", self._bot_id, update_id)
        return Delivery(update_id, chat_of(update), payload)

    def _open(self, row: InboxRow) -> Json:
        opened: Json = json.loads(self._cipher.decrypt(row.payload, "inbox.payload", self._bot_id, row.update_id))
        return opened


def number_of(update: Json) -> int | None:
    """None for what is no update: Telegram's numbers are whole and fit a column."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and abs(number) < BIGGEST else None


def chat_of(update: Json) -> int:
    """The chat an update belongs to, 0 for none."""
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message")
            holder = message if isinstance(message, dict) else content
            chat = holder.get("chat") or content.get("from")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int) and abs(chat["id"]) < BIGGEST:
                return int(chat["id"])
    return 0


async def poll(
    fetch: Callable[[int], Awaitable[Sequence[Json]]], intake: Intake, pause: Callable[[Exception, int], timedelta]
) -> None:
    """Long polling, for ever: the offset moves after the commit. `pause` says how long to rest after a failure.

    An update without a number moves no offset, so it comes again; alone it is a failure, or it would come in a rush.
    """
    offset, failures = 0, 0
    while True:
        try:
            updates = await fetch(offset)
            await intake.accept(updates)
            offset = _after(updates, offset)
        except Exception as problem:  # the loop must outlive an outage of Telegram, a full disk, a locked database
            failures += 1
            log.warning("updates not taken", problem=type(problem).__name__, failures=failures)
            await asyncio.sleep(pause(problem, failures).total_seconds())
            continue
        failures = 0


def _after(updates: Sequence[Json], offset: int) -> int:
    """Raises ValueError where there are updates and none has a number."""
    numbers = [number for update in updates if (number := number_of(update)) is not None]
    return max(numbers) + 1 if updates else offset
