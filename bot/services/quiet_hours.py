"""When a manager wants to hear nothing."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.store.manager_settings import ManagerSettings

MINUTE, LONGEST = timedelta(minutes=1), timedelta(days=2)


def find_quiet_end(settings: ManagerSettings, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that are running end; None where none are. They may reach over midnight.

    It is looked for minute by minute, on the wall: where clocks are turned, the hour that ends them is there twice, or
    not at all.
    """
    begins, ends = settings.quiet_from, settings.quiet_until
    if begins is None or ends is None or not _is_quiet(begins, ends, now, zone):
        return None
    minute = now.replace(second=0, microsecond=0)
    later = (minute + number * MINUTE for number in range(1, LONGEST // MINUTE))
    return next(at for at in later if not _is_quiet(begins, ends, at, zone))


def _is_quiet(begins: time, ends: time, at: datetime, zone: ZoneInfo) -> bool:
    wall = at.astimezone(zone).time()
    return begins <= wall < ends if begins <= ends else wall >= begins or wall < ends
