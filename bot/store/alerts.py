"""Alerts: facts about who is missing, each there once per employee, shift and kind."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.attendance.absence import Found
from bot.attendance.chain import Chain, Gate, Step, Stop
from bot.attendance.facts import Kind, Site
from bot.store.alert_tables import alerts
from bot.store.statements import build_insert, insert_rows, read_all


@dataclass(frozen=True, slots=True)
class Alert:
    """`emp_code` is "" where it is about a whole site. `ending` is what became of its reason."""

    id: int
    company: str
    emp_code: str
    instance: str
    kind: Kind
    site: Site
    found_at: datetime
    chain: Chain
    ended_at: datetime | None = None
    ending: Stop | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    excuse: str | None = None
    excused_by: str | None = None


class Brief(NamedTuple):
    """As much of an alert about a person as a card of thousands needs of each."""

    id: int
    emp_code: str
    is_open: bool
    excused_by: str | None


def add_alerts(connection: Connection, company: str, found: Iterable[Found], now: datetime) -> int:
    """Returns how many are new, or are so again: one whose reason had vanished begins anew."""
    rows = [_columns(company, one, now) for one in found]
    return insert_rows(connection, _begin(connection.dialect.name), rows)


@cache
def _begin(dialect: str) -> postgresql.Insert | sqlite.Insert:
    made = build_insert(dialect, alerts, _NEW)
    return made.on_conflict_do_update(
        index_elements=["company", "emp_code", "instance", "kind"],
        set_={"ended_at": null(), "ending": null(), "found_at": made.excluded.found_at, "chain": made.excluded.chain},
        where=alerts.c.ended_at.is_not(None),
    )


def end_alerts(connection: Connection, company: str, vanished: Iterable[tuple[str, str, Step]], now: datetime) -> int:
    """The reason is gone, whatever kind of alert it was; returns how many were open."""
    c = alerts.c
    mine = and_(c.company == company, c.emp_code == bindparam("code"), c.instance == bindparam("key"))
    gone = update(alerts).where(mine, c.ended_at.is_(None)).values(ended_at=now, ending=bindparam("why"))
    rows = [{"code": code, "key": key, "why": step.stop} for code, key, step in vanished]
    return connection.execute(gone, rows).rowcount if rows else 0


def clear_sites(connection: Connection, company: str, sites: Iterable[Site], now: datetime) -> int:
    c = alerts.c
    keys = [site.key for site in sites]
    if not keys:
        return 0
    gone = update(alerts).where(c.company == company, c.emp_code == "", c.instance.in_(keys), c.ended_at.is_(None))
    return connection.execute(gone.values(ended_at=now)).rowcount


def load_open_keys(connection: Connection, company: str) -> list[tuple[str, str, Kind, Site]]:
    """Employee, shift, kind and site of each, without the chains: every scan asks."""
    c = alerts.c
    query = select(c.emp_code, c.instance, c.kind, c.area_id, c.timetable, c.workdate, c.starts_at)
    sites: dict[tuple[Any, ...], Site] = {}
    found = []
    for row in connection.execute(query.where(c.company == company, c.ended_at.is_(None))).all():
        emp_code, instance, kind, *where = row
        place = tuple(where)
        site = sites.get(place) or sites.setdefault(place, Site(*where))
        found.append((emp_code, instance, _KINDS[kind], site))
    return found


def load_open_sites(connection: Connection, company: str) -> set[Site]:
    """Those with an alert about themselves: an incident, or late data."""
    c = alerts.c
    query = select(c.area_id, c.timetable, c.workdate, c.starts_at)
    rows = connection.execute(query.where(c.company == company, c.emp_code == "", c.ended_at.is_(None)))
    return {Site(*row) for row in rows}


_NEW = (
    "company", "emp_code", "instance", "kind", "area_id", "workdate", "timetable", "starts_at", "found_at", "chain",
)  # fmt: skip
_KINDS = {str(kind): kind for kind in Kind}


def load_of_site(connection: Connection, company: str, site: Site, emp_code: str = "") -> list[Alert]:
    """Open and ended, of one of its people; without one, of itself."""
    return _read_all(connection, and_(_of_site(company, site), alerts.c.emp_code == emp_code))


def load_absences(connection: Connection, company: str, site: Site) -> dict[str, Brief]:
    """Who of its people was, or is, called missing, by emp_code."""
    c = alerts.c
    query = select(c.id, c.emp_code, c.ended_at.is_(None), c.excused_by).where(_of_site(company, site))
    rows = read_all(connection.execute(query.where(c.kind == Kind.ABSENT).order_by(c.id)))
    return {row.emp_code: Brief(*row) for row in rows}


def load_absent(connection: Connection, company: str) -> set[str]:
    """Whoever is called missing now, at any site."""
    c = alerts.c
    missing = and_(c.company == company, c.ended_at.is_(None), c.kind == Kind.ABSENT)
    return set(connection.execute(select(c.emp_code).where(missing)).scalars())


def _of_site(company: str, site: Site) -> ColumnElement[bool]:
    c = alerts.c
    same = and_(c.timetable == site.timetable, c.starts_at == site.starts_at)
    return and_(c.company == company, c.workdate == site.workdate, c.area_id == site.area_id, same)


def find_alert(connection: Connection, alert_id: int) -> Alert | None:
    found = _read_all(connection, alerts.c.id == alert_id)
    return found[0] if found else None


def load_excuses(connection: Connection, company: str, since: date) -> dict[tuple[str, str], str]:
    """(employee, shift) → why a manager let them off."""
    c = alerts.c
    query = select(c.emp_code, c.instance, c.excuse).where(
        c.company == company, c.workdate >= since, c.excuse.is_not(None)
    )
    return {(row.emp_code, row.instance): row.excuse for row in connection.execute(query)}


def settle_answer(connection: Connection, alert: Alert, answer: str, now: datetime) -> None:
    """What the person says, on every alert about them and this shift."""
    connection.execute(_same(alert).values(answer=answer, answered_at=now))


def settle_excuse(connection: Connection, alert: Alert, excuse: str, by: str) -> bool:
    """The first wins; False where somebody was quicker."""
    unsettled = _same(alert).where(alerts.c.excuse.is_(None))
    return connection.execute(unsettled.values(excuse=excuse, excused_by=by)).rowcount > 0


def drop_excuse(connection: Connection, alert: Alert) -> bool:
    """Taken back: whoever is still missing is found to be so again. False where there is none any more."""
    excused = _same(alert).where(alerts.c.excuse.is_not(None))
    return connection.execute(excused.values(excuse=None, excused_by=None)).rowcount > 0


def is_open(connection: Connection, alert: Alert) -> bool:
    """Whether the person is asked about, or called missing, for this shift."""
    c = alerts.c
    same = and_(c.company == alert.company, c.emp_code == alert.emp_code, c.instance == alert.instance)
    return connection.execute(select(c.id).where(same, c.ended_at.is_(None))).first() is not None


def _same(alert: Alert) -> Any:
    c = alerts.c
    return update(alerts).where(c.company == alert.company, c.emp_code == alert.emp_code, c.instance == alert.instance)


def _read_all(connection: Connection, condition: Any) -> list[Alert]:
    return [_read(row) for row in connection.execute(select(alerts).where(condition).order_by(alerts.c.id))]


def _columns(company: str, found: Found, now: datetime) -> dict[str, Any]:
    return {
        "company": company,
        "emp_code": found.emp_code,
        "instance": found.key,
        "kind": found.kind,
        "area_id": found.site.area_id,
        "workdate": found.site.workdate,
        "timetable": found.site.timetable,
        "starts_at": found.site.starts_at,
        "found_at": now,
        "chain": write_chain(found.chain),
    }


def write_chain(chain: Chain) -> str:
    return f"[{','.join(map(_write_step, chain.steps))}]"


@lru_cache(1_000)
def _write_step(step: Step) -> str:
    """All of a site have most of theirs in common."""
    return json.dumps(step, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat)


# Of the thousands of one incident most say the same, letter for letter.
@lru_cache(1024)
def read_chain(text: str) -> Chain:
    steps = [
        Step(Gate(gate), Stop(stop) if stop else None, datetime.fromisoformat(at) if at else None, name)
        for gate, stop, at, name in json.loads(text)
    ]
    return Chain(tuple(steps))


def _read(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        company=row.company,
        emp_code=row.emp_code,
        instance=row.instance,
        kind=Kind(row.kind),
        site=Site(row.area_id, row.timetable, row.workdate, row.starts_at),
        found_at=row.found_at,
        chain=read_chain(row.chain),
        ended_at=row.ended_at,
        ending=Stop(row.ending) if row.ending else None,
        answer=row.answer,
        answered_at=row.answered_at,
        excuse=row.excuse,
        excused_by=row.excused_by,
    )
