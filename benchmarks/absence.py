"""How fast is it found out who is missing: 1,000, 10,000 and 100,000 people with 13 punches each, on both databases.

`python -m benchmarks.absence` writes RESULTS-absence.md, and with `benchmarks/incident.py` RESULTS-incident.md.
PostgreSQL is measured where HADIR_TEST_POSTGRES names one.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from benchmarks import incident
from benchmarks.report import describe_machine
from bot import memory
from bot.attendance.facts import ShiftKind
from bot.database import Database, upgrade
from bot.services.scanning import Scanned, Scanning
from bot.services.tenants import Tenant, Tenants
from bot.store.managers import Manager, Scope, add_manager
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
from tests.databases import postgres_schema

COMPANY = "Demo Trading"
SIZES = (1_000, 10_000, 100_000)
PUNCHES, SITES = 13, 200
# Of a hundred people, three have not come.
MISSING = 3
START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=20)
RESULTS = Path(__file__).parent / "RESULTS-absence.md"


async def prepare(url: str, people: int) -> dict[str, Any]:
    db = await Database.open(url)
    await db.write(upgrade(MIGRATIONS))
    await db.write(lambda c: _fill(c, people))
    await db.write(lambda c: c.exec_driver_sql("ANALYZE"))
    await db.close()
    return {}


async def measure(url: str, people: int) -> dict[str, Any]:
    db = await Database.open(url)
    memory.settle()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scanning = Scanning(db, Tenants([Tenant(COMPANY, None, None)]), lambda: NOW)  # type: ignore[arg-type]
    found_servers = [await db.read(_find_server), await db.read_aside(_find_server)]
    servers = [one for one in found_servers if one is not None]
    took: list[tuple[float, float]] = []
    found: list[Scanned] = []
    for _ in range(3):
        began, worked = time.perf_counter(), _cpu(servers)
        found.append(await scanning.scan(COMPANY))
        took.append((time.perf_counter() - began, _cpu(servers) - worked))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await db.close()
    return {
        "people": people,
        "first": took[0],
        "again": min(took[1:]),
        "found": found[0].found,
        "second": found[1].found + found[1].messages,
        "memory": (peak - before) / 1024,
    }


def _find_server(c: Connection) -> int | None:
    """The process of PostgreSQL that works for us, where it does so on this machine."""
    if c.dialect.name != "postgresql":
        return None
    pid = int(c.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
    return pid if Path(f"/proc/{pid}/stat").exists() else None


def _cpu(servers: list[int]) -> float:
    """Seconds of CPU, ours and the server's: one of its processes reads and writes, one reads beside the loop."""
    spent = time.process_time()
    for server in servers:
        fields = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _fill(c: Connection, people: int) -> None:
    codes = [f"{number:06}" for number in range(people)]
    c.execute(insert(roster_departments), [{"company": COMPANY, "id": 1, "name": "Everybody", "parent_id": None}])
    areas = [{"company": COMPANY, "id": site + 1, "name": f"Site {site}", "parent_id": None} for site in range(SITES)]
    c.execute(insert(roster_areas), areas)
    person = {"company": COMPANY, "position": "", "department_id": 1, "hire_date": date(2020, 1, 5)}
    c.execute(insert(roster_people), [person | {"emp_code": code, "emp_id": code, "name": code} for code in codes])
    filed = [{"company": COMPANY, "emp_code": code, "area_id": n % SITES + 1} for n, code in enumerate(codes)]
    c.execute(insert(roster_person_areas), filed)
    shift = {"company": COMPANY, "workdate": START.date(), "timetable": "Office", "kind": ShiftKind.WORK}
    shift |= {"starts_at": START, "ends_at": START + timedelta(hours=9), "opens_at": START - timedelta(hours=2)}
    c.execute(
        insert(shift_instances), [shift | {"emp_code": code, "area_id": n % SITES + 1} for n, code in enumerate(codes)]
    )
    _punch(c, codes)
    for part in Part:
        c.execute(insert(syncs).values(company=COMPANY, part=part, synced_until=NOW, next_at=NOW))
    add_manager(c, Manager(COMPANY, codes[0], Scope.ALL, 0, "", START))


def _punch(c: Connection, codes: list[str]) -> None:
    """Twelve of the three days before, and one of today or, of who has not come, of long ago; in the order of time, as
    BioTime learns of them.
    """
    row = {"company": COMPANY, "punch_state": 0, "source": 1, "terminal_sn": "A", "terminal_alias": "Lobby"}
    number = 0
    came = [code for n, code in enumerate(codes) if (n * 2_654_435_761 >> 8) % 100 >= MISSING]
    missed = sorted(set(codes).difference(came))
    times = [START - timedelta(days=d, hours=h) for d in (3, 2, 1) for h in (0, -4, -5, -9)]
    everybody = [(at, codes) for at in times]
    for at, some in [(START - timedelta(days=4), missed), *everybody, (START - timedelta(minutes=5), came)]:
        for start in range(0, len(some), 5_000):
            rows = [
                row | {"id": number + n, "emp_code": code, "punched_at": at, "uploaded_at": at}
                for n, code in enumerate(some[start : start + 5_000], 1)
            ]
            c.execute(insert(roster_punches), rows)
            number += len(rows)


def _show(took: list[float]) -> str:
    wall, cpu = took
    return f"{wall:.2f} s ({cpu:.2f} s CPU)"


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/{{people}}.db"}
        if server := os.environ.get("HADIR_TEST_POSTGRES"):
            urls["PostgreSQL"] = server
        yield urls


def _measure_apart(url: str, people: int) -> dict[str, Any]:
    """In a process of its own, so that the peak of memory is this size's."""
    if not url.startswith("postgresql"):
        return _ask(url.format(people=people), people)
    with postgres_schema() as own:
        return _ask(own, people)


def _ask(url: str, people: int) -> dict[str, Any]:
    for work in ("prepare", "measure"):
        asked = [sys.executable, "-m", "benchmarks.absence", work, url, str(people)]
        answered = subprocess.run(asked, capture_output=True, text=True, check=True)
    return dict(json.loads(answered.stdout))


def report() -> str:
    lines = [
        "# Who is missing: the scan",
        "",
        f"One scan of a company of which {MISSING} in a hundred have not come, {PUNCHES} punches a person, {SITES} "
        "sites. First: it finds and writes, in a program that has just been started. Again: nothing is new. The "
        "punches lie in the order of time, as they come.",
        "",
        "Made by `python -m benchmarks.absence`.",
        "",
        describe_machine(("SQLAlchemy", "psycopg")),
        "",
        "| database | people | punches | first scan | again | alerts found | rows of the second run | more memory |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with _databases() as urls:
        for name, url in urls.items():
            for people in SIZES:
                one = _measure_apart(url, people)
                lines.append(
                    f"| {name} | {people:,} | {people * PUNCHES:,} | {_show(one['first'])} | {_show(one['again'])} "
                    f"| {one['found']:,} | {one['second']} | {one['memory']:.0f} MB |"
                )
                print(lines[-1], flush=True)
    lines += ["", f"CPU is ours and PostgreSQL's together. Load of the machine at the end: {os.getloadavg()[1]:.1f}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work = {"prepare": prepare, "measure": measure}[sys.argv[1]]
        print(json.dumps(asyncio.run(work(sys.argv[2], int(sys.argv[3])))))
    else:
        RESULTS.write_text(report(), encoding="utf-8")
        incident.RESULTS.write_text(incident.report(), encoding="utf-8")
