"""The queue of updates that wait for the bot: numbering, confirming, retention, and long polling."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.errors import ApiError, Json, conflict
from bot.playground.signal import Signal

RETENTION = timedelta(hours=24)
CALLBACK_RETENTION = timedelta(seconds=150)
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(eq=False)
class Queued:
    """An update that waits; webhooks keep each `lane` in order. `again` is delivered once, whatever the offset."""

    update: Json
    lane: str
    queued_at: datetime
    again: bool = False

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])

    @property
    def retention(self) -> timedelta:
        return CALLBACK_RETENTION if "callback_query" in self.update else RETENTION


class Updates:
    """What the bot has not confirmed yet."""

    def __init__(self, now: Callable[[], datetime], signal: Signal) -> None:
        self._now = now
        self._signal = signal
        self._next_id = random.randint(100_000_000, 900_000_000)  # noqa: S311 - only has to be unguessable to tests
        self._queue: list[Queued] = []
        self._sent: list[Queued] = []
        self._allowed: frozenset[str] | None = None
        self._poll: object | None = None
        self.webhook_active = False

    @property
    def pending(self) -> tuple[Queued, ...]:
        """What still waits, oldest first; what is past its retention is gone."""
        now = self._now()
        self._queue = [queued for queued in self._queue if now - queued.queued_at < queued.retention]
        return tuple(self._queue)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep only these kinds of updates from now on; an empty list is Telegram's default, None changes nothing."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    @property
    def allowed(self) -> list[str] | None:
        return sorted(self._allowed) if self._allowed else None

    def push(self, kind: str, payload: Json, lane: str) -> int | None:
        """Queue an update; None where the bot did not ask for this kind."""
        if kind in ON_REQUEST if self._allowed is None else kind not in self._allowed:
            return None
        return self.push_raw({kind: payload}, lane)

    def push_raw(self, members: Json, lane: str = "raw") -> int:
        """Queue anything at all as an update, for a bot that must survive it."""
        update_id = self._next_id
        self._next_id += 1
        self._queue.append(Queued({"update_id": update_id, **members}, lane, self._now()))
        self._signal.ring()
        return update_id

    def redeliver(self, update_id: int | None = None) -> None:
        """Deliver an update (the newest by default) once more under the same id, as Telegram may."""
        known = [*self._sent, *self._queue]
        found = [queued for queued in known if update_id in {None, queued.update_id}][-1]
        self._queue.append(Queued(found.update, found.lane, self._now(), again=True))
        self._signal.ring()

    def forget(self, queued: Queued) -> None:
        """The bot has confirmed this one."""
        if queued in self._queue:
            self._queue.remove(queued)
            self._sent.append(queued)
            self._signal.ring()

    def drop_pending(self) -> None:
        self._queue.clear()
        self._signal.ring()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """One getUpdates: at once if something waits, else when something comes or the time is up."""
        self._refuse_beside_webhook()
        self._poll = mine = object()
        self._signal.ring()
        self._confirm(offset)
        batch = await self._signal.wait_for(lambda: self._batch(mine, limit), seconds)
        if self._poll is mine:
            self._poll = None
        self._refuse_beside_webhook()
        return [queued.update for queued in self._hand_over(batch or [])]

    def _refuse_beside_webhook(self) -> None:
        if self.webhook_active:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._queue = list(self.pending)[offset:]
        for queued in self.pending:
            if queued.update_id < offset and not queued.again:
                self.forget(queued)

    def _batch(self, mine: object, limit: int) -> list[Queued] | None:
        if self._poll is not mine:
            raise _terminated()
        if self.webhook_active:
            return []
        return list(self.pending[:limit]) or None

    def _hand_over(self, batch: list[Queued]) -> list[Queued]:
        for queued in batch:
            queued.again = False
        return batch


def _terminated() -> ApiError:
    return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
