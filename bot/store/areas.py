"""A company's geofences; and what was found out about its tenant."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.statements import upsert
from bot.store.tables import areas, tenants


def settle_areas(connection: Connection, company: str, document: str) -> None:
    """Replaces all of the company's geofences."""
    upsert(connection, areas, "company", company=company, document=document)


def load_areas(connection: Connection, company: str) -> str | None:
    return connection.execute(select(areas.c.document).where(areas.c.company == company)).scalar_one_or_none()


def settle_marker(connection: Connection, company: str, marker: str, now: datetime) -> None:
    upsert(connection, tenants, "company", company=company, marker=marker, probed_at=now)


def load_marker(connection: Connection, company: str) -> str | None:
    return connection.execute(select(tenants.c.marker).where(tenants.c.company == company)).scalar_one_or_none()
