"""Alerts as they would have been: the rules of `absence` at the deadlines of past days, as if it were then. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from bot.attendance.absence import is_crowd, is_free, plan
from bot.attendance.chain import Gate
from bot.attendance.facts import Facts, Kind, Rules, Site
from bot.attendance.gates import judge
from bot.attendance.hindsight import explain_silence, judge_alert
from bot.attendance.past import Finding, LogState, Past, appeared_at, facts_at, facts_now
from bot.attendance.window import find_due, first_punch


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One site's shift: of how many people, since when an incident, and what was found."""

    site: Site
    expected: int
    incident_at: datetime | None
    findings: tuple[Finding, ...]


@dataclass
class _Told:
    """What has been told of one site so far: of whom by name, and of whom as one of an incident's."""

    by_name: dict[str, datetime] = field(default_factory=dict)
    in_crowd: dict[str, datetime] = field(default_factory=dict)
    incident_at: datetime | None = None
    is_open: bool = False


def rehearse(pasts: Iterable[Past], rules: Rules) -> tuple[list[SiteRun], list[Finding]]:
    """Site by site; and whoever was absent on a day that has no start, of whom nobody is ever told."""
    rules = replace(rules, nudge=timedelta(0))  # who is asked themselves is not the question
    sites: dict[Site, list[Past]] = defaultdict(list)
    loose: list[Finding] = []
    for past in pasts:
        if past.shift.starts_at is not None:
            sites[past.shift.site].append(past)
        elif past.absent:
            loose.append(explain_silence(past, rules, None))
    return [_run_site(site, some, rules) for site, some in sites.items()], loose


def _run_site(site: Site, pasts: list[Past], rules: Rules) -> SiteRun:
    told = _Told()
    queue = list({moment for past in pasts for moment in _moments(past, rules)})
    heapify(queue)
    seen: set[datetime] = set()
    while queue:
        moment = heappop(queue)
        if moment in seen:
            continue
        seen.add(moment)
        crowd = _scan(site, pasts, rules, moment, told)
        expected = len(pasts) - _count_free(pasts, rules, moment)
        eases_at = _eases_at(crowd, expected, rules, moment) if told.is_open else None
        if eases_at is not None:
            heappush(queue, eases_at)
    findings = tuple(finding for past in pasts if (finding := _find(past, rules, told)) is not None)
    return SiteRun(site, len(pasts), told.incident_at, findings)


def _scan(site: Site, pasts: list[Past], rules: Rules, moment: datetime, told: _Told) -> list[Past]:
    """As `services/scanning` would have at that moment; returns who was missing."""
    known = [_with_told(facts_at(past, moment), told) for past in pasts]
    open_kinds = {site: frozenset({Kind.INCIDENT} if told.is_open else ())}
    planned = plan(known, rules, moment, expected={site: len(pasts)}, told=open_kinds)
    if any(found.kind is Kind.INCIDENT for found in planned.found):
        told.is_open, told.incident_at = True, told.incident_at or moment
    elif planned.cleared:
        told.is_open = False
    for found in planned.found:
        if found.kind is Kind.ABSENT:
            told.by_name.setdefault(found.emp_code, moment)
    if not told.is_open:
        return []
    crowd = [past for past, facts in zip(pasts, known, strict=True) if _is_missing(facts, rules, moment)]
    for past in crowd:
        told.in_crowd.setdefault(past.shift.emp_code, moment)
    return crowd


def _with_told(facts: Facts, told: _Told) -> Facts:
    return replace(facts, told=frozenset({Kind.ABSENT})) if facts.shift.emp_code in told.by_name else facts


def _is_missing(facts: Facts, rules: Rules, moment: datetime) -> bool:
    return judge(facts, rules, moment).has_passed(Gate.NO_PUNCH)


def _count_free(pasts: list[Past], rules: Rules, moment: datetime) -> int:
    """Who is not waited for then, on leave or left out."""
    known = [facts_at(past, moment) for past in pasts]
    return sum(is_free(facts, judge(facts, rules, moment)) for facts in known)


def _moments(past: Past, rules: Rules) -> Iterator[datetime]:
    """When somebody may have become missing: their deadline as it was then, as leaves moved it, and when a manual log
    that held the alert up was refused."""
    begun, ends = past.shift.starts_at, past.shift.ends_at
    assert begun is not None
    assert ends is not None
    for facts in (facts_at(past, begun), facts_now(past)):
        due = find_due(facts, rules)
        if due is not None and due <= ends:
            yield due
    for log in past.logs:
        if log.state is LogState.REFUSED and log.decided_at is not None and begun < log.decided_at <= ends:
            yield log.decided_at


def _eases_at(crowd: list[Past], expected: int, rules: Rules, moment: datetime) -> datetime | None:
    """When so many had come that it was no incident any more; from then on the others are named."""
    gone = sorted(at for past in crowd if (at := _cleared_at(past, moment)) is not None)
    enough = next((n for n in range(1, len(gone) + 1) if not is_crowd(len(crowd) - n, expected, rules)), None)
    return None if enough is None else gone[enough - 1]


def _cleared_at(past: Past, moment: datetime) -> datetime | None:
    """When the first of all that would have cleared them was known."""
    opens, ends = past.shift.opens_at, past.shift.ends_at
    assert opens is not None
    assert ends is not None
    known = [appeared_at(one) for one in past.punches if opens <= one.seen.at <= ends]
    known += [log.filed_at for log in past.logs if log.filed_at is not None and opens <= log.at <= ends]
    return min((at for at in known if moment < at <= ends), default=None)


def _find(past: Past, rules: Rules, told: _Told) -> Finding | None:
    code = past.shift.emp_code
    told_at = told.by_name.get(code) or told.in_crowd.get(code)
    if told_at is not None:
        judged = judge_alert(past, rules, told_at)
        return replace(judged, told_at=told_at, incident=code not in told.by_name)
    if not past.absent or past.counted is not None or first_punch(facts_now(past)) is not None:
        return None
    return explain_silence(past, rules, past.shift.starts_at)
