"""A site and shift as the payload of a message."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.attendance.facts import Site


def write_site(site: Site) -> dict[str, Any]:
    return {
        "area_id": site.area_id,
        "timetable": site.timetable,
        "workdate": site.workdate.isoformat(),
        "starts_at": site.starts_at.isoformat(),
    }


def read_site(payload: Mapping[str, Any]) -> Site:
    return Site(
        int(payload["area_id"]),
        str(payload["timetable"]),
        date.fromisoformat(payload["workdate"]),
        datetime.fromisoformat(payload["starts_at"]),
    )
