"""What the playground's tests share."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any


class Clock:
    """The playground's time; stands still until moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


Api = Callable[..., Awaitable[dict[str, Any]]]
