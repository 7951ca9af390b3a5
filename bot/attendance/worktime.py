"""How long was worked, and how long paused: real elapsed time inside the duty window, and what goes over it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.instance import Instance
from bot.attendance.reading import Reading
from bot.attendance.rounding import to_minute, to_minutes
from bot.attendance.spans import Span, clip, cut_out, merge, total, total_within
from bot.attendance.timetable import NOTHING


@dataclass(frozen=True, slots=True)
class Worktime:
    """`in_duty` net of breaks and of leave; `after` is beyond the scheduled end, never before the start: nobody is paid
    for coming early unless it was punched as overtime. `measured` breaks are the punched ones, `taken` what came off or
    was punched, whichever is more.
    """

    in_duty: timedelta = NOTHING
    after: timedelta = NOTHING
    measured: timedelta = NOTHING
    taken: timedelta = NOTHING


def measure_worktime(instance: Instance, begun: datetime, ended: datetime, reading: Reading) -> Worktime:
    """Automatic breaks come off where the person was there, punched or not; punched ones where they are longer; a paid
    break only what it is overrun by."""
    if ended <= begun:
        return Worktime()
    windows = clip(find_duty(instance), begun, ended)
    measured = total_within(merge(map(to_minutes, reading.pauses)), windows)
    automatic = total_within(find_automatic(instance), windows)
    paid = sum((b.span[1] - b.span[0] for b in instance.breaks if b.paid), NOTHING)
    off = max(automatic, measured - paid)
    after = _measure_after(instance, begun, reading)
    return Worktime(total(windows) - off, after, measured, max(automatic, measured))


def find_duty(instance: Instance) -> list[Span]:
    """When work is due: from start to end, leaves left out."""
    return cut_out([(instance.start, instance.end)], instance.leaves)


def find_automatic(instance: Instance) -> list[Span]:
    return merge(planned.span for planned in instance.breaks if planned.automatic and not planned.paid)


def measure_planned_breaks(instance: Instance) -> timedelta:
    """Those between coming and going; a lunch inside the leave is nobody's break."""
    return total(clip((planned.span for planned in instance.breaks), instance.due_in, instance.due_out))


def measure_overtime(instance: Instance, spans: Iterable[Span], ended: datetime | None) -> timedelta:
    """Overtime as punched, without what lies inside the duty window or was counted as staying on."""
    counted = (instance.start, max(instance.end, ended or instance.end))
    return total(cut_out(merge(map(to_minutes, spans)), [counted]))


def _measure_after(instance: Instance, begun: datetime, reading: Reading) -> timedelta:
    if reading.clock_out is None:
        return NOTHING
    return max(NOTHING, to_minute(reading.clock_out) - max(instance.end, begun))
