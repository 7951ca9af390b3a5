"""Geofences, one GeoJSON feature per area key; and what was found out about a tenant."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.store.statements import upsert
from bot.store.tables import areas, tenants


def settle_areas(connection: Connection, company: str, features: dict[str, dict[str, Any]]) -> None:
    """Replaces all of the company's geofences."""
    connection.execute(areas.delete().where(areas.c.company == company))
    for key, feature in features.items():
        connection.execute(insert(areas).values(company=company, key=key, feature=feature))


def load_areas(connection: Connection, company: str) -> list[dict[str, Any]]:
    query = select(areas.c.feature).where(areas.c.company == company).order_by(areas.c.id)
    return list(connection.execute(query).scalars())


def settle_marker(connection: Connection, company: str, marker: str, now: datetime) -> None:
    upsert(connection, tenants, "company", company=company, marker=marker, probed_at=now)


def load_marker(connection: Connection, company: str) -> str | None:
    return connection.execute(select(tenants.c.marker).where(tenants.c.company == company)).scalar_one_or_none()
