"""BioTime → store: what there is to know about who should be where, looked at again and again, gently.

One look is one part: it is fetched whole, then written in one transaction with the moment at which it began, so that a
look which stops half-way changes nothing; punches alone are kept page by page, and go on where they stopped.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.attendance.shifts import build_shifts
from bot.biotime.att import FiledLog, Filings, Leave
from bot.biotime.errors import BioTimeError
from bot.biotime.iclock import Transaction
from bot.biotime.office import Office
from bot.biotime.time_cards import TimeCard
from bot.biotime.values import AuditStatus
from bot.biotime.wire.times import read_utc_text, write_utc_text, write_wall_text
from bot.database import Database
from bot.services.decided import hasten_decided, load_undecided
from bot.services.roster_reading import (
    PAGE,
    fetch_areas,
    only_once,
    read_day,
    read_holiday,
    read_leave,
    read_log,
    read_person,
    read_places,
    read_punch,
)
from bot.services.service_account import ServiceAccount
from bot.services.tenants import Tenants
from bot.store import roster, syncing
from bot.store.syncing import Part, Row, Sync
from bot.store.terminals import load_behind

log = structlog.get_logger(__name__)

EVERY: Mapping[Part, timedelta] = {
    Part.PEOPLE: timedelta(minutes=30),
    Part.TIMETABLES: timedelta(minutes=10),
    Part.TERMINALS: timedelta(seconds=30),
    Part.REQUESTS: timedelta(seconds=60),
    Part.PUNCHES: timedelta(seconds=20),
}
"""In this order, where all are due: days need people, and the rest needs days. What people have done comes last, so
that it is the newest when somebody is called missing."""

KEPT = timedelta(days=4)
FIRST_LOOK = timedelta(days=2)
WHOLE_AGAIN = timedelta(hours=24)
# A transaction may be stamped before it can be seen.
OVERLAP = timedelta(minutes=2)
FAILED_AGAIN = timedelta(seconds=30)
PIECE = 200
_BACKWARDS = "backwards"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Look:
    company: str
    sync: Sync
    began_at: datetime


class Syncing:
    def __init__(self, db: Database, tenants: Tenants, account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._db = db
        self._tenants = tenants
        self._account = account
        self._now = now
        self._parts: Mapping[Part, Callable[[_Look], Awaitable[str | None]]] = {
            Part.PEOPLE: self._look_at_people,
            Part.TIMETABLES: self._look_at_timetables,
            Part.TERMINALS: self._look_at_terminals,
            Part.REQUESTS: self._look_at_requests,
            Part.PUNCHES: self._look_at_punches,
        }

    async def run(self) -> int:
        """Looks at all that is due, at every company with an account; returns at how many parts."""
        done = 0
        for company in self._tenants.companies:
            if self._account.serves(company):
                done += await self._run_company(company)
        return done

    async def look_again(self, company: str, *parts: Part) -> None:
        """These parts are due now: something has just been changed there."""
        now = self._now()

        def hasten(connection: Connection) -> None:
            for part, sync in syncing.load_syncs(connection, company).items():
                if part in parts:
                    syncing.settle_sync(connection, company, replace(sync, next_at=now))

        await self._db.write(hasten)

    async def _run_company(self, company: str) -> int:
        done = 0
        for part in EVERY:
            syncs = await self._db.read(lambda c: syncing.load_syncs(c, company))
            sync = syncs.get(part, Sync(part, self._now()))
            if sync.next_at <= self._now():
                await self._look(_Look(company, sync, self._now()))
                done += 1
        return done

    async def _look(self, look: _Look) -> None:
        sync, part = look.sync, look.sync.part
        try:
            cursor = await self._parts[part](look)
        except BioTimeError as problem:
            log.warning("BioTime cannot be looked at", company=look.company, part=str(part), problem=str(problem))
            failed = replace(
                (await self._db.read(lambda c: syncing.load_syncs(c, look.company))).get(part, sync),
                next_at=self._now() + FAILED_AGAIN,
                failed_since=sync.failed_since or look.began_at,
                failure=type(problem).__name__,
            )
            await self._db.write(lambda c: syncing.settle_sync(c, look.company, failed))
            return
        seen = Sync(part, look.began_at + EVERY[part], look.began_at, cursor, told_at=sync.told_at)
        await self._db.write(lambda c: syncing.settle_sync(c, look.company, seen))

    def _all(self, look: _Look, ask: Callable[[Office, str], AsyncIterator[Any]]) -> Awaitable[list[Any]]:
        return self._account.fetch_all(look.company, ask)

    # -- people, places ------------------------------------------------------------------------------------------------

    async def _look_at_people(self, look: _Look) -> str | None:
        company, began_at = look.company, look.began_at
        departments = await self._all(look, lambda o, t: o.personnel.departments.fetch(t, page_size=PAGE))
        areas = await self._all(look, lambda o, t: o.personnel.areas.fetch(t, page_size=PAGE))
        employees = await self._all(look, lambda o, t: o.personnel.employees.fetch(t, page_size=PAGE))
        filed = await fetch_areas(self._account, company, employees, [area.id for area in areas])
        people = [read_person(one, filed.get(one.emp_code, ())) for one in employees]
        holidays = [read_holiday(row) for row in await self._all(look, lambda o, t: o.att.holidays.fetch(t))]

        def keep(connection: Connection) -> None:
            syncing.settle_places(connection, company, read_places(departments), read_places(areas))
            syncing.settle_people(connection, company, people, began_at)
            syncing.settle_holidays(connection, company, holidays)
            syncing.forget_old(connection, company, began_at - KEPT)

        await self._db.write(keep)
        return None

    async def _look_at_terminals(self, look: _Look) -> str | None:
        terminals = await self._all(look, lambda o, t: o.iclock.fetch_terminals(t))
        rows: list[Row] = [
            {
                "sn": one.sn,
                "alias": one.alias or one.sn,
                "area_id": one.area_id,
                "last_activity_at": one.last_activity_at,
            }
            for one in terminals
        ]
        await self._db.write(lambda c: syncing.settle_terminals(c, look.company, rows))
        return None

    # -- days ----------------------------------------------------------------------------------------------------------

    async def _look_at_timetables(self, look: _Look) -> str | None:
        """Yesterday for the shifts of last night, tomorrow for those of midnight where BioTime tells them."""
        company, zone = look.company, self._tenants.zone_of(look.company)
        today = look.began_at.astimezone(zone).date()
        days = [today + timedelta(days=n) for n in (-1, 0, 1)]
        cards: list[TimeCard] = await self._all(
            look, lambda o, t: o.att.fetch_time_cards(t, days[0], days[-1], departments="-1", page_size=PAGE)
        )
        reported = [read_day(card) for card in cards]

        def keep(connection: Connection) -> None:
            first = roster.load_person_areas(connection, company)
            area_of = {code: ids[0] for code, ids in first.items()}
            before = syncing.load_last_ends(connection, company, days[0] - timedelta(days=1))
            shifts = build_shifts(only_once(reported), zone, area_of, before)
            syncing.settle_shifts(connection, company, days, shifts)

        await self._db.write(keep)
        return None

    # -- requests ------------------------------------------------------------------------------------------------------

    async def _look_at_requests(self, look: _Look) -> str | None:
        """All leaves once a day: a long one began long ago, and what servers mean by a time filter differs. In between
        what touches these days is enough. Requests to correct a punch are of these days. What waits for a decision is
        read whatever its days are, and first: what is decided meanwhile is then not taken for withdrawn."""
        whole_at = datetime.fromisoformat(look.sync.cursor) if look.sync.cursor else None
        whole = whole_at is None or look.began_at - whole_at >= WHOLE_AGAIN
        since = look.began_at - KEPT
        waiting = await self._db.read(lambda c: load_undecided(c, look.company, look.began_at))
        text = write_wall_text(waiting.earliest(since), self._tenants.zone_of(look.company))
        start = {} if whole else {"start_time": text}
        waiting_leaves: list[Leave] = await self._fetch_waiting(look, lambda office: office.att.leaves)
        waiting_logs: list[FiledLog] = await self._fetch_waiting(look, lambda office: office.att.manual_logs)
        leaves: list[Leave] = await self._all(look, lambda o, t: o.att.leaves.fetch(t, page_size=PAGE, **start))
        logs: list[FiledLog] = await self._all(
            look, lambda o, t: o.att.manual_logs.fetch(t, page_size=PAGE, start_time=text)
        )
        away = {row.id: row for row in (*waiting_leaves, *(leave for leave in leaves if leave.end_at >= since))}
        corrections = {row.id: row for row in (*waiting_logs, *(log for log in logs if log.punched_at >= since))}

        def keep(connection: Connection) -> None:
            syncing.settle_leaves(connection, look.company, list(map(read_leave, away.values())), whole=whole)
            syncing.settle_waiting(connection, look.company, [row.id for row in waiting_leaves])
            syncing.settle_logs(connection, look.company, list(map(read_log, corrections.values())), whole=True)
            hasten_decided(connection, look.company, waiting, logs, leaves)

        await self._db.write(keep)
        return (look.began_at if whole or whole_at is None else whole_at).isoformat()

    async def _fetch_waiting(self, look: _Look, of: Callable[[Office], Filings[Any, Any]]) -> list[Any]:
        """Not every server knows the filter."""
        pending = AuditStatus.PENDING
        rows = await self._all(look, lambda o, t: of(o).fetch(t, audit_status=pending.value, page_size=PAGE))
        return [row for row in rows if row.audit.status is pending]

    # -- punches -------------------------------------------------------------------------------------------------------

    async def _look_at_punches(self, look: _Look) -> str | None:
        """By the time of upload, so that a terminal that was cut off for a day is not missed. The mark of how far we
        are is BioTime's own clock, not ours."""
        cursor = look.sync.cursor or write_utc_text(look.began_at - FIRST_LOOK)
        backwards = cursor.startswith(_BACKWARDS)
        since = read_utc_text(cursor.removeprefix(_BACKWARDS))
        if not backwards and await self._walk_forwards(look, since):
            synced = (await self._db.read(lambda c: syncing.load_syncs(c, look.company))).get(Part.PUNCHES)
            return (synced.cursor if synced else None) or cursor
        return await self._walk_backwards(look, since)

    async def _walk_forwards(self, look: _Look, since: datetime) -> bool:
        """False where the server does not know the filter: then it begins with its oldest."""
        text = write_utc_text(since - OVERLAP)

        async def walk(office: Office, token: str) -> bool:
            piece: list[Transaction] = []
            asked = office.iclock.transactions.fetch(
                token, upload_time__gte=text, ordering="upload_time", page_size=PIECE
            )
            async for row in asked:
                if row.uploaded_at is None or row.uploaded_at < since - OVERLAP - timedelta(seconds=1):
                    return False
                piece.append(row)
                if len(piece) == PIECE:
                    await self._keep(look, piece)
                    piece.clear()
            await self._keep(look, piece)
            return True

        return await self._account.call(look.company, walk)

    async def _walk_backwards(self, look: _Look, since: datetime) -> str:
        """The newest first until one that we know; complete only at its end, so only then does the mark move."""

        async def walk(office: Office, token: str) -> list[Transaction]:
            rows: list[Transaction] = []
            async for row in office.iclock.transactions.fetch(token, ordering="-upload_time", page_size=PIECE):
                if row.uploaded_at is not None and row.uploaded_at < since - OVERLAP:
                    break
                rows.append(row)
            return rows

        rows = await self._account.call(look.company, walk)
        newest = max((row.uploaded_at for row in rows if row.uploaded_at is not None), default=since)
        await self._db.write(lambda c: _add_punches(c, look.company, rows))
        return _BACKWARDS + write_utc_text(max(newest, since))

    async def _keep(self, look: _Look, piece: list[Transaction]) -> None:
        if not piece:
            return
        rows = list(piece)
        cursor = write_utc_text(max(row.uploaded_at or _EPOCH for row in piece))

        def keep(connection: Connection) -> None:
            _add_punches(connection, look.company, rows)
            syncing.settle_cursor(connection, look.company, Part.PUNCHES, cursor, look.began_at)

        await self._db.write(keep)


def _add_punches(connection: Connection, company: str, rows: list[Transaction]) -> None:
    behind = load_behind(connection, company)
    syncing.add_punches(connection, company, [read_punch(row, behind) for row in rows])
