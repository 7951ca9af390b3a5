"""A site's people as the gates see them now. Of thousands most are alike, and are judged once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection

from bot.attendance.chain import Gate, Step, Stop
from bot.attendance.facts import Facts, Rules
from bot.attendance.gates import judge
from bot.attendance.window import first_punch, start_of_work
from bot.services.reaching import find_delays
from bot.services.sites import read_site
from bot.store import attending
from bot.store.alerts import Brief
from bot.store.attending import Shown
from bot.store.messages import Message


class Attendee(NamedTuple):
    """`last`: what the last of the gates saw; where and when a punch was is not said, it may be that of somebody like
    them. `is_missing`: let through by all gates up to the one that looks for a punch. `begins_at`: when they are to
    come, a leave considered; `punched_at`: when they came.
    """

    emp_code: str
    name: str
    last: Step
    is_missing: bool
    begins_at: datetime
    ends_at: datetime | None
    punched_at: datetime | None

    @property
    def is_in(self) -> bool:
        return self.punched_at is not None or self.last.stop in _IN


_IN = (Stop.PUNCHED, Stop.DOUBTED, Stop.INSIDE)


class Attending:
    """One site at one moment, in one transaction. `absences`: of whom there was an alert, by emp_code."""

    def __init__(
        self, connection: Connection, message: Message, absences: Mapping[str, Brief], rules: Rules, now: datetime
    ) -> None:
        self._connection = connection
        self._company = message.company
        self._site = read_site(message.payload)
        self._absences = absences
        self._rules = rules
        self._now = now
        self._delays: Mapping[str, timedelta] = {}

    def load(self, mine: ColumnElement[bool]) -> list[Attendee]:
        """Those people of it; last, of whom nothing is expected there any more."""
        connection, company, site = self._connection, self._company, self._site
        rows = attending.load_attending(connection, company, site, mine)
        elsewhere = self._absences.keys() - {row.emp_code for row in rows}
        gone = attending.find_gone(connection, company, site, mine) if elsewhere else {}
        silent = [row.emp_code for row in rows if row.theirs is None and row.ours is None]
        self._delays = find_delays(connection, company, {*silent, *self._absences, *gone}, self._rules, self._now)
        models = self._compare(rows, attending.find_early(connection, company, site, silent) if silent else set())
        facts = self._load_facts({*models}, gone)
        seen = {code: self._judge(one) for code, one in facts.items()}
        return [
            *(
                self._describe(facts[model], row.name, seen[model])
                if model == row.emp_code
                else self._liken(row, seen[model])
                for row, model in zip(rows, models, strict=True)
            ),
            *(self._describe(facts[code], name, seen[code]) for code, name in gone.items()),
        ]

    def _load_facts(self, codes: Iterable[str], gone: Iterable[str]) -> dict[str, Facts]:
        found = attending.load_facts_of_site(self._connection, self._company, self._site, (codes, gone), self._now)
        return {one.shift.emp_code: one for one in found}

    def _compare(self, rows: Iterable[Shown], early: Collection[str]) -> list[str]:
        """For each the first one of whom the gates see the same; themselves, where there is more to see."""
        unlike = attending.find_unlike(self._connection, self._company, self._site)
        excluded, delay_of = self._rules.excluded, self._delay_of
        first: dict[tuple[Any, ...], str] = {}
        models = []
        for code, _, ends_at, is_plain, theirs, ours in rows:
            if not is_plain or unlike is None or code in unlike or code in early:
                models.append(code)
            else:
                is_here = theirs is not None or ours is not None
                models.append(first.setdefault((ends_at, is_here, code in excluded, delay_of(code)), code))
        return models

    def _delay_of(self, emp_code: str) -> timedelta | None:
        """Of whom somebody has been told, all may know. Who came in time has, whatever their managers want to know."""
        alert = self._absences.get(emp_code)
        return _NONE if alert is not None and alert.is_open else self._delays.get(emp_code)

    def _judge(self, one: Facts) -> tuple[Step, bool]:
        """As it was at its end, where the shift is over: who came came, and who did not never will."""
        ends_at, delay = one.shift.ends_at, self._delay_of(one.shift.emp_code)
        now = self._now if ends_at is None else min(self._now, ends_at)
        chain = judge(replace(one, delay=delay), self._rules, now)
        return chain.last, chain.has_passed(Gate.NO_PUNCH)

    def _liken(self, row: Shown, seen: tuple[Step, bool]) -> Attendee:
        code, name, ends_at, _, theirs, ours = row
        punched_at = min(theirs, ours) if theirs and ours else theirs or ours
        return Attendee(code, name, *seen, self._site.starts_at, ends_at, punched_at)

    def _describe(self, one: Facts, name: str, seen: tuple[Step, bool]) -> Attendee:
        punch, shift = first_punch(one), one.shift
        begins_at, punched_at = start_of_work(one) or self._site.starts_at, punch.at if punch else None
        return Attendee(shift.emp_code, name, *seen, begins_at, shift.ends_at, punched_at)


_NONE = timedelta(0)
