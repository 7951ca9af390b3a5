"""Time cards: a person's punches, laid on what their days should have been."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.attendance.fixed import build_fixed
from bot.attendance.flexible import build_flexible
from bot.attendance.instance import Instance, build_instances
from bot.attendance.matching import Portion, Stamp, drop_duplicates, share_out, take_overtime
from bot.attendance.roster import Day, DayKind, Leaves, Roster, date_of
from bot.attendance.schedule import Attendant
from bot.attendance.spans import Span
from bot.attendance.stretches import Stretch, find_stretches
from bot.attendance.timecard import TimeCard
from bot.attendance.timetable import DAY, NOTHING
from bot.attendance.unscheduled import build_unscheduled

# A timetable lasts a day and its windows reach a day more: what a punch may belong to began two days before at most.
_BACK, _AHEAD = 2 * DAY, DAY


@dataclass(slots=True)
class _Workdate:
    """What fell to one workdate."""

    shares: list[tuple[Instance, Sequence[Stamp]]] = field(default_factory=list)
    overtime: list[Span] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)


def build_time_cards(
    person: Attendant, first: date, last: date, stamps: Sequence[Stamp], now: datetime
) -> list[TimeCard]:
    """The cards of `first` to `last`, both included, in order of day and start.

    A day has a card for each timetable, and one without where it has none or something was worked beside them. There is
    none for days after `now`'s, for days outside the contract nobody worked on, and for who keeps no attendance.
    `stamps` are the person's punches in any order; they reach a day beyond both ends, for shifts over midnight.
    """
    last = min(last, date_of(now, person.zone))
    if not person.enable_att or last < first:
        return []
    days = _plan_days(person, first, last, stamps)
    workdates = _sort_in(person, days, stamps)
    wanted = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [card for on in wanted for card in _build_day(days[on], workdates[on], person, now)]


def _plan_days(person: Attendant, first: date, last: date, stamps: Sequence[Stamp]) -> dict[date, Day]:
    """Every day a card is wanted of or a punch may belong to, so that a day's cards are the same in any range."""
    roster = Roster(person)
    if stamps:
        first = min(first, date_of(min(stamp.at for stamp in stamps), person.zone) - _BACK)
        last = max(last, date_of(max(stamp.at for stamp in stamps), person.zone) + _AHEAD)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: roster.plan_day(day) for day in days}


def _sort_in(person: Attendant, days: dict[date, Day], stamps: Sequence[Stamp]) -> dict[date, _Workdate]:
    leaves = Leaves(person.leaves, person.zone)
    instances = [instance for day in days.values() for instance in build_instances(day, leaves, person.zone)]
    instances.sort(key=lambda instance: (instance.opens, instance.start))
    in_order = sorted((Stamp(s.at.astimezone(UTC), s.punch_state) for s in stamps), key=lambda stamp: stamp.at)
    overtime, rest = take_overtime(drop_duplicates(in_order, person.rules.duplicate_within))
    shares = share_out(instances, rest)
    workdates: dict[date, _Workdate] = defaultdict(_Workdate)
    for instance, share in zip(instances, shares.of, strict=True):
        workdates[instance.workdate].shares.append((instance, share))
    for span in overtime:
        workdates[_find_workdate(span[0], instances, person)].overtime.append(span)
    for stretch in find_stretches(shares.unscheduled):
        workdates[date_of(stretch.at, person.zone)].stretches.append(stretch)
    return workdates


def _find_workdate(at: datetime, instances: Sequence[Instance], person: Attendant) -> date:
    """Overtime within an instance's reach is of its workdate, any other of its own date."""
    before = bisect_right(instances, at, key=lambda instance: instance.opens) - 1
    if before >= 0 and at <= instances[before].closes:
        return instances[before].workdate
    return date_of(at, person.zone)


def _build_day(day: Day, found: _Workdate, person: Attendant, now: datetime) -> Iterable[TimeCard]:
    worked = NOTHING
    for n, (instance, share) in enumerate(found.shares, start=1):
        build = build_flexible if instance.timetable.flexible else build_fixed
        overtime = found.overtime if n == len(found.shares) else ()
        card = build(Portion(instance, share, overtime, worked), person, now)
        worked += card.total_worked or NOTHING
        yield card
    stretches = found.stretches if found.shares else _with_overtime(found)
    if stretches or (not found.shares and day.kind is not DayKind.NOT_EMPLOYED):
        yield build_unscheduled(day, stretches, worked, person, now)


def _with_overtime(found: _Workdate) -> list[Stretch]:
    """On a day without a timetable overtime is work like any other there."""
    spans = [Stretch(*span) for span in found.overtime]
    return sorted([*found.stretches, *spans], key=lambda stretch: stretch.at)
