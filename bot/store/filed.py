"""People by where they are filed, and not one by one: who is told of them depends on nothing else."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, and_, case, cast, func, select, true

from bot.attendance.facts import Kind, Site
from bot.store.alert_tables import alert_recipients
from bot.store.alert_tables import alerts as alert_table
from bot.store.attending import find_gone, has_punched, of_site
from bot.store.roster import load_people
from bot.store.roster_tables import roster_people, roster_person_areas, shift_instances
from bot.store.statements import among

_S, _P, _A, _R = shift_instances.c, roster_people.c, alert_table.c, alert_recipients.c


class Filed(NamedTuple):
    """`emp_code` is "" of all but those of whom it makes a difference; `department_id` None: not filed at all."""

    emp_code: str
    department_id: int | None
    area_ids: tuple[int, ...]


def count_missing(connection: Connection, company: str, some: Collection[str]) -> dict[tuple[str, Filed], int]:
    """(shift, filed) → how many are called missing now. `some`: whose emp_codes make a difference."""
    where = _filed(connection, company, _A.emp_code, some)
    query = select(_A.instance, *where, func.count()).where(_is_missing(company))
    rows = connection.execute(query.outerjoin_from(alert_table, roster_people, _OF_ALERT).group_by(_A.instance, *where))
    return {(instance, _read(*place)): number for instance, *place, number in rows}


def count_told(
    connection: Connection, company: str, instances: Iterable[str], some: Collection[str]
) -> dict[tuple[str, Filed, str], int]:
    """(shift, filed, recipient) → of how many of these that one is told. Of each whether they are missing is looked up:
    PostgreSQL takes a join for one of a few, and needs minutes.
    """
    where = _filed(connection, company, _R.emp_code, some)
    same = and_(_A.company == company, _A.instance == _R.instance, _A.emp_code == _R.emp_code)
    is_missing = select(_A.ended_at.is_(None)).where(same, _A.kind == Kind.ABSENT).scalar_subquery()
    theirs = and_(_R.company == company, _R.instance.in_(list(instances)), is_missing)
    query = select(_R.instance, _R.recipient, *where, func.count()).where(theirs)
    query = query.outerjoin_from(alert_recipients, roster_people, _OF_RECIPIENT)
    rows = connection.execute(query.group_by(_R.instance, _R.recipient, *where))
    return {(instance, _read(*place), recipient): number for instance, recipient, *place, number in rows}


def find_unseen(connection: Connection, company: str, site: Site, some: Collection[str]) -> set[Filed]:
    """Of everybody whom `attending.load_unseen` finds."""
    return _find(connection, company, site, some, ~has_punched())


def find_everybody(connection: Connection, company: str, site: Site, some: Collection[str]) -> set[Filed]:
    """Of everybody whom `attending.load_codes` finds."""
    return _find(connection, company, site, some, true())


def _find(
    connection: Connection, company: str, site: Site, some: Collection[str], which: ColumnElement[bool]
) -> set[Filed]:
    where = _filed(connection, company, _S.emp_code, some)
    query = select(*where).join_from(shift_instances, roster_people, _OF_SHIFT)
    rows = connection.execute(query.where(of_site(company, site), which).distinct())
    gone = load_people(connection, company, find_gone(connection, company, site, true()))
    return {_read(*place) for place in rows} | {
        Filed(code if code in some else "", one.department_id, one.area_ids) for code, one in gone.items()
    }


_OF_ALERT = and_(_P.company == _A.company, _P.emp_code == _A.emp_code)
_OF_RECIPIENT = and_(_P.company == _R.company, _P.emp_code == _R.emp_code)
_OF_SHIFT = and_(_P.company == _S.company, _P.emp_code == _S.emp_code)


def _is_missing(company: str) -> ColumnElement[bool]:
    return and_(_A.company == company, _A.kind == Kind.ABSENT, _A.ended_at.is_(None))


def _filed(
    connection: Connection, company: str, emp_code: ColumnElement[str], some: Collection[str]
) -> list[ColumnElement[Any]]:
    c = roster_person_areas.c
    areas = select(func.aggregate_strings(cast(c.area_id, Text), ",")).where(
        c.company == company, c.emp_code == emp_code
    )
    who = case((among(connection, emp_code, some), emp_code), else_="")
    return [who.label("who"), _P.department_id, areas.scalar_subquery().label("areas")]


def _read(emp_code: str, department_id: int | None, areas: str | None) -> Filed:
    return Filed(emp_code, department_id, tuple(sorted(map(int, areas.split(",")))) if areas else ())
