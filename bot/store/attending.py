"""Whoever a site waits for, one short row each: a card of thousands asks no more of most of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, exists, false, func, or_, select, true

from bot.attendance.direction import LONGEST_SHIFT
from bot.attendance.facts import Facts, ShiftKind, Site
from bot.store.alert_tables import alerts as alert_table
from bot.store.alerts import load_excuses
from bot.store.facts import APPROVED, find_holidays, load_facts, load_logs
from bot.store.punches import MADE
from bot.store.roster_tables import roster_leaves, roster_people, roster_person_areas, roster_punches, shift_instances
from bot.store.shifts import load_gone, load_shifts
from bot.store.statements import among, read_all
from bot.store.tables import punches

_S, _P, _A = shift_instances.c, roster_people.c, alert_table.c
Shown = Row[str, str, datetime | None, bool, datetime | None, datetime | None]
"""(emp_code, name, ends_at, is_plain, theirs, ours). `is_plain`: has a shift to work, and is employed; the
last two are BioTime's first punch of the shift, and the bot's."""
_FILED = and_(_P.company == _S.company, _P.emp_code == _S.emp_code)


def of_site(company: str, site: Site) -> ColumnElement[bool]:
    """Shifts there, and of whoever was told of there, wherever they are now."""
    shift = and_(_S.timetable == site.timetable, _S.workdate == site.workdate, _S.starts_at == site.starts_at)
    told = select(_A.emp_code).where(told_of(company, site))
    return and_(_S.company == company, shift, or_(_S.area_id == site.area_id, _S.emp_code.in_(told)))


def told_of(company: str, site: Site) -> ColumnElement[bool]:
    """Alerts about its people."""
    same = and_(_A.timetable == site.timetable, _A.starts_at == site.starts_at, _A.emp_code != "")
    return and_(_A.company == company, _A.workdate == site.workdate, _A.area_id == site.area_id, same)


def load_attending(connection: Connection, company: str, site: Site, which: ColumnElement[bool]) -> Sequence[Shown]:
    """Those people of the roster, in the order in which their shifts came."""
    hired = or_(_P.hire_date.is_(None), _P.hire_date <= site.workdate)
    employed = and_(hired, _P.left_at.is_(None), _P.enable_att.is_not(False))
    works = and_(_S.kind == ShiftKind.WORK, _S.opens_at.is_not(None), _S.ends_at.is_not(None))
    theirs, ours = (_first_punch(table, made) for table, made in _PUNCHES)
    plain = and_(works, employed).label("is_plain")
    query = select(_S.emp_code, _P.name, _S.ends_at, plain, theirs.label("theirs"), ours.label("ours"))
    some = query.join(roster_people, _FILED).where(of_site(company, site), which)
    return read_all(connection.execute(some.order_by(_S.id)))


def load_facts_of_site(
    connection: Connection, company: str, site: Site, which: tuple[Iterable[str], Iterable[str]], now: datetime
) -> list[Facts]:
    """All there is to know about these people's shifts there; `which`: who has one, and of whom nothing is expected."""
    codes, gone = which
    rows = load_shifts(connection, company, and_(of_site(company, site), among(connection, _P.emp_code, codes)))
    if gone:
        rows += load_gone(connection, company, and_(told_of(company, site), among(connection, _P.emp_code, gone)))
    return load_facts(connection, company, rows, now, {})


def load_unseen(connection: Connection, company: str, site: Site) -> list[str]:
    """Whom a site has not seen yet: of them an incident is, or a notice that the data is late. Likewise whoever was
    called missing there and has no shift any more.
    """
    silent = select(_S.emp_code).join(roster_people, _FILED).where(of_site(company, site), ~has_punched())
    return [*connection.execute(silent).scalars(), *find_gone(connection, company, site, true())]


def find_gone(connection: Connection, company: str, site: Site, which: ColumnElement[bool]) -> dict[str, str]:
    """Whoever has no shift there any more and was called missing: emp_code → name."""
    gone = [row.emp_code for row in load_gone(connection, company, and_(told_of(company, site), which))]
    return load_names(connection, company, site, gone) if gone else {}


def load_codes(connection: Connection, company: str, site: Site) -> list[str]:
    """Everybody's."""
    here = select(_S.emp_code).join(roster_people, _FILED).where(of_site(company, site))
    return [*connection.execute(here).scalars(), *find_gone(connection, company, site, true())]


def find_unlike(connection: Connection, company: str, site: Site) -> set[str] | None:
    """Of whom more is known than their shift and their punches: all the others are judged alike. None: everybody.

    On leave when it begins (another leave makes nobody come later), excused, with a manual log, or on a holiday.
    """
    holidays = find_holidays(connection, company, site.workdate)
    if any(one["emp_id"] is None for one in holidays):
        return None
    since, leave = site.starts_at - LONGEST_SHIFT, roster_leaves.c
    begun = and_(leave.audit_status == APPROVED, leave.starts_at <= site.starts_at, leave.ends_at > site.starts_at)
    away = select(leave.emp_code).where(leave.company == company, begun)
    celebrating = select(_P.emp_code).where(_P.company == company, _P.emp_id.in_([one["emp_id"] for one in holidays]))
    excuses = load_excuses(connection, company, site.workdate)
    return {
        *connection.execute(away).scalars(),
        *(connection.execute(celebrating).scalars() if holidays else ()),
        *(code for code, instance in excuses if instance == site.instance),
        *load_logs(connection, company, since),
    }


def find_early(connection: Connection, company: str, site: Site, codes: Iterable[str]) -> set[str]:
    """Whoever of them came for an earlier shift of that day, and may have stayed inside since."""
    before = and_(_S.starts_at < site.starts_at, _S.starts_at >= site.starts_at - LONGEST_SHIFT * 2)
    same = and_(_S.company == company, _S.workdate == site.workdate, before, among(connection, _S.emp_code, codes))
    came = or_(*(exists().where(_between(table, made, _S.opens_at, site.starts_at)) for table, made in _PUNCHES))
    return set(connection.execute(select(_S.emp_code).where(same, came)).scalars())


def load_names(connection: Connection, company: str, site: Site, codes: Iterable[str]) -> dict[str, str]:
    """Of those of them for whom the site waits, or waited, by emp_code in its order."""
    some = and_(_P.company == company, among(connection, _P.emp_code, codes))
    here = select(_S.emp_code).where(of_site(company, site)).union(select(_A.emp_code).where(told_of(company, site)))
    rows = connection.execute(select(_P.emp_code, _P.name).where(some, _P.emp_code.in_(here)).order_by(_P.emp_code))
    return {row.emp_code: row.name for row in rows}


def inside(departments: Iterable[int], areas: Iterable[int]) -> ColumnElement[bool]:
    """People of the roster who are filed in one of these."""
    filed = roster_person_areas.c
    here = and_(filed.company == _P.company, filed.emp_code == _P.emp_code, filed.area_id.in_(list(areas)))
    return or_(false(), _P.department_id.in_(list(departments)), exists().where(here) if areas else false())


def has_punched() -> ColumnElement[bool]:
    """For the shift."""
    return or_(*(exists().where(_in_shift(table, made)) for table, made in _PUNCHES))


def _first_punch(table: Table, made: ColumnElement[bool]) -> Any:
    return select(func.min(table.c.punched_at)).where(_in_shift(table, made)).scalar_subquery()


def _in_shift(table: Table, made: ColumnElement[bool]) -> ColumnElement[bool]:
    return _between(table, made, _S.opens_at, _S.ends_at)


def _between(table: Table, made: ColumnElement[bool], since: Any, until: Any) -> ColumnElement[bool]:
    mine = and_(table.c.company == _S.company, table.c.emp_code == _S.emp_code, made)
    return and_(mine, table.c.punched_at >= since, table.c.punched_at <= until)


_PUNCHES = ((roster_punches, true()), (punches, MADE))
