"""How managers and companies want to be told: delays, quiet hours, digests, rules of alerts; and employees asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from bot.store.alert_tables import alert_settings, manager_settings, nudge_settings
from bot.store.roster import find_codes
from bot.store.statements import insert_or_ignore, upsert_row


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
        "escalate_minutes": minutes(settings.escalate),
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
        "grace_minutes": minutes(settings.grace),
        "delay_minutes": minutes(settings.delay),
        "nudge_minutes": minutes(settings.nudge),
        "incident_percent": settings.incident_percent,
        "excluded": ",".join(sorted(settings.excluded)),
        "excluded_departments": ",".join(map(str, sorted(settings.excluded_departments))),
    }


def load_nudges(connection: Connection, company: str) -> dict[str, timedelta]:
    """What employees have chosen for themselves, by emp_code."""
    rows = connection.execute(select(nudge_settings).where(nudge_settings.c.company == company))
    return {row.emp_code: timedelta(minutes=row.minutes) for row in rows}


def settle_nudge(connection: Connection, company: str, emp_code: str, before: timedelta) -> None:
    upsert_row(connection, nudge_settings, {"company": company, "emp_code": emp_code}, {"minutes": minutes(before)})


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


def minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
