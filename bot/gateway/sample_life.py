"""Fills *Demo Trading* with its people and their last sixty days. The same company and day give the same story."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection

from bot.attendance.instance import build_instances
from bot.attendance.model import PunchState
from bot.attendance.roster import Leaves, Roster
from bot.attendance.schedule import Attendant
from bot.gateway.access.passwords import NO_PASSWORD
from bot.gateway.records.approvals import Decision, NewManualLog, add_manual_log, approve, reject
from bot.gateway.records.companies import Company
from bot.gateway.records.leaves import NewLeave, add_leave, add_pay_code, approve_leave
from bot.gateway.records.tables import transactions
from bot.gateway.records.working_hours import load_working_hours
from bot.gateway.records.working_time import load_attendants, midnight
from bot.gateway.sample_history import DAYS, Habits, WorkedShift, work
from bot.gateway.sample_hours import OFFICE_WEEK, add_holidays, add_schedules, add_shifts, shift_of
from bot.gateway.sample_readers import READERS, Reader, add_readers, columns_of, note_punches
from bot.gateway.sample_staff import Team, crowd
from bot.gateway.staff import Imported, add_staff
from bot.gateway.staff_table import read_staff

_APPROVER = "1003"
# The newest of them are still to be decided.
_PENDING = 5
_LAG = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Worker:
    """`reader` is None for who punches with the app."""

    id: str
    emp_code: str
    habits: Habits
    reader: Reader | None


def add_life(conn: Connection, company: Company, named: Sequence[Imported], now: datetime) -> None:
    """The crowd, everybody's hours, and what they did until `now`. `named` are those who can log in: they have not
    punched today, so that whoever plays them begins the day.
    """
    today = now.astimezone(company.zone).date()
    first = today - timedelta(days=DAYS)
    shift_ids = add_shifts(conn, company.id)
    workers = [Worker(one.id, one.emp_code, Habits(reliable=True, takes_breaks=True), None) for one in named]
    planned = [(one.id, shift_ids[OFFICE_WEEK], first) for one in named]
    for (team, number, _), one in zip(crowd(), _add_crowd(conn, company, now), strict=True):
        shift, earlier = shift_of(team.role, number)
        planned.append((one.id, shift_ids[shift], first - earlier))
        workers.append(_employ(team, number, one))
    add_schedules(conn, company.id, planned)
    add_holidays(conn, company.id, today)
    _add_leaves(conn, company, workers[len(named) :], today, now)
    _Story(conn, company, first, now, frozenset(one.id for one in named)).tell(workers)


def _add_crowd(conn: Connection, company: Company, now: datetime) -> Sequence[Imported]:
    staff = read_staff(row for _, _, row in crowd())
    return add_staff(conn, company.id, staff, [NO_PASSWORD] * len(staff), now)


def _employ(team: Team, number: int, one: Imported) -> Worker:
    """Every third in the office has the app; guards and the warehouse have a reader."""
    reader = next(reader for reader in READERS if reader.area == team.area)
    if team.department in ("Sales", "Human Resources") and number % 3 == 0:
        return Worker(one.id, one.emp_code, Habits(takes_breaks=True), None)
    return Worker(one.id, one.emp_code, Habits(says_state=reader.has_keys, takes_breaks=reader.has_keys), reader)


def _add_leaves(conn: Connection, company: Company, workers: Sequence[Worker], today: date, now: datetime) -> None:
    """Every fourth was away for some days or is about to be; who asks for days to come still waits for the answer."""
    codes = [add_pay_code(conn, company.id, *code) for code in (("AL", "Annual leave"), ("SL", "Sick leave"))]
    for worker in workers[::4]:
        chance = Random(f"{today} leave {worker.emp_code}")  # noqa: S311 - a story, no secret
        start = today + timedelta(days=chance.choice((-48, -30, -16, -9, -2, 9, 18)))
        new = NewLeave(
            company.id,
            worker.id,
            chance.choice(codes),
            midnight(start, company.zone),
            midnight(start + timedelta(days=chance.randint(1, 5)), company.zone),
            None,
            min(now, midnight(start, company.zone)) - timedelta(days=2),
        )
        leave_id = add_leave(conn, new)
        if start < today:
            approve_leave(conn, leave_id, Decision(company.id, _APPROVER, new.applied_at + timedelta(hours=5)))


@dataclass(frozen=True, slots=True)
class _Story:
    conn: Connection
    company: Company
    first: date
    now: datetime
    not_today: frozenset[str]

    def tell(self, workers: Sequence[Worker]) -> None:
        attendants = self._load_attendants(workers)
        today = self.now.astimezone(self.company.zone).date()
        rows: list[dict[str, Any]] = []
        forgotten: list[tuple[datetime, Worker]] = []
        reader_ids = add_readers(self.conn, self.company.id)
        for worker in workers:
            until = midnight(today, self.company.zone) if worker.id in self.not_today else self.now
            for shift in self._shifts(worker, attendants[worker.id], today):
                made = [punch for punch in shift.punches if punch.punched_at <= until]
                rows += [self._row(worker, punch.punched_at, punch.punch_state, reader_ids) for punch in made]
                if shift.forgotten_at and shift.forgotten_at <= until:
                    forgotten.append((shift.forgotten_at, worker))
        # In the order of time, as they would have come in.
        self.conn.execute(transactions.insert(), sorted(rows, key=lambda row: row["punched_at"]))
        note_punches(self.conn, reader_ids, rows, self.now)
        self._file_forgotten(sorted(forgotten, key=lambda one: one[0]))

    def _load_attendants(self, workers: Sequence[Worker]) -> Mapping[str, Attendant]:
        hours = load_working_hours(self.conn, self.company.id, self.company.zone)
        last = self.now.astimezone(self.company.zone).date()
        return load_attendants(self.conn, hours, [worker.id for worker in workers], self.first, last)

    def _shifts(self, worker: Worker, person: Attendant, today: date) -> Iterator[WorkedShift]:
        roster, leaves = Roster(person), Leaves(person.leaves, self.company.zone)
        for n in range(DAYS + 1):
            day = roster.plan_day(self.first + timedelta(days=n))
            for instance in build_instances(day, leaves, self.company.zone):
                yield work(instance, worker.habits, f"{today} {worker.emp_code}")

    def _row(self, worker: Worker, at: datetime, state: PunchState, reader_ids: Mapping[str, int]) -> dict[str, Any]:
        at = at.replace(microsecond=0)
        row = {
            "company_id": self.company.id,
            "employee_id": worker.id,
            "emp_code": worker.emp_code,
            "punched_at": at,
            "uploaded_at": at + _LAG,
            "punch_state": state.value,
        }
        return row | columns_of(worker.reader, reader_ids)

    def _file_forgotten(self, forgotten: Sequence[tuple[datetime, Worker]]) -> None:
        """Two of three are reported the morning after; Huda decides, but for the newest."""
        logs = [one for number, one in enumerate(forgotten) if number % 3 or number >= len(forgotten) - _PENDING]
        for number, (at, worker) in enumerate(logs):
            filed_at = min(self.now, at + timedelta(hours=14))
            new = NewManualLog(
                self.company.id, worker.id, at.replace(microsecond=0, second=0), PunchState.CHECK_OUT, None,
                "Forgot to check out", filed_at,
            )  # fmt: skip
            log_id = add_manual_log(self.conn, new)
            if number < len(logs) - _PENDING:
                settle: Callable[[Connection, int, Decision], bool] = reject if number % 7 == 6 else approve
                decided_at = min(self.now, filed_at + timedelta(hours=3))
                settle(self.conn, log_id, Decision(self.company.id, _APPROVER, decided_at))
