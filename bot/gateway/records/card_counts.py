"""How many time cards people have in a period, without building them.

A day has a card for each of its timetables, or one without: that follows from the plan, and people with the same plan
have as many. Only a punch in no timetable's reach may add a card; who has one is counted card by card.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from bot.attendance.instance import Instance, build_instances
from bot.attendance.roster import Day, DayKind, Leaves, Roster
from bot.attendance.schedule import WEEK, Attendant, Schedule
from bot.attendance.spans import Span, cut_out, merge
from bot.attendance.timecards import build_time_cards
from bot.database import UtcDateTime
from bot.gateway.records.reports import DAY, Period, load_stamps
from bot.gateway.records.tables import employees, transactions
from bot.gateway.records.working_hours import WorkingHours
from bot.gateway.records.working_time import load_attendants, midnight

ALWAYS: Span = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_REACH = 2 * DAY


@dataclass(frozen=True, slots=True)
class Plan:
    """`cards` without any punch; a punch inside `harmless` (in order, apart) adds none."""

    cards: int
    harmless: tuple[Span, ...]


@dataclass(slots=True)
class CardCounter:
    """Counts one report; plans are remembered between the calls. `now` ends the period, as for the cards."""

    hours: WorkingHours
    period: Period
    now: datetime
    _plans: dict[object, Plan] = field(default_factory=dict)
    _odd: dict[Plan, Select[str] | None] = field(default_factory=dict)

    def count(self, conn: Connection, employee_ids: Sequence[str]) -> list[int]:
        """In the order of the ids."""
        period = self.period
        people = load_attendants(conn, self.hours, employee_ids, period.first, period.last)
        plans = {employee_id: self._plan(person) for employee_id, person in people.items()}
        odd = self._find_odd(conn, plans)
        stamps = load_stamps(conn, odd, period, self.hours.zone) if odd else {}
        exact = {
            employee_id: len(
                build_time_cards(people[employee_id], period.first, period.last, stamps.get(employee_id, ()), self.now)
            )
            for employee_id in odd
        }
        return [exact[e] if e in exact else plans[e].cards if e in plans else 0 for e in employee_ids]

    def _plan(self, person: Attendant) -> Plan:
        key = _key(person, self.period)
        if key not in self._plans:
            self._plans[key] = _build_plan(person, self.period, self.now)
        return self._plans[key]

    def _find_odd(self, conn: Connection, plans: dict[str, Plan]) -> list[str]:
        """Who has a punch that may add a card. The database looks: nearly nobody has one."""
        alike: dict[Plan, list[str]] = defaultdict(list)
        for employee_id, plan in plans.items():
            alike[plan].append(employee_id)
        return [e for plan, people in alike.items() for e in self._find_odd_among(conn, plan, people)]

    def _find_odd_among(self, conn: Connection, plan: Plan, people: Sequence[str]) -> Iterable[str]:
        if plan not in self._odd:
            self._odd[plan] = self._select_odd(plan)
        query = self._odd[plan]
        return () if query is None else list(conn.scalars(query, {"people": people}))

    def _select_odd(self, plan: Plan) -> Select[str] | None:
        """None: no punch can be."""
        punch = transactions.c
        spans = cut_out([self.period.bounds(self.hours.zone)], plan.harmless)
        if not spans:
            return None
        # Joined, so that each gap of each person is one step into the index; as a condition, every punch was looked at.
        bounds = sa.column("start", UtcDateTime), sa.column("stop", UtcDateTime)
        gaps = sa.values(*bounds).data(spans).cte("gaps")
        inside = sa.and_(punch.punched_at >= gaps.c.start, punch.punched_at < gaps.c.stop)
        odd = sa.select(punch.id).join_from(gaps, transactions, inside).where(punch.employee_id == employees.c.id)
        # One person after the other, as the index has their punches: asked by gaps, its pages came again for each.
        return sa.select(employees.c.id).where(employees.c.id.in_(sa.bindparam("people", expanding=True)), odd.exists())


def _key(person: Attendant, period: Period) -> object:
    """The same for people with the same days in the period: what begins before it begins with it."""

    def clipped(schedule: Schedule) -> tuple[int, date, date | None]:
        # Only a week's days do not depend on when the schedule began.
        start = max(schedule.start_date, period.first - _REACH) if schedule.shift.cycle_days == WEEK else None
        return schedule.shift.id, start or schedule.start_date, schedule.end_date

    hired, left = person.hire_date, person.leave_date
    return (
        None if hired is None or hired <= period.first - _REACH else hired,
        None if left is None or left >= period.last + _REACH else left,
        person.enable_att,
        person.enable_holiday,
        tuple(map(clipped, person.schedules)),
        tuple((t.workdate, t.timetable and t.timetable.id) for t in person.temporary),
        person.holidays,
    )


def _build_plan(person: Attendant, period: Period, now: datetime) -> Plan:
    last = min(period.last, now.astimezone(person.zone).date())
    if not person.enable_att or last < period.first:
        return Plan(0, (ALWAYS,))
    roster = Roster(person)
    days = [roster.plan_day(day) for day in _range(period.first - _REACH, last + _REACH)]
    instances = [i for day in days for i in build_instances(day, Leaves((), person.zone), person.zone)]
    wanted = (day for day in days if period.first <= day.workdate <= last)
    cards = sum(max(1, len(day.timetables)) for day in wanted if day.kind is not DayKind.NOT_EMPLOYED)
    return Plan(cards, _find_harmless(days, instances, last, person) if _is_regular(instances) else ())


def _find_harmless(
    days: Sequence[Day], instances: Sequence[Instance], last: date, person: Attendant
) -> tuple[Span, ...]:
    """Where a timetable reaches; on days of rest, which have their card anyway; after the last day."""
    tick = timedelta(microseconds=1)
    reach = [(instance.opens, instance.closes + tick) for instance in instances]
    rest = [
        (midnight(day.workdate, person.zone), midnight(day.workdate + DAY, person.zone))
        for day in days
        if day.workdate > last or (not day.timetables and day.kind is not DayKind.NOT_EMPLOYED)
    ]
    return tuple(merge([*reach, *rest]))


def _is_regular(instances: Sequence[Instance]) -> bool:
    """Whether no timetable reaches beyond the one after it: else a punch in its reach may fall to nobody."""
    ordered = sorted(instances, key=lambda instance: (instance.opens, instance.start))
    return all(one.closes <= other.closes for one, other in pairwise(ordered))


def _range(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
