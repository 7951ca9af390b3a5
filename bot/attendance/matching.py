"""Which punch belongs to which shift instance."""

from dataclasses import dataclass
from datetime import datetime

from bot.attendance.model import PunchState


@dataclass(frozen=True, slots=True)
class Stamp:
    """One punch: when, aware, and what it says of its direction."""

    at: datetime
    punch_state: PunchState = PunchState.UNKNOWN
