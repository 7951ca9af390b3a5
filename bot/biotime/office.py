"""The web API of one company, for who may see all of it: a system user, or an administrator (manual 1, 2)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

import httpx

from bot.biotime.att import Att
from bot.biotime.exchange import Exchange
from bot.biotime.iclock import Iclock
from bot.biotime.pace import Pace
from bot.biotime.personnel import Personnel

# A page of a report takes its time; nobody waits for it in a chat.
_TOTAL = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything raises BioTimeError (see `errors`)."""

    personnel: Personnel
    iclock: Iclock
    att: Att

    @classmethod
    def build(cls, http: httpx.AsyncClient, zone: ZoneInfo, pace: Pace) -> Self:
        exchange = Exchange(http, _TOTAL, pace)
        return cls(Personnel(exchange), Iclock(exchange, zone), Att(exchange, zone))
