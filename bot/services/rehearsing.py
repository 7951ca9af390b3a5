"""The rehearsal of alerts: whom today's rules would have told of on days that are past, and who was in fact there.

HR's alone, and the operator's. The company's BioTime is read in the bot's name; nothing is written, nobody is told.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.attendance.facts import Rules
from bot.attendance.past import FALSE, Finding, Verdict
from bot.attendance.rehearsal import SiteRun, rehearse
from bot.database import Database
from bot.services.managing import HR, Refusal, Refused
from bot.services.rehearsal_history import DAY, Directory, History
from bot.services.scanning import read_rules
from bot.services.service_account import ServiceAccount
from bot.services.tenants import Tenants
from bot.services.workdays import FIRST_DAY
from bot.store import manager_settings
from bot.store.links import Link

LONGEST = timedelta(days=31)
# Paging costs nothing for so long; then the records may say something else.
KEPT_FOR, MOST_KEPT = timedelta(minutes=10), 8
Progress = Callable[[int, int], Awaitable[None]]


class BadPeriod(StrEnum):
    AHEAD = "ahead"
    TOO_LONG = "too long"
    TOO_OLD = "too old"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding, and whose; `place` is "" for people of no area."""

    finding: Finding
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `expected` shifts of people. `false` would have been false alarms; `missed` were absent, and nobody told."""

    expected: int = 0
    absent: int = 0
    late: int = 0
    false: int = 0
    undecided: int = 0
    missed: int = 0
    incidents: int = 0

    @property
    def told(self) -> int:
        return self.absent + self.late + self.false + self.undecided

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class DayTally:
    workdate: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class SiteTally:
    place: str
    timetable: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`gone`: how many worked there then and do no more; `undated`: punches of unknown upload, taken to have been known
    at once; `enabled`: whether the company's alerts are on now.
    """

    company: str
    first: date
    last: date
    rules: Rules
    enabled: bool
    entries: tuple[Entry, ...]
    days: tuple[DayTally, ...]
    sites: tuple[SiteTally, ...]
    gone: int
    undated: int

    @property
    def tally(self) -> Tally:
        return sum((day.tally for day in self.days), Tally())


@dataclass(frozen=True, slots=True)
class Changes:
    """Other rules than the company's, to try them; None is the company's."""

    grace: timedelta | None = None
    delay: timedelta | None = None
    incident_percent: int | None = None

    def apply(self, rules: Rules) -> Rules:
        given = {name: getattr(self, name) for name in Changes.__dataclass_fields__}
        return replace(rules, **{name: value for name, value in given.items() if value is not None})


def check_period(first: date, last: date, today: date) -> BadPeriod | None:
    if first > min(last, today):
        return BadPeriod.AHEAD
    if first < FIRST_DAY:
        return BadPeriod.TOO_OLD
    return BadPeriod.TOO_LONG if last - first >= LONGEST else None


class Rehearsing:
    def __init__(self, db: Database, tenants: Tenants, account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._account = account
        self._now = now
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._kept: OrderedDict[tuple[object, ...], tuple[datetime, Rehearsal]] = OrderedDict()

    def today(self, company: str) -> date:
        return self._now().astimezone(self._tenants.zone_of(company)).date()

    def refuse(self, asking: Link) -> Refused | None:
        """Whoever is not HR."""
        return None if asking.app_role == HR else Refused(Refusal.NOT_HR)

    async def rehearse(self, asking: Link, first: date, last: date, progress: Progress) -> Rehearsal | Refused:
        """By the company's rules of now. Raises BioTimeError and NoServiceAccount."""
        refused = self.refuse(asking)
        return refused or await self.rehearse_as_operator(asking.company, first, last, progress)

    async def rehearse_as_operator(
        self, company: str, first: date, last: date, progress: Progress, changes: Changes = Changes()
    ) -> Rehearsal | Refused:
        """One after the other, so that nobody asks BioTime for the same twice. Raises as `rehearse`."""
        if check_period(first, last, self.today(company)) is not None:
            return Refused(Refusal.WRONG_PERIOD)
        last = min(last, self.today(company))
        settings = await self._db.read(lambda c: manager_settings.load_alert_settings(c, company))
        rules = changes.apply(read_rules(settings))
        key = (company, first, last, rules, settings.enabled)
        async with self._turns[company]:
            kept = self._kept.get(key)
            if kept is None or self._now() - kept[0] >= KEPT_FOR:
                made = await self._run(company, first, last, rules, progress)
                kept = self._keep(key, replace(made, enabled=settings.enabled))
            return kept[1]

    def _keep(self, key: tuple[object, ...], made: Rehearsal) -> tuple[datetime, Rehearsal]:
        self._kept[key] = (self._now(), made)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    async def _run(self, company: str, first: date, last: date, rules: Rules, progress: Progress) -> Rehearsal:
        history = History(self._db, self._account, company, self._tenants.zone_of(company), self._now)
        total = (last - first).days + 1
        await progress(0, total)
        directory = await history.fetch_directory(first)
        runs: list[SiteRun] = []
        loose: list[Finding] = []
        gone: set[str] = set()
        undated = 0
        async for piece in history.walk(directory, first, last):
            # Thousands of people are reckoned beside the loop, which has others to answer.
            found, days_without_start = await asyncio.to_thread(rehearse, piece.pasts, rules)
            runs += found
            loose += days_without_start
            gone |= piece.gone
            undated += piece.undated
            await progress((piece.last - first).days + 1, total)
        entries = _name(directory, [*(one for run in runs for one in run.findings), *loose])
        days, sites = _count_days(first, last, runs, loose), _count_sites(directory, runs)
        return Rehearsal(company, first, last, rules, True, entries, days, sites, len(gone), undated)


def _name(directory: Directory, findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """In the order of days, then of who was told when."""

    def order(entry: Entry) -> tuple[object, ...]:
        finding = entry.finding
        told = finding.told_at or finding.shift.starts_at
        return finding.shift.workdate, told is None, told, entry.place, entry.name.casefold(), finding.shift.emp_code

    entries = [
        Entry(one, directory.people[one.shift.emp_code].name, directory.places.get(one.shift.area_id, ""))
        for one in findings
    ]
    return tuple(sorted(entries, key=order))


def _count_days(first: date, last: date, runs: Iterable[SiteRun], loose: Iterable[Finding]) -> tuple[DayTally, ...]:
    found = {first + n * DAY: Tally() for n in range((last - first).days + 1)}
    for run in runs:
        found[run.site.workdate] += _count(run)
    for one in loose:
        found[one.shift.workdate] += Tally(missed=1)
    return tuple(DayTally(day, tally) for day, tally in found.items())


def _count_sites(directory: Directory, runs: Iterable[SiteRun]) -> tuple[SiteTally, ...]:
    """Those with the most alerts first."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for run in runs:
        found[directory.places.get(run.site.area_id, ""), run.site.timetable] += _count(run)
    sites = (SiteTally(*key, tally) for key, tally in found.items())
    return tuple(sorted(sites, key=lambda one: (-one.tally.told, -one.tally.missed, one.place, one.timetable)))


def _count(run: SiteRun) -> Tally:
    seen = [one.verdict for one in run.findings]
    return Tally(
        expected=run.expected,
        absent=seen.count(Verdict.ABSENT),
        late=seen.count(Verdict.LATE),
        false=sum(verdict in FALSE for verdict in seen),
        undecided=seen.count(Verdict.UNDECIDED),
        missed=seen.count(Verdict.MISSED),
        incidents=int(run.incident_at is not None),
    )
