"""Slowed, not locked: a bucket per key that fills again with time. Kept in memory, per process."""

from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.gateway.settings import Rate

MAX_KEYS = 10_000


class Buckets:
    """How much of the burst each key has used up; only keys in use are kept."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._used: dict[Hashable, tuple[float, datetime]] = {}

    def take(self, key: Hashable, now: datetime) -> timedelta:
        """Zero: taken. Else nothing was taken, and how long until there is one."""
        used = self._used_at(key, now)
        if used + 1 > self._rate.burst:
            return self._rate.every * (used + 1 - self._rate.burst)
        self._keep(key, used + 1, now)
        return timedelta()

    def give_back(self, key: Hashable, now: datetime) -> None:
        self._keep(key, self._used_at(key, now) - 1, now)

    def _used_at(self, key: Hashable, now: datetime) -> float:
        used, since = self._used.get(key, (0.0, now))
        # A clock that was set back must not fill the bucket, nor empty it.
        elapsed = max(now - since, timedelta())
        return max(0.0, used - elapsed / self._rate.every)

    def _keep(self, key: Hashable, used: float, now: datetime) -> None:
        # Last used goes last, so that the first is the one to forget.
        self._used.pop(key, None)
        if used > 0:
            self._used[key] = (used, now)
        while len(self._used) > MAX_KEYS:
            self._used.pop(next(iter(self._used)))
