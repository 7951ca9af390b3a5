"""What is odd about a shared place: marks for a person to judge, never a reason to refuse.

Nothing in the Bot API proves GPS, and every one of these has an honest explanation, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.attendance.geofence import Placement, measure_distance
from bot.attendance.model import Position


class Evidence(StrEnum):
    POOR_ACCURACY = "poor_accuracy"
    NO_ACCURACY = "no_accuracy"
    SAME_COORDINATES = "same_coordinates"
    IMPOSSIBLE_SPEED = "impossible_speed"
    OUTSIDE_AREA = "outside_area"
    NO_AREA = "no_area"
    LATE_DELIVERY = "late_delivery"
    LIVE_LOCATION = "live_location"


@dataclass(frozen=True, slots=True)
class Share:
    """A place as a person shared it: `shared_at` is Telegram's `message.date`, in whole seconds."""

    position: Position
    shared_at: datetime
    received_at: datetime
    live: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceLimits:
    """When a mark is made. The speed, in km/h, is an airliner's: slower journeys may be real."""

    accuracy: float = 100.0
    speed: float = 1000.0
    same_after: timedelta = timedelta(minutes=1)
    late_after: timedelta = timedelta(seconds=60)
    # What a phone that says nothing of its accuracy is trusted with, in metres.
    unknown_accuracy: float = 100.0


def build_evidence(
    share: Share, earlier: Iterable[Share], placement: Placement | None, limits: EvidenceLimits | None = None
) -> tuple[Evidence, ...]:
    """The marks of a share, in the order of Evidence.

    `earlier` are the person's other shares, in any order (when this one was delivered late, some are of a later time);
    `placement` is None where no fence is known.
    """
    found = set(_judge(share, tuple(earlier), placement, limits or EvidenceLimits()))
    return tuple(mark for mark in Evidence if mark in found)


def _judge(
    share: Share, earlier: tuple[Share, ...], placement: Placement | None, limits: EvidenceLimits
) -> Iterator[Evidence]:
    if share.position.accuracy is None:
        yield Evidence.NO_ACCURACY
    elif share.position.accuracy > limits.accuracy:
        yield Evidence.POOR_ACCURACY
    if any(_is_same_place(share, other, limits) for other in earlier):
        yield Evidence.SAME_COORDINATES
    if any(_is_too_fast(share, other, limits) for other in earlier):
        yield Evidence.IMPOSSIBLE_SPEED
    if placement is None:
        yield Evidence.NO_AREA
    elif not placement.inside:
        yield Evidence.OUTSIDE_AREA
    if share.received_at - share.shared_at > limits.late_after:
        yield Evidence.LATE_DELIVERY
    if share.live:
        yield Evidence.LIVE_LOCATION


def _is_same_place(share: Share, other: Share, limits: EvidenceLimits) -> bool:
    """To the last digit: two readings of a receiver differ, a saved pin does not. A double tap is one reading."""
    here, there = share.position, other.position
    if (here.latitude, here.longitude) != (there.latitude, there.longitude):
        return False
    return abs(share.shared_at - other.shared_at) >= limits.same_after


def _is_too_fast(share: Share, other: Share, limits: EvidenceLimits) -> bool:
    """Even if both places were as near to each other as their accuracy allows, and a second passed unseen."""
    allowance = sum(
        limits.unknown_accuracy if position.accuracy is None else position.accuracy
        for position in (share.position, other.position)
    )
    seconds = abs(share.shared_at - other.shared_at).total_seconds() + 1
    distance = measure_distance(share.position, other.position) - allowance
    return distance > limits.speed / 3.6 * seconds
