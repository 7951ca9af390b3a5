"""The values every layer speaks in."""

from dataclasses import dataclass
from enum import IntEnum


class PunchState(IntEnum):
    """What a punch says, in BioTime's numbers (manual 9.1; wire notes, Resources)."""

    CHECK_IN = 0
    CHECK_OUT = 1
    BREAK_OUT = 2
    BREAK_IN = 3
    OVERTIME_IN = 4
    OVERTIME_OUT = 5
    # Normal for devices without keys: the direction must be inferred.
    UNKNOWN = 255


@dataclass(frozen=True, slots=True)
class Position:
    """A place on earth in WGS84 degrees; `accuracy` is the radius in metres the phone vouches for, if it said one."""

    latitude: float
    longitude: float
    accuracy: float | None = None
