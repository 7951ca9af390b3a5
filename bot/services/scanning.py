"""The scan: one read, the pure plan, and what it found into the tables. A second run at once finds nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.attendance.absence import Found, Plan, plan
from bot.attendance.chain import Chain, Gate
from bot.attendance.facts import Facts, Kind, Rules, Site
from bot.attendance.gates import judge
from bot.database import Database
from bot.services.reaching import Reach, find_delays, spread
from bot.services.sites import write_site
from bot.services.staff import load_staff_of
from bot.services.tenants import Tenants
from bot.store import alert_recipients, alerts, facts, links, manager_settings, outbox, syncing
from bot.store.alert_recipients import Told
from bot.store.manager_settings import AlertSettings
from bot.store.messages import New, Topic
from bot.store.syncing import Sync

# So long BioTime may be silent before anybody is told: a restart there takes minutes.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Scanned:
    """`found` are new alerts, `ended` those whose reason has vanished, `messages` new rows of the outbox."""

    found: int = 0
    ended: int = 0
    messages: int = 0


class Scanning:
    def __init__(self, db: Database, tenants: Tenants, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._now = now

    async def run(self) -> Scanned:
        """Every company; what came of all of them together."""
        total = Scanned()
        for company in self._tenants.companies:
            one = await self.scan(company)
            total = Scanned(total.found + one.found, total.ended + one.ended, total.messages + one.messages)
        return total

    async def scan(self, company: str) -> Scanned:
        now = self._now()
        settings = await self._db.read(lambda c: manager_settings.load_alert_settings(c, company))
        if not settings.enabled:
            return Scanned()
        rules = read_rules(settings)
        missing, planned = await self._db.read_aside(lambda c: _find_missing(c, company, rules, now))
        silent = await self._db.read(lambda c: _find_silence(c, company, now))
        if not (planned.found or planned.vanished or planned.cleared or silent):
            return Scanned()
        keeping = _Keeping(
            company=company,
            planned=planned,
            missing=missing,
            affected=_affected(missing, planned),
            rules=rules,
            silent=silent,
            now=now,
        )
        return await self._db.write(keeping.keep)

    async def explain(self, company: str, emp_code: str, site: Site) -> tuple[Chain, Rules] | None:
        """Why, or why not, this person is missing: as of now, and as if nothing had been told; by which rules."""
        now = self._now()
        rules = read_rules(await self._db.read(lambda c: manager_settings.load_alert_settings(c, company)))
        found = await self._db.read(lambda c: facts.load_facts_of(c, company, emp_code, site.workdate, now))
        mine = next((one for one in found if one.shift.starts_at == site.starts_at), next(iter(found), None))
        if mine is None:
            return None
        (one,) = await self._db.read(lambda c: hurry(c, company, [mine], rules, now))
        return judge(one, rules, now), replace(rules, delay=rules.delay if one.delay is None else one.delay)


def _find_missing(connection: Connection, company: str, rules: Rules, now: datetime) -> tuple[list[Facts], Plan]:
    scan = facts.load_scan(connection, company, now)
    missing = hurry(connection, company, scan.missing, rules, now)
    return missing, plan(missing, rules, now, expected=scan.expected, told=scan.told)


def hurry(connection: Connection, company: str, missing: list[Facts], rules: Rules, now: datetime) -> list[Facts]:
    """With what their managers have chosen: whoever wants to know sooner is told sooner."""
    delays = find_delays(connection, company, {one.shift.emp_code for one in missing}, rules, now)
    return [replace(one, delay=delays.get(one.shift.emp_code)) for one in missing] if delays else missing


def read_rules(settings: AlertSettings) -> Rules:
    excluded = settings.excluded | settings.inside
    return Rules(settings.grace, settings.delay, settings.nudge, settings.incident_percent, excluded)


def _affected(missing: Iterable[Facts], planned: Plan) -> dict[Site, set[str]]:
    """The sites of which there is something to tell as a whole, with all of whom nothing is known there."""
    sites = {one.site for one in planned.found if not one.emp_code}
    found: dict[Site, set[str]] = defaultdict(set)
    for facts_ in missing:
        shift = facts_.shift
        if shift.starts_at is not None and shift.site in sites:
            found[shift.site].add(shift.emp_code)
    return found


@dataclass(frozen=True, slots=True)
class _Keeping:
    """What was planned goes into the tables, all of it or nothing. `affected`: whose managers' cards change, by site;
    `silent`: parts of which nothing comes, or comes again.
    """

    company: str
    planned: Plan
    missing: list[Facts]
    affected: Mapping[Site, set[str]]
    rules: Rules
    silent: list[Sync]
    now: datetime

    def keep(self, connection: Connection) -> Scanned:
        company, planned, now = self.company, self.planned, self.now
        found = alerts.add_alerts(connection, company, planned.found, now)
        ended = alerts.end_alerts(connection, company, planned.vanished, now)
        ended += alerts.clear_sites(connection, company, planned.cleared, now)
        news = [*self._nudges(), *self._cards(connection), *self._tell_of_silence(connection)]
        messages = outbox.add_messages(connection, company, news, now)
        outbox.hasten(connection, company, Topic.CARD, self._changed(), now)
        return Scanned(found, ended, messages)

    def _changed(self) -> set[str]:
        """The cards that there are and that say what is no longer so."""
        sites = set(self.planned.cleared)
        vanished = {(code, key) for code, key, _ in self.planned.vanished}
        sites |= {one.shift.site for one in self.missing if (one.shift.emp_code, one.shift.key) in vanished}
        return {site.key for site in sites}

    def _nudges(self) -> Iterable[New]:
        for one in self.planned.found:
            if one.kind is Kind.NUDGE:
                yield New(one.emp_code, Topic.NUDGE, one.key, self.now, write_site(one.site))

    def _cards(self, connection: Connection) -> Iterable[New]:
        absent = [one for one in self.planned.found if one.kind is Kind.ABSENT]
        codes = {code for some in self.affected.values() for code in some} | {one.emp_code for one in absent}
        reach = Reach(connection, self.company, load_staff_of(connection, self.company, codes, self.now), self.now)
        sooner = {one.shift.emp_code: one.delay for one in self.missing if one.delay is not None}
        again = defaultdict[str, set[str]](set)
        for one in absent:
            again[one.key].add(one.emp_code)
        for instance, them in again.items():
            alert_recipients.begin_anew(connection, self.company, instance, them)
        yield from spread(connection, self.company, [row for one in absent for row in self._tell(reach, one, sooner)])
        for site, some in self.affected.items():
            due: dict[str, datetime] = {}
            for code in some:
                for recipient, delay in reach.find(code).items():
                    at = self.now + max(delay - sooner.get(code, self.rules.delay), timedelta(0))
                    due[recipient] = min(due.get(recipient, at), at)
            for recipient, at in due.items():
                yield New(recipient, Topic.CARD, site.key, at, write_site(site))
        for manager, hr in sorted(reach.unlinked):
            yield New(hr, Topic.UNLINKED, f"{manager} {self.now:%Y-%m-%d}", self.now, {"manager": manager})

    def _tell(self, reach: Reach, found: Found, sooner: Mapping[str, timedelta]) -> Iterable[tuple[Told, Site]]:
        """Whoever is told of this one, each as long after it was found as they want to."""
        due = next((step.at for step in found.chain.steps if step.gate is Gate.OVERDUE and step.at), self.now)
        waited = sooner.get(found.emp_code, self.rules.delay)
        for recipient, delay in reach.find(found.emp_code).items():
            at = max(self.now, due + delay - waited)
            yield Told(recipient, found.emp_code, found.key, at), found.site

    def _tell_of_silence(self, connection: Connection) -> Iterable[New]:
        """One message to HR for each silence, whichever parts: they fail together, and come back together."""
        if not self.silent:
            return
        for sync in self.silent:
            told_at = self.now if sync.failed_since else None
            syncing.settle_told(connection, self.company, sync.part, told_at)
        known = syncing.load_syncs(connection, self.company).values()
        since = min((one.failed_since for one in known if one.failed_since is not None), default=None)
        payload = {"since": since.isoformat() if since else None}
        for link, _ in links.find_hr(connection, self.company):
            last = outbox.find_newest(connection, self.company, link.emp_code, Topic.DOWN)
            over = last is None or last.payload["since"] is None
            if since is not None or not over:
                key = last.key if last is not None and not over else f"{self.now:%Y-%m-%d %H:%M}"
                yield New(link.emp_code, Topic.DOWN, key, self.now, payload)


def _find_silence(connection: Connection, company: str, now: datetime) -> list[Sync]:
    """Parts that nothing has come of for long and of which nobody knows; or that are back, and HR does not know."""
    found = []
    for sync in syncing.load_syncs(connection, company).values():
        down = sync.failed_since is not None and now - sync.failed_since >= PATIENCE
        if down != (sync.told_at is not None) and (down or sync.failed_since is None):
            found.append(sync)
    return found
