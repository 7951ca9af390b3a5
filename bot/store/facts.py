"""What the scan reads. The database leaves out who has come: what is judged one by one is only who may be missing.

However many people there are, the number of queries is the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, select

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.facts import Away, Facts, Kind, SeenPunch, SeenTerminal, Site
from bot.attendance.model import PunchState
from bot.attendance.terminals import is_doubted
from bot.store import alerts as alert_rows
from bot.store.alert_tables import alerts as alert_table
from bot.store.manager_settings import load_nudges
from bot.store.punches import CLAIMED, MADE
from bot.store.roster import load_person_areas
from bot.store.roster_tables import (
    roster_holidays,
    roster_leaves,
    roster_logs,
    roster_punches,
    roster_terminals,
    shift_instances,
    syncs,
)
from bot.store.shifts import (
    count_expected,
    load_earlier,
    load_gone,
    load_shifts,
    load_shifts_of,
    load_silent,
    name_shift,
    read_shift,
)
from bot.store.statements import among
from bot.store.syncing import Part
from bot.store.tables import punches

APPROVED, PENDING = 2, 1
# Nobody is reminded earlier than this before a shift, or later after it.
SOON = timedelta(hours=4)
# Only what these have seen by a deadline proves that somebody did not come.
PROOF = (Part.PUNCHES, Part.REQUESTS)

_S = shift_instances.c


@dataclass(frozen=True, slots=True)
class Scan:
    """`missing` may be missing; with `told`, the open alerts about sites, and how many people each site waits for."""

    missing: list[Facts]
    expected: dict[Site, int]
    told: dict[Site, frozenset[Kind]]


def load_scan(connection: Connection, company: str, now: datetime) -> Scan:
    """Everybody whose shift is going on and who has not punched, and all with an open alert."""
    rows = load_silent(connection, company, now)
    open_alerts = alert_rows.load_open_keys(connection, company)
    about = {(code, site.workdate, site.timetable, site.starts_at) for code, _, _, site in open_alerts if code}
    others = about.difference(map(name_shift, rows))
    rows += (known := load_shifts_of(connection, company, others))
    if others.difference(map(name_shift, known)):
        rows += load_gone(connection, company, alert_table.c.ended_at.is_(None))
    told: dict[tuple[str, str], set[Kind]] = defaultdict(set)
    for code, instance, kind, _ in open_alerts:
        told[code, instance].add(kind)
    facts = load_facts(connection, company, rows, now, told)
    sites = {one.shift.site for one in facts if one.shift.starts_at is not None}
    return Scan(facts, count_expected(connection, company, sites), _told_of_sites(open_alerts))


def load_facts(
    connection: Connection,
    company: str,
    rows: Sequence[Row[Any]],
    now: datetime,
    told: Mapping[tuple[str, str], set[Kind]],
) -> list[Facts]:
    """All there is to know about these shifts."""
    if not rows:
        return []
    codes = {row.emp_code for row in rows}
    since = min((row.starts_at for row in rows if row.starts_at), default=now) - LONGEST_SHIFT
    seen = _load_punches(connection, company, codes, since)
    leaves, logs = _load_leaves(connection, company, since), load_logs(connection, company, since)
    holidays = _load_holidays(connection, company)
    areas = load_person_areas(connection, company) if any(one["area_id"] for one in holidays) else {}
    terminals = _load_terminals(connection, company)
    excuses = alert_rows.load_excuses(connection, company, (since - timedelta(days=1)).date())
    earlier, nudges = load_earlier(connection, company, rows), load_nudges(connection, company)
    synced = load_synced(connection, company)
    found = []
    for row in rows:
        shift, emp_code = read_shift(row), row.emp_code
        found.append(
            Facts(
                shift=shift,
                hire_date=row.hire_date,
                has_left=row.left_at is not None,
                enable_att=row.enable_att,
                holiday=find_holiday(holidays, shift.workdate, row.emp_id, areas.get(emp_code, ())),
                leaves=leaves.get(emp_code, ()),
                excuse=excuses.get((emp_code, shift.key)),
                punches=tuple(seen.get(emp_code, ())),
                logs=logs.get(emp_code, ()),
                synced_until=synced,
                terminals=terminals.get(shift.area_id, ()),
                told=frozenset(told.get((emp_code, shift.key), ())),
                came_from=earlier.get((emp_code, row.workdate, row.starts_at)),
                nudge=nudges.get(emp_code),
            )
        )
    return found


def load_facts_of(connection: Connection, company: str, emp_code: str, workdate: date, now: datetime) -> list[Facts]:
    """One person's day, for "why?"."""
    mine = and_(_S.emp_code == emp_code, _S.workdate == workdate)
    return load_facts(connection, company, load_shifts(connection, company, mine), now, {})


def load_facts_around(connection: Connection, company: str, codes: Iterable[str], now: datetime) -> list[Facts]:
    """What is known of these people's shifts that are going on, begin soon, or ended a while ago."""
    around = and_(_S.starts_at <= now + SOON, _S.ends_at >= now - SOON)
    rows = load_shifts(connection, company, and_(around, among(connection, _S.emp_code, codes)))
    return load_facts(connection, company, rows, now, {})


def load_synced(connection: Connection, company: str) -> datetime | None:
    """All that BioTime knew by then of punches and requests, we know."""
    c = syncs.c
    query = select(c.part, c.synced_until).where(c.company == company, c.part.in_([str(part) for part in PROOF]))
    found = [row.synced_until for row in connection.execute(query)]
    return None if len(found) < len(PROOF) or None in found else min(found)


def load_asking_for_leave(connection: Connection, company: str, site: Site) -> set[str]:
    """Whoever has a leave of that day that nobody has decided about."""
    c, ends_at = roster_leaves.c, site.starts_at + LONGEST_SHIFT
    waiting = and_(c.company == company, c.audit_status == PENDING, c.starts_at < ends_at, c.ends_at > site.starts_at)
    return set(connection.execute(select(c.emp_code).where(waiting)).scalars())


def load_on_leave(connection: Connection, company: str, now: datetime) -> set[str]:
    """Whoever has an approved leave right now."""
    c = roster_leaves.c
    running = and_(c.company == company, c.audit_status == APPROVED, c.starts_at <= now, c.ends_at > now)
    return set(connection.execute(select(c.emp_code).where(running)).scalars())


def _told_of_sites(open_alerts: Sequence[tuple[str, str, Kind, Site]]) -> dict[Site, frozenset[Kind]]:
    told: dict[Site, set[Kind]] = defaultdict(set)
    for code, _, kind, site in open_alerts:
        if not code:
            told[site].add(kind)
    return {site: frozenset(kinds) for site, kinds in told.items()}


# -- what people did ---------------------------------------------------------------------------------------------------


def _load_punches(
    connection: Connection, company: str, codes: Iterable[str], since: datetime
) -> dict[str, list[SeenPunch]]:
    """BioTime's, and our own that it does not have yet; not what people say afterwards (`load_logs`)."""
    found: dict[str, list[SeenPunch]] = defaultdict(list)
    theirs, ours = roster_punches.c, punches.c
    query = select(
        theirs.emp_code, theirs.punched_at, theirs.punch_state, theirs.terminal_alias, theirs.stamped_at
    ).where(theirs.company == company, among(connection, theirs.emp_code, codes), theirs.punched_at >= since)
    for code, at, state, alias, stamped_at in connection.execute(query).all():
        found[code].append(SeenPunch(at, _state(state), alias or "", is_doubted(at, stamped_at)))
    own = select(ours.emp_code, ours.punched_at, ours.punch_state).where(
        ours.company == company,
        among(connection, ours.emp_code, codes),
        ours.punched_at >= since,
        MADE,
    )
    for code, at, state in connection.execute(own).all():
        found[code].append(SeenPunch(at, _state(state)))
    return found


def _load_leaves(connection: Connection, company: str, since: datetime) -> dict[str, tuple[Away, ...]]:
    c = roster_leaves.c
    approved = select(roster_leaves).where(c.company == company, c.audit_status == APPROVED, c.ends_at > since)
    found: dict[str, tuple[Away, ...]] = {}
    for row in connection.execute(approved.order_by(c.starts_at)):
        found[row.emp_code] = (*found.get(row.emp_code, ()), Away(row.starts_at, row.ends_at, row.pay_code))
    return found


def load_logs(connection: Connection, company: str, since: datetime) -> dict[str, tuple[datetime, ...]]:
    """BioTime's that wait for a decision, and what was reported to us and is not listed there yet."""
    c, ours = roster_logs.c, punches.c
    pending = select(c.emp_code, c.punched_at).where(
        c.company == company, c.audit_status == PENDING, c.punched_at >= since
    )
    listed = exists().where(c.company == ours.company, c.id == ours.manual_log_id)
    own = select(ours.emp_code, ours.punched_at).where(
        ours.company == company, ours.punched_at >= since, CLAIMED, ~listed
    )
    found: dict[str, tuple[datetime, ...]] = {}
    for row in connection.execute(pending.union(own)):
        found[row.emp_code] = (*found.get(row.emp_code, ()), row.punched_at)
    return found


def _load_terminals(connection: Connection, company: str) -> dict[int, tuple[SeenTerminal, ...]]:
    c = roster_terminals.c
    found: dict[int, tuple[SeenTerminal, ...]] = {}
    for row in connection.execute(select(roster_terminals).where(c.company == company, c.area_id.is_not(None))):
        found[row.area_id] = (*found.get(row.area_id, ()), SeenTerminal(row.alias, row.last_activity_at))
    return found


def _load_holidays(connection: Connection, company: str) -> list[Mapping[str, Any]]:
    query = select(roster_holidays).where(roster_holidays.c.company == company)
    return [dict(row) for row in connection.execute(query).mappings()]


def find_holidays(connection: Connection, company: str, workdate: date) -> list[Mapping[str, Any]]:
    """Everybody's, or somebody's, on that day. Rows as in `roster_holidays`."""
    return [one for one in _load_holidays(connection, company) if _is_on(one, workdate)]


def find_holiday(
    holidays: Iterable[Mapping[str, Any]], workdate: date, emp_id: str, areas: Sequence[int]
) -> str | None:
    """The name of the company's, an area's, or the person's own. Rows as in `roster_holidays`."""
    for one in holidays:
        if not _is_on(one, workdate):
            continue
        if one["emp_id"] is not None and one["emp_id"] != emp_id:
            continue
        if one["area_id"] is None or one["area_id"] in areas:
            return str(one["name"])
    return None


def _is_on(holiday: Mapping[str, Any], workdate: date) -> bool:
    return bool(0 <= (workdate - holiday["first_date"]).days < holiday["days"])


def _state(number: int) -> PunchState:
    return _STATES.get(number, PunchState.UNKNOWN)


_STATES = {int(state): state for state in PunchState}
