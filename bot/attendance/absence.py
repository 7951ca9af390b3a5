"""Who is missing, and whom that is to be told of: facts and a moment in, alerts out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Facts, Kind, Rules, ShiftKind, Site
from bot.attendance.gates import judge
from bot.attendance.window import start_of_work

# Fewer people than this are no crowd: if all three of a site are missing, their names say more than "an incident".
SMALLEST_CROWD = 5
# Data is looked at every minute: until it is silent for so long, it is not late, only waited for.
LATE_AFTER = timedelta(minutes=5)
# So many gates do not ask what kind of alert it is.
_ALIKE = list(Gate).index(Gate.OVERDUE)
_BEFORE_WORK = frozenset(list(Gate)[:_ALIKE])


@dataclass(frozen=True, slots=True)
class Found:
    """An alert to keep; for a whole site `emp_code` is "" and the chain is of one of its people."""

    kind: Kind
    emp_code: str
    key: str
    site: Site
    chain: Chain


@dataclass(frozen=True, slots=True)
class Plan:
    """`vanished`: (employee, shift key, what became of it) of alerts whose reason is gone."""

    found: tuple[Found, ...] = ()
    vanished: tuple[tuple[str, str, Step], ...] = ()
    cleared: tuple[Site, ...] = field(default=())
    """Sites that were an incident, or late, and are no more."""


def plan(
    missing: Iterable[Facts],
    rules: Rules,
    now: datetime,
    *,
    expected: Mapping[Site, int] = {},
    told: Mapping[Site, frozenset[Kind]] = {},
) -> Plan:
    """What there is to tell now. `missing`: everybody who may be, and everybody about whom an alert is open;
    `expected`: how many each site waits for; `told`: the open alerts about whole sites.
    """
    judged = [(facts, judge(facts, rules, now)) for facts in missing]
    crowds: dict[Site, list[tuple[Facts, Chain]]] = defaultdict(list)
    free: Counter[Site] = Counter()
    stale: dict[Site, Chain] = {}
    for facts, chain in judged:
        if chain.has_passed(Gate.NO_PUNCH):
            crowds[facts.shift.site].append((facts, chain))
            if chain.last.gate is Gate.FRESH and chain.last.stop is not None:
                site = facts.shift.site
                stale[site] = min(stale.get(site, chain), chain, key=_silent_since)
        elif facts.shift.kind is ShiftKind.WORK and is_free(facts, chain):
            free[facts.shift.site] += 1
    incidents = {
        site for site, crowd in crowds.items() if is_crowd(len(crowd), expected.get(site, 0) - free[site], rules)
    }
    found = [*_find_alerts(judged, incidents), *_find_nudges(judged, rules, now, incidents)]
    found += [
        _of_site(Kind.STALE, site, chain)
        for site, chain in stale.items()
        if Kind.STALE not in told.get(site, ()) and now - _silent_since(chain) >= LATE_AFTER
    ]
    found += [
        _of_site(Kind.INCIDENT, site, crowds[site][0][1])
        for site in incidents
        if Kind.INCIDENT not in told.get(site, ()) and site not in stale
    ]
    cleared = [site for site, kinds in told.items() if kinds and site not in incidents and site not in stale]
    return Plan(tuple(found), tuple(_find_vanished(judged, rules, now)), tuple(cleared))


def _silent_since(chain: Chain) -> datetime:
    """When what is not fresh was last heard of; of what never was, when it was wanted first."""
    heard_at = chain.last.at or next(step.at for step in chain.steps if step.gate is Gate.OVERDUE)
    assert heard_at is not None
    return heard_at


def is_free(facts: Facts, chain: Chain) -> bool:
    """Nobody waits for them now, or not yet: on leave, excused, left out."""
    if chain.last.stop is Stop.NOT_YET:
        return start_of_work(facts) != facts.shift.starts_at
    return chain.last.gate in _BEFORE_WORK


def is_crowd(missing: int, expected: int, rules: Rules) -> bool:
    """Whether so many of a site are missing that it is one incident."""
    everybody = max(expected, missing)
    return everybody >= SMALLEST_CROWD and is_most(missing, everybody, rules)


def is_most(missing: int, everybody: int, rules: Rules) -> bool:
    return missing * 100 >= rules.incident_percent * everybody


def _find_alerts(judged: list[tuple[Facts, Chain]], incidents: set[Site]) -> Iterable[Found]:
    for facts, chain in judged:
        if chain.passed and facts.shift.site not in incidents:
            yield Found(Kind.ABSENT, facts.shift.emp_code, facts.shift.key, facts.shift.site, chain)


def _find_nudges(
    judged: list[tuple[Facts, Chain]], rules: Rules, now: datetime, incidents: set[Site]
) -> Iterable[Found]:
    """Who will be missing before long; not once the manager knows."""
    for facts, absence in judged:
        before = rules.nudge if facts.nudge is None else facts.nudge
        if before <= timedelta(0):
            continue
        early = absence.last.stop is Stop.NOT_YET or absence.passed
        if not early or not facts.told.isdisjoint((Kind.NUDGE, Kind.ABSENT)) or facts.shift.site in incidents:
            continue
        chain = judge(facts, rules, now, Kind.NUDGE, passed=absence.steps[:_ALIKE])
        if chain.passed:
            yield Found(Kind.NUDGE, facts.shift.emp_code, facts.shift.key, facts.shift.site, chain)


def _find_vanished(judged: list[tuple[Facts, Chain]], rules: Rules, now: datetime) -> Iterable[tuple[str, str, Step]]:
    """Told, and no longer so: not because data is late, which proves nothing."""
    for facts, chain in judged:
        if not facts.told:
            continue
        # Who was asked before anybody is told is not due yet, as it should be; unless they are to be asked later now.
        early = chain.last.stop is Stop.NOT_YET and Kind.ABSENT not in facts.told
        last = judge(facts, rules, now, Kind.NUDGE).last if early else chain.last
        if last.stop is not None and last.gate not in (Gate.FRESH, Gate.NEW):
            yield facts.shift.emp_code, facts.shift.key, last


def _of_site(kind: Kind, site: Site, chain: Chain) -> Found:
    return Found(kind, "", site.key, site, chain)
