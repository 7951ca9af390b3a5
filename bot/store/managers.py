"""Who manages whom, who stands in for them, and what each of them and each company has chosen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select

from bot.store.alert_tables import manager_stand_ins, managers
from bot.store.manager_settings import minutes
from bot.store.statements import insert_or_ignore


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
        "delay_minutes": minutes(manager.delay),
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
    return connection.execute(mine.values(delay_minutes=minutes(delay))).rowcount


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
