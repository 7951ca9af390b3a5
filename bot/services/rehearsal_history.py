"""What BioTime says of days that are past, fetched piece by piece, gently, for `rehearsing`: nothing of it is kept."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.attendance.facts import Away, SeenPunch, Shift
from bot.attendance.past import LogState, Past, PastLeave, PastLog, PastPunch
from bot.attendance.shifts import EARLIEST, build_shifts
from bot.attendance.terminals import date_punch
from bot.biotime.att import FiledLog, Leave
from bot.biotime.iclock import Transaction
from bot.biotime.time_cards import TimeCard
from bot.biotime.values import AuditStatus
from bot.biotime.wire.times import write_wall_text
from bot.database import Database
from bot.services.roster_reading import PAGE, fetch_areas, only_once, read_day, read_holiday, read_person
from bot.services.service_account import ServiceAccount
from bot.store.facts import find_holiday
from bot.store.rehearsals import load_own_punches
from bot.store.roster import RosterPerson
from bot.store.syncing import Row

T = TypeVar("T")

DAY = timedelta(days=1)
# So many days of all people are held at once: a week of a small company, a day of a big one.
MOST_PERSON_DAYS = 20_000
_STATES = {AuditStatus.PENDING: LogState.PENDING, AuditStatus.APPROVED: LogState.APPROVED}


@dataclass(frozen=True, slots=True)
class Directory:
    """Who works there by now, and all that was filed."""

    people: Mapping[str, RosterPerson]
    places: Mapping[int, str]
    holidays: tuple[Row, ...]
    leaves: Mapping[str, tuple[PastLeave, ...]]
    logs: Mapping[str, tuple[PastLog, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days, whole. `gone`: who no longer works there, and of whom nothing is said; `undated`: how many punches do
    not say when they were uploaded.
    """

    first: date
    last: date
    pasts: tuple[Past, ...]
    gone: frozenset[str]
    undated: int


class History:
    """Everything raises as `ServiceAccount.call`."""

    def __init__(
        self, db: Database, account: ServiceAccount, company: str, zone: ZoneInfo, now: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._account = account
        self._company = company
        self._zone = zone
        self._now = now
        self._seen: dict[str, list[PastPunch]] = defaultdict(list)

    async def fetch_directory(self, first: date) -> Directory:
        company, fetch = self._company, self._account.fetch_all
        employees = await fetch(company, lambda o, t: o.personnel.employees.fetch(t, page_size=PAGE))
        areas = await fetch(company, lambda o, t: o.personnel.areas.fetch(t, page_size=PAGE))
        filed = await fetch_areas(self._account, company, employees, [area.id for area in areas])
        holidays = await fetch(company, lambda o, t: o.att.holidays.fetch(t))
        # Not by time: what servers mean by that filter differs, and a long leave began long ago.
        leaves = await fetch(company, lambda o, t: o.att.leaves.fetch(t, page_size=PAGE))
        since = write_wall_text(self._midnight(first - DAY), self._zone)
        logs = await fetch(company, lambda o, t: o.att.manual_logs.fetch(t, page_size=PAGE, start_time=since))
        return Directory(
            people={one.emp_code: read_person(one, filed.get(one.emp_code, ())) for one in employees},
            places={area.id: area.name for area in areas},
            holidays=tuple(read_holiday(row) for row in holidays),
            leaves=_group((one.emp_code, _read_leave(one)) for one in leaves if _is_approved(one)),
            logs=_group((one.emp_code, _read_log(one)) for one in logs),
        )

    async def walk(self, directory: Directory, first: date, last: date) -> AsyncIterator[Piece]:
        """From the first day to the last, in order; without shifts that are not over."""
        area_of = {code: one.area_ids[0] for code, one in directory.people.items() if one.area_ids}
        step = max(1, min(7, MOST_PERSON_DAYS // max(1, len(directory.people))))
        shifts, _ = await self._fetch_shifts(first - DAY, first - DAY, area_of, {})
        before, since, begin = _last_ends(shifts, first - DAY), self._midnight(first) - EARLIEST, first
        while begin <= last:
            end = min(begin + (step - 1) * DAY, last)
            shifts, cards = await self._fetch_shifts(begin, end, area_of, before)
            until = min(self._midnight(end + 2 * DAY), self._now())
            undated = await self._fetch_punches(since, until, self._midnight(begin) - EARLIEST)
            known = [shift for shift in shifts if shift.emp_code in directory.people]
            pasts = tuple(self._lay(directory, known, cards))
            yield Piece(begin, end, pasts, frozenset(s.emp_code for s in shifts) - set(directory.people), undated)
            before, since, begin = _last_ends(shifts, end), until, end + DAY

    async def _fetch_shifts(
        self, first: date, last: date, area_of: Mapping[str, int], before: Mapping[str, datetime]
    ) -> tuple[list[Shift], list[TimeCard]]:
        cards = await self._account.fetch_all(
            self._company, lambda o, t: o.att.fetch_time_cards(t, first, last, departments="-1", page_size=PAGE)
        )
        return build_shifts(only_once([read_day(card) for card in cards]), self._zone, area_of, before), cards

    async def _fetch_punches(self, since: datetime, until: datetime, kept_since: datetime) -> int:
        """Those from `kept_since` on stay at hand. Returns of how many nobody says when they were uploaded."""
        company = self._company
        for code in list(self._seen):
            self._seen[code] = [one for one in self._seen[code] if one.seen.at >= kept_since]
        rows: list[Transaction] = await self._account.fetch_all(
            company, lambda o, t: o.iclock.fetch_transactions(t, None, since, until, page_size=PAGE)
        )
        for row in rows:
            at = date_punch(row.punched_at, row.uploaded_at) if row.terminal_sn else row.punched_at
            seen = SeenPunch(at, row.punch_state, row.terminal_alias or "")
            self._seen[row.emp_code].append(PastPunch(seen, row.uploaded_at))
        for code, seen in await self._db.read(lambda c: load_own_punches(c, company, since, until)):
            self._seen[code].append(PastPunch(seen, seen.at))
        return sum(row.uploaded_at is None for row in rows)

    def _lay(self, directory: Directory, shifts: list[Shift], cards: Iterable[TimeCard]) -> Iterator[Past]:
        card_of = {(card.emp_code, card.workdate, card.timetable, card.check_in): card for card in cards}
        opened = _first_opens(shifts)
        for shift in shifts:
            card = card_of.get((shift.emp_code, shift.workdate, shift.timetable, self._wall(shift.starts_at)))
            absent = card is not None and bool(card.absent)
            over = shift.ends_at is not None and shift.ends_at <= self._now()
            if over or (shift.starts_at is None and absent):
                first = opened.get((shift.emp_code, shift.workdate))
                came_from = first if first and shift.opens_at and first < shift.opens_at else None
                counted = (card.clock_in or card.clock_out) if card else None
                yield self._build(directory, shift, came_from, absent=absent, counted=counted)

    def _build(
        self, directory: Directory, shift: Shift, came_from: datetime | None, *, absent: bool, counted: time | None
    ) -> Past:
        code, person = shift.emp_code, directory.people[shift.emp_code]
        opens, ends = came_from or shift.opens_at, shift.ends_at
        span = (opens, ends) if opens and ends else None
        return Past(
            shift=shift,
            hire_date=person.hire_date,
            enable_att=person.enable_att,
            holiday=find_holiday(directory.holidays, shift.workdate, person.emp_id, person.area_ids),
            punches=tuple(one for one in self._seen.get(code, ()) if span and span[0] <= one.seen.at <= span[1]),
            leaves=tuple(
                one
                for one in directory.leaves.get(code, ())
                if span and one.away.starts_at < span[1] and one.away.ends_at > span[0]
            ),
            logs=tuple(one for one in directory.logs.get(code, ()) if span and span[0] <= one.at <= span[1]),
            came_from=came_from,
            absent=absent,
            counted=counted,
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)

    def _wall(self, at: datetime | None) -> time | None:
        return at.astimezone(self._zone).time() if at else None


def _last_ends(shifts: Iterable[Shift], day: date) -> dict[str, datetime]:
    """When each person's last timetable of that day ends."""
    ends = sorted((s.ends_at, s.emp_code) for s in shifts if s.workdate == day and s.ends_at is not None)
    return {code: at for at, code in ends}


def _first_opens(shifts: Iterable[Shift]) -> dict[tuple[str, date], datetime]:
    opens: dict[tuple[str, date], datetime] = {}
    for shift in shifts:
        if shift.opens_at is not None:
            key = (shift.emp_code, shift.workdate)
            opens[key] = min(opens.get(key, shift.opens_at), shift.opens_at)
    return opens


def _group(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = defaultdict(list)
    for code, one in pairs:
        found[code].append(one)
    return {code: tuple(some) for code, some in found.items()}


def _is_approved(one: Leave) -> bool:
    return one.audit.status is AuditStatus.APPROVED


def _read_leave(one: Leave) -> PastLeave:
    return PastLeave(Away(one.start_at, one.end_at, one.pay_code_name), one.audit.decided_at)


def _read_log(one: FiledLog) -> PastLog:
    state = _STATES.get(one.audit.status, LogState.REFUSED)
    return PastLog(one.punched_at, state, one.audit.applied_at, one.audit.decided_at)
