"""What a card says of each person: made of the facts as they are, and of whom an alert has told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Facts, Kind, Rules
from bot.attendance.gates import judge
from bot.attendance.window import first_punch, start_of_work
from bot.store.alerts import Alert
from bot.store.notices import Notice
from bot.store.roster import RosterPerson

# How late somebody is is said in steps, or the card would be edited every minute.
STEP = timedelta(minutes=5)
COUNTED = (Gate.OVERDUE, Gate.NO_PUNCH, Gate.FRESH, Gate.NEW)


@dataclass(frozen=True, slots=True)
class Missing:
    """`notice` is the last thing they said of this day; `asks_leave`: for it, and nobody has decided."""

    alert: Alert
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
    """Missing no more, and why: None, where somebody else looks after them. `excused_by`: who let them off."""

    name: str
    step: Step | None
    alert_id: int = 0
    excused_by: str = ""


def judge_now(one: Facts, rules: Rules, now: datetime) -> Chain:
    """As it was at its end, where the shift is over: who came came, and who did not never will."""
    ends_at = one.shift.ends_at
    return judge(one, rules, now if ends_at is None else min(now, ends_at))


def is_in(one: Facts, chain: Chain) -> bool:
    return chain.last.stop in (Stop.PUNCHED, Stop.INSIDE) or first_punch(one) is not None


def find_stale(waiting: Iterable[Alert], judged: Iterable[tuple[Facts, Chain]], *, over: bool) -> Step | None:
    """What is waited for; of what is over, what never came to be known."""
    steps = [alert.chain.last for alert in waiting if alert.kind is Kind.STALE]
    if over:
        steps += [chain.last for _, chain in judged if chain.last.gate is Gate.FRESH and not chain.passed]
    return next(iter(steps), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """Of whom there was an alert, and what is so now: the alerts themselves end when the scan looks the next time."""

    rules: Rules
    now: datetime
    people: Mapping[str, RosterPerson]
    told: dict[str, Alert]
    said: dict[str, Notice]
    asking: set[str]
    excusers: dict[str, str]

    def missing(self, judged: Iterable[tuple[Facts, Chain]]) -> Iterable[Missing]:
        for one, chain in judged:
            code = one.shift.emp_code
            alert = self.told.get(code)
            if alert is not None and chain.has_passed(Gate.NO_PUNCH) and not self._is_over(one):
                late = (self.now - self._begins(one)) // STEP * STEP
                yield Missing(alert, self.name_of(one), late, self.said.get(code), code in self.asking)

    def never_came(self, judged: Iterable[tuple[Facts, Chain]]) -> Iterable[NeverCame]:
        for one, chain in judged:
            if chain.passed and self._is_over(one):
                yield NeverCame(self.name_of(one), self.said.get(one.shift.emp_code))

    def late(self, judged: Iterable[tuple[Facts, Chain]]) -> Iterable[Arrived]:
        for one, chain in judged:
            punch = first_punch(one)
            if punch is not None and chain.last.gate in COUNTED and self._is_late(one, punch.at):
                yield Arrived(self.name_of(one), punch.at, punch.at - self._begins(one))

    def retracted(self, judged: Iterable[tuple[Facts, Chain]]) -> Iterable[Retracted]:
        """But for those who came late, who are among the late."""
        for one, chain in judged:
            punch = first_punch(one)
            late = punch is not None and chain.last.gate in COUNTED and self._is_late(one, punch.at)
            if one.shift.emp_code in self.told and not chain.has_passed(Gate.NO_PUNCH) and not late:
                alert = self.told[one.shift.emp_code]
                excused_by = self.excusers.get(alert.excused_by or "", "")
                yield Retracted(self.name_of(one), chain.last, alert.id, excused_by)

    def _is_late(self, one: Facts, at: datetime) -> bool:
        return at - self._begins(one) > self.rules.grace

    def _is_over(self, one: Facts) -> bool:
        return one.shift.ends_at is not None and self.now > one.shift.ends_at

    def name_of(self, one: Facts) -> str:
        person = self.people.get(one.shift.emp_code)
        return person.name if person else one.shift.emp_code

    def _begins(self, one: Facts) -> datetime:
        begins = start_of_work(one) or one.shift.starts_at
        assert begins is not None
        return begins
