"""Who manages whom, who stands in for them, and what each of them and each company has chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select

from bot.store.alert_tables import alert_settings, manager_settings, manager_stand_ins, managers, nudge_settings
from bot.store.roster import find_codes
from bot.store.statements import insert_or_ignore, upsert_row


class Scope(StrEnum):
    DEPARTMENT = "department"
    """With its sub-departments."""
    AREA = "area"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Manager:
    """`scope_id` is BioTime's number of the department or area, 0 for ALL. `delay`: so long after somebody was due,
    this manager is told.
    """

    company: str
    emp_code: str
    scope: Scope
    scope_id: int
    scope_name: str
    created_at: datetime
    delay: timedelta = timedelta(minutes=10)
    id: int = 0


@dataclass(frozen=True, slots=True)
class StandIn:
    """From one moment to another `stand_in` gets what is the manager's."""

    company: str
    emp_code: str
    stand_in: str
    from_at: datetime
    until_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class ManagerSettings:
    """Times of day are the company's wall clock. Within quiet hours nothing is sent; without both ends there are none.
    `weekly_day` and `working_days`: 0 is Monday. `escalate`: what nobody has acknowledged by then goes to the next.
    `requests`: new ones are told at once.
    """

    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = time(8)
    weekly_day: int = 0
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    escalate: timedelta = timedelta(minutes=30)
    requests: bool = True


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """A company's. `grace` after the start nobody is late; `delay` after that the managers are told; `nudge` before
    that the employee is asked (zero: not at all). Of `incident_percent` missing at a site it is one incident.
    `excluded` are emp_codes; a department that is excluded is so with all below it, and `inside` are who works there:
    that is read, and never kept.
    """

    enabled: bool = True
    grace: timedelta = timedelta(minutes=10)
    delay: timedelta = timedelta(minutes=10)
    nudge: timedelta = timedelta(minutes=10)
    incident_percent: int = 60
    excluded: frozenset[str] = field(default_factory=frozenset)
    excluded_departments: frozenset[int] = field(default_factory=frozenset)
    inside: frozenset[str] = field(default_factory=frozenset, compare=False)


# -- managers ----------------------------------------------------------------------------------------------------------


def add_manager(connection: Connection, manager: Manager) -> Manager | None:
    """None where it is there already."""
    c = managers.c
    values: dict[str, Any] = {
        "company": manager.company,
        "emp_code": manager.emp_code,
        "scope": manager.scope,
        "scope_id": manager.scope_id,
        "scope_name": manager.scope_name,
        "delay_minutes": _minutes(manager.delay),
        "created_at": manager.created_at,
    }
    row_id = insert_or_ignore(connection, managers, **values)
    return None if row_id is None else _read(connection.execute(select(managers).where(c.id == row_id)).one())


def drop_manager(connection: Connection, company: str, manager_id: int) -> bool:
    c = managers.c
    return connection.execute(delete(managers).where(c.id == manager_id, c.company == company)).rowcount == 1


def settle_delay(connection: Connection, company: str, emp_code: str, delay: timedelta) -> int:
    """In all of a manager's scopes; returns how many there are."""
    c = managers.c
    mine = managers.update().where(c.company == company, c.emp_code == emp_code)
    return connection.execute(mine.values(delay_minutes=_minutes(delay))).rowcount


def find_manager(connection: Connection, manager_id: int) -> Manager | None:
    row = connection.execute(select(managers).where(managers.c.id == manager_id)).one_or_none()
    return None if row is None else _read(row)


def load_managers(connection: Connection, company: str) -> list[Manager]:
    query = select(managers).where(managers.c.company == company).order_by(managers.c.id)
    return [_read(row) for row in connection.execute(query)]


# -- standing in -------------------------------------------------------------------------------------------------------


def add_stand_in(connection: Connection, stand_in: StandIn) -> int:
    """Returns its number."""
    values = {
        "company": stand_in.company,
        "emp_code": stand_in.emp_code,
        "stand_in": stand_in.stand_in,
        "from_at": stand_in.from_at,
        "until_at": stand_in.until_at,
    }
    made = insert(manager_stand_ins).values(**values).returning(manager_stand_ins.c.id)
    return int(connection.execute(made).scalar_one())


def find_stand_in(connection: Connection, stand_in_id: int) -> StandIn | None:
    """Whether it is over or not."""
    row = connection.execute(select(manager_stand_ins).where(manager_stand_ins.c.id == stand_in_id)).one_or_none()
    return None if row is None else _read_stand_in(row)


def end_stand_ins(connection: Connection, company: str, emp_code: str, now: datetime) -> int:
    """What is running or still to come ends now; returns how many there were."""
    c = manager_stand_ins.c
    mine = and_(c.company == company, c.emp_code == emp_code, c.until_at > now)
    return connection.execute(manager_stand_ins.update().where(mine).values(until_at=now)).rowcount


def load_stand_ins(connection: Connection, company: str, now: datetime) -> list[StandIn]:
    """Those that are running."""
    c = manager_stand_ins.c
    running = and_(c.company == company, c.from_at <= now, c.until_at > now)
    rows = connection.execute(select(manager_stand_ins).where(running).order_by(c.id))
    return [_read_stand_in(row) for row in rows]


def _read_stand_in(row: Row[Any]) -> StandIn:
    return StandIn(row.company, row.emp_code, row.stand_in, row.from_at, row.until_at, row.id)


# -- settings ----------------------------------------------------------------------------------------------------------


def load_manager_settings(connection: Connection, company: str) -> dict[str, ManagerSettings]:
    """Of those who have chosen something, by emp_code."""
    rows = connection.execute(select(manager_settings).where(manager_settings.c.company == company))
    return {row.emp_code: _read_settings(row) for row in rows}


def change_manager_settings(
    connection: Connection, company: str, emp_code: str, change: Callable[[ManagerSettings], ManagerSettings]
) -> tuple[ManagerSettings, ManagerSettings]:
    """Read and changed while no other phone of theirs changes them; only what became another is written. Returns what
    was, and what is.
    """
    c = manager_settings.c
    mine = and_(c.company == company, c.emp_code == emp_code)
    values = {"company": company, "emp_code": emp_code, **_write_settings(ManagerSettings())}
    insert_or_ignore(connection, manager_settings, key="emp_code", **values)
    before = _read_settings(connection.execute(select(manager_settings).where(mine).with_for_update()).one())
    after = change(before)
    was, now = _write_settings(before), _write_settings(after)
    changed = {name: value for name, value in now.items() if value != was[name]}
    if changed:
        connection.execute(manager_settings.update().where(mine).values(**changed))
    return before, after


def _write_settings(settings: ManagerSettings) -> dict[str, Any]:
    return {
        "quiet_from": _write_time(settings.quiet_from),
        "quiet_until": _write_time(settings.quiet_until),
        "digest_at": _write_time(settings.digest_at),
        "weekly_day": settings.weekly_day,
        "working_days": ",".join(map(str, settings.working_days)),
        "escalate_minutes": _minutes(settings.escalate),
        "requests": settings.requests,
    }


def load_alert_settings(connection: Connection, company: str) -> AlertSettings:
    row = connection.execute(select(alert_settings).where(alert_settings.c.company == company)).one_or_none()
    if row is None:
        return AlertSettings()
    departments = frozenset(int(number) for number in row.excluded_departments.split(",") if number)
    return AlertSettings(
        enabled=row.enabled,
        grace=timedelta(minutes=row.grace_minutes),
        delay=timedelta(minutes=row.delay_minutes),
        nudge=timedelta(minutes=row.nudge_minutes),
        incident_percent=row.incident_percent,
        excluded=frozenset(row.excluded.split(",")) - {""},
        excluded_departments=departments,
        inside=frozenset(find_codes(connection, company, departments) if departments else ()),
    )


def change_alert_settings(
    connection: Connection, company: str, change: Callable[[AlertSettings], AlertSettings]
) -> tuple[AlertSettings, AlertSettings]:
    """Read, changed and written while nobody else changes them: rules and exclusions are one row. Returns what was, and
    what is.
    """
    c = alert_settings.c
    # A row to hold on to; SQLite has one writer anyway, and no such lock.
    values = _write_rules(AlertSettings())
    insert_or_ignore(connection, alert_settings, key="company", company=company, **values)
    connection.execute(select(c.company).where(c.company == company).with_for_update()).one()
    before = load_alert_settings(connection, company)
    after = change(before)
    if after != before:
        settle_alert_settings(connection, company, after)
    return before, after


def settle_alert_settings(connection: Connection, company: str, settings: AlertSettings) -> None:
    upsert_row(connection, alert_settings, {"company": company}, _write_rules(settings))


def _write_rules(settings: AlertSettings) -> dict[str, Any]:
    return {
        "enabled": settings.enabled,
        "grace_minutes": _minutes(settings.grace),
        "delay_minutes": _minutes(settings.delay),
        "nudge_minutes": _minutes(settings.nudge),
        "incident_percent": settings.incident_percent,
        "excluded": ",".join(sorted(settings.excluded)),
        "excluded_departments": ",".join(map(str, sorted(settings.excluded_departments))),
    }


def load_nudges(connection: Connection, company: str) -> dict[str, timedelta]:
    """What employees have chosen for themselves, by emp_code."""
    rows = connection.execute(select(nudge_settings).where(nudge_settings.c.company == company))
    return {row.emp_code: timedelta(minutes=row.minutes) for row in rows}


def settle_nudge(connection: Connection, company: str, emp_code: str, before: timedelta) -> None:
    upsert_row(connection, nudge_settings, {"company": company, "emp_code": emp_code}, {"minutes": _minutes(before)})


def _read(row: Row[Any]) -> Manager:
    return Manager(
        id=row.id,
        company=row.company,
        emp_code=row.emp_code,
        scope=Scope(row.scope),
        scope_id=row.scope_id,
        scope_name=row.scope_name,
        delay=timedelta(minutes=row.delay_minutes),
        created_at=row.created_at,
    )


def _read_settings(row: Row[Any]) -> ManagerSettings:
    return ManagerSettings(
        quiet_from=_read_time(row.quiet_from),
        quiet_until=_read_time(row.quiet_until),
        digest_at=_read_time(row.digest_at),
        weekly_day=row.weekly_day,
        working_days=_read_days(row.working_days.split(",")),
        escalate=timedelta(minutes=row.escalate_minutes),
        requests=row.requests is not False,
    )


def _read_days(parts: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(part) for part in parts if part)


def _read_time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _write_time(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
