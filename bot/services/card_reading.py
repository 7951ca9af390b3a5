"""What a card says of each person: made of what is so now, and of whom an alert has told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from bot.attendance.chain import Gate, Step
from bot.attendance.facts import Kind, Rules
from bot.services.attending import Attendee
from bot.store.alerts import Alert, Brief
from bot.store.notices import Notice

# How late somebody is is said in steps, or the card would be edited every minute.
STEP = timedelta(minutes=5)
COUNTED = (Gate.OVERDUE, Gate.NO_PUNCH, Gate.FRESH, Gate.NEW)


@dataclass(frozen=True, slots=True)
class Missing:
    """`notice` is the last thing they said of this day; `asks_leave`: for it, and nobody has decided."""

    alert: Brief
    name: str
    late_by: timedelta
    notice: Notice | None = None
    asks_leave: bool = False


@dataclass(frozen=True, slots=True)
class NeverCame:
    """Missing when the shift was over."""

    name: str
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    name: str
    at: datetime
    late_by: timedelta


@dataclass(frozen=True, slots=True)
class Retracted:
    """Missing no more, and why: None, where somebody else looks after them. `excused_by`: who let them off. Where and
    when they came is not said.
    """

    name: str
    step: Step | None
    alert_id: int = 0
    excused_by: str = ""


def find_stale(waiting: Iterable[Alert], attendees: Iterable[Attendee], *, over: bool) -> Step | None:
    """What is waited for; of what is over, what never came to be known."""
    steps = [alert.chain.last for alert in waiting if alert.kind is Kind.STALE]
    lasts = (one.last for one in attendees) if over else ()
    return next(chain(steps, (step for step in lasts if step.gate is Gate.FRESH and step.stop is not None)), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """Of whom there was an alert, and what is so now: the alerts themselves end when the scan looks the next time."""

    rules: Rules
    now: datetime
    told: Mapping[str, Brief]
    said: Mapping[str, Notice]
    asking: Collection[str]
    excusers: Mapping[str, str]

    def missing(self, attendees: Iterable[Attendee]) -> Iterable[Missing]:
        for one in attendees:
            code = one.emp_code
            alert = self.told.get(code)
            if alert is not None and self._is_missing(one):
                yield Missing(alert, one.name, self._how_late(one), self.said.get(code), code in self.asking)

    def unlisted(self, attendees: Iterable[Attendee]) -> Iterable[Missing]:
        """Of an incident: nobody has been told of them by name, and there is no alert to open."""
        for one in attendees:
            code = one.emp_code
            if code not in self.told and self._is_missing(one):
                yield Missing(Brief(0, code, True, None), one.name, self._how_late(one), self.said.get(code))

    def count_missing(self, attendees: Iterable[Attendee]) -> int:
        return sum(map(self._is_missing, attendees))

    def never_came(self, attendees: Iterable[Attendee]) -> Iterable[NeverCame]:
        for one in attendees:
            if one.last.stop is None and self._is_over(one):
                yield NeverCame(one.name, self.said.get(one.emp_code))

    def late(self, attendees: Iterable[Attendee]) -> Iterable[Arrived]:
        for one in attendees:
            if one.punched_at is not None and self._is_late(one):
                yield Arrived(one.name, one.punched_at, one.punched_at - one.begins_at)

    def retracted(self, attendees: Iterable[Attendee]) -> Iterable[Retracted]:
        """But for those who came late, who are among the late."""
        for one in attendees:
            alert = self.told.get(one.emp_code)
            if alert is not None and not one.is_missing and not self._is_late(one):
                excused_by = self.excusers.get(alert.excused_by or "", "")
                yield Retracted(one.name, one.last, alert.id, excused_by)

    def _is_late(self, one: Attendee) -> bool:
        at, gate = one.punched_at, one.last.gate
        return at is not None and at - one.begins_at > self.rules.grace and gate in COUNTED

    def _is_missing(self, one: Attendee) -> bool:
        return one.is_missing and not self._is_over(one)

    def _how_late(self, one: Attendee) -> timedelta:
        return (self.now - one.begins_at) // STEP * STEP

    def _is_over(self, one: Attendee) -> bool:
        return one.ends_at is not None and self.now > one.ends_at
