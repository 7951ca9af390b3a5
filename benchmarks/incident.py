"""What a card costs when thousands are missing at one site: one that names them all, and an incident.

Part of `python -m benchmarks.absence`; `python -m benchmarks.incident PEOPLE PERCENT` shows one of them as JSON.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from benchmarks.report import describe_machine
from bot import memory
from bot.attendance.facts import ShiftKind
from bot.chat.alert_messenger import build_pages
from bot.database import Database, upgrade
from bot.i18n import translator_for
from bot.services.cards import compose
from bot.services.handing import Handing
from bot.services.scanning import Scanning
from bot.services.tenants import Tenant, Tenants
from bot.store import dispatch, links, manager_settings, managers
from bot.store.links import Link
from bot.store.manager_settings import AlertSettings
from bot.store.managers import Manager, Scope
from bot.store.messages import Topic
from bot.store.roster_tables import (
    roster_areas,
    roster_departments,
    roster_people,
    roster_person_areas,
    roster_punches,
    shift_instances,
    syncs,
)
from bot.store.schema import MIGRATIONS
from bot.store.syncing import Part

COMPANY, OMAR = "Demo Trading", "omar"
MISSING = (1_000, 5_000, 20_000)
# Every second one has not come: they are named where an incident begins at 60 in a hundred, and not where at 40.
KINDS = {"names": 60, "incident": 40}
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=40)
ZONE = ZoneInfo("Asia/Dubai")
TIMES = 2
RESULTS = Path(__file__).parent / "RESULTS-incident.md"


async def measure(missing: int, percent: int) -> dict[str, Any]:
    """Seconds of CPU: to compose the card and to page it, and of what is done each minute."""
    with tempfile.TemporaryDirectory() as folder:
        db = await Database.open(f"sqlite:///{folder}/hadir.db")
        await db.write(upgrade(MIGRATIONS))
        await db.write(lambda c: _fill(c, 2 * missing, percent))
        tenants = Tenants([Tenant(COMPANY, None, None)])  # type: ignore[arg-type]
        scanning, handing = Scanning(db, tenants, lambda: NOW), Handing(db, tenants, lambda: NOW)
        scanned = await scanning.scan(COMPANY)
        await handing.run()
        memory.settle()
        due = await db.read(lambda c: dispatch.find_due(c, NOW + timedelta(hours=1), 10**6))
        (message,) = [one for one in due if one.topic is Topic.CARD]
        news = await db.read(lambda c: compose(c, message, NOW))
        assert news is not None
        t = translator_for("en")

        async def page() -> None:
            build_pages(t, news, ZONE)

        found = {
            "missing": missing,
            "found": scanned.found,
            "pages": len(build_pages(t, news, ZONE)),
            "compose": await _time(lambda: db.read(lambda c: compose(c, message, NOW))),
            "page": await _time(page),
            "hand": await _time(handing.run),
            "scan": await _time(lambda: scanning.scan(COMPANY)),
        }
        await db.close()
        return found


async def _time(work: Callable[[], Awaitable[object]]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        await work()
        took.append(time.process_time() - began)
    return min(took)


def _fill(c: Connection, people: int, percent: int) -> None:
    codes = [f"{number:06}" for number in range(people)]
    c.execute(insert(roster_departments), [{"company": COMPANY, "id": 1, "name": "Everybody", "parent_id": None}])
    c.execute(insert(roster_areas), [{"company": COMPANY, "id": 1, "name": "Dubai Office", "parent_id": None}])
    person = {"company": COMPANY, "position": "", "department_id": 1, "hire_date": date(2020, 1, 5)}
    named = [{"emp_code": code, "emp_id": code, "name": f"Employee {code}"} for code in [*codes, OMAR]]
    c.execute(insert(roster_people), [person | one for one in named])
    c.execute(insert(roster_person_areas), [{"company": COMPANY, "emp_code": code, "area_id": 1} for code in codes])
    shift = {"company": COMPANY, "workdate": START.date(), "timetable": "Office", "kind": ShiftKind.WORK, "area_id": 1}
    shift |= {"starts_at": START, "ends_at": START + timedelta(hours=9), "opens_at": START - timedelta(hours=2)}
    c.execute(insert(shift_instances), [shift | {"emp_code": code} for code in codes])
    came = {"company": COMPANY, "punch_state": 0, "source": 1, "terminal_sn": "A", "terminal_alias": "Lobby"}
    came |= dict.fromkeys(("punched_at", "uploaded_at"), START - timedelta(minutes=5))
    c.execute(insert(roster_punches), [came | {"id": n, "emp_code": code} for n, code in enumerate(codes) if n % 2])
    for part in Part:
        c.execute(insert(syncs).values(company=COMPANY, part=part, synced_until=NOW, next_at=NOW))
    manager_settings.settle_alert_settings(c, COMPANY, AlertSettings(incident_percent=percent))
    managers.add_manager(c, Manager(COMPANY, OMAR, Scope.ALL, 0, "", START))
    links.add_person(c, 1, "", "en")
    links.add_link(c, _OMAR)


_OMAR = Link(
    id=0,
    telegram_id=1,
    company=COMPANY,
    emp_id=OMAR,
    emp_code=OMAR,
    name="Omar",
    department="",
    position="",
    area="",
    app_role=1,
    token=None,
    linked_at=START,
    token_at=START,
)


def report() -> str:
    """Each size in a process of its own."""
    lines = [
        "# A card of thousands",
        "",
        "Half of a site has not come: seconds of CPU to compose its card and to page it, and of what is done again and "
        "again while it lasts. SQLite.",
        "",
        describe_machine(("SQLAlchemy",)),
        "",
        "| missing | the card | pages | compose | page | who is told, each half a minute | scan, every 10 s |",
        "|---|---|---|---|---|---|---|",
    ]
    for missing in MISSING:
        for kind, percent in KINDS.items():
            asked = [sys.executable, "-m", "benchmarks.incident", str(missing), str(percent)]
            one = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
            took = " | ".join(f"{one[name]:.2f} s" for name in ("compose", "page", "hand", "scan"))
            lines.append(f"| {missing:,} | {kind} | {one['pages']} | {took} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(*map(int, sys.argv[1:])))))
