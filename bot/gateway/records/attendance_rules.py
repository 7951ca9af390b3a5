"""A company's rules as they are set, a row or the defaults; `working_hours` reads them as values to reckon with."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from bot.gateway.records.schedule_tables import attendance_rules


def find_rules(conn: Connection, company_id: str) -> Row[*tuple[Any, ...]] | None:
    """None: none were set, and the table's defaults hold."""
    query = sa.select(attendance_rules).where(attendance_rules.c.company_id == company_id)
    return conn.execute(query).one_or_none()


def keep_rules(conn: Connection, company_id: str, values: Mapping[str, object]) -> None:
    changed = conn.execute(
        attendance_rules.update().where(attendance_rules.c.company_id == company_id).values(**values)
    )
    if changed.rowcount == 0:
        conn.execute(attendance_rules.insert().values(company_id=company_id, **values))
