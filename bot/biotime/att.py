"""Reports, manual logs, leaves and working time through the web API (manual "5. Att API"): values, and the client.

Holidays are the wire notes'; timetables, shifts, schedules and pay codes are our gateway's own, and a tenant may not
know them. Their rows are the wire's own, since nothing in them needs to be converted.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.attendance.model import PunchState
from bot.biotime.exchange import Exchange
from bot.biotime.reading import read_punch_state
from bot.biotime.resources import Filter, Resource, Row, Shape, Written, header_of
from bot.biotime.time_cards import TimeCard, read_time_card
from bot.biotime.values import AuditStatus
from bot.biotime.wire import att, att_requests, working_time
from bot.biotime.wire.envelope import Identifier
from bot.biotime.wire.report_times import read_report_date
from bot.biotime.wire.times import read_wall_text, write_wall_text

BASE = "/att/api"


@dataclass(frozen=True, slots=True)
class Audit:
    """What was decided, by whom and why. `revoke_reason` is that of an approval taken back. When it was asked for and
    decided is None where the server does not tell.
    """

    status: AuditStatus
    approver: str
    reason: str
    revoke_reason: str
    applied_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FiledLog:
    """A manual log as the office sees one. `punched_at` is the first that its wall clock time can mean."""

    id: int
    employee: str
    emp_code: str
    first_name: str
    punched_at: datetime
    punch_state: PunchState
    apply_reason: str
    audit: Audit


@dataclass(frozen=True, slots=True)
class Leave:
    id: int
    employee: str
    emp_code: str
    first_name: str
    pay_code: int
    pay_code_name: str
    start_at: datetime
    end_at: datetime
    apply_reason: str
    audit: Audit


@dataclass(frozen=True, slots=True)
class DayPunches:
    """The first and the last punch of a calendar day, `HH:MM` of the company's wall clock, "" where there is none."""

    emp_code: str
    first_name: str
    workdate: date
    first_punch: str
    last_punch: str


class Filings(Resource[Row, Written]):
    """A resource about which something is decided: each decision once, Refused from then on."""

    async def approve(self, token: str, identifier: Identifier, reason: str = "") -> Written:
        return await self._decide(token, identifier, "approve", reason)

    async def reject(self, token: str, identifier: Identifier, reason: str = "") -> Written:
        return await self._decide(token, identifier, "reject", reason)

    async def revoke(self, token: str, identifier: Identifier, reason: str = "") -> Written:
        """Takes an approval back."""
        return await self._decide(token, identifier, "revoke", reason)

    async def _decide(self, token: str, identifier: Identifier, verb: str, reason: str) -> Written:
        body = att_requests.DecisionBody(audit_reason=reason)
        path = f"{self.path_of(identifier)}{verb}/"
        return self._written.read_one(await self._exchange.post(path, header_of(token), body))


class Att:
    """Everything raises BioTimeError (see `errors`). `zone` is the company's."""

    def __init__(self, exchange: Exchange, zone: ZoneInfo) -> None:
        self._zone = zone
        log = Shape(att_requests.WebManualLog, self._read_log)
        leave = Shape(att_requests.WebLeave, self._read_leave)
        card, day = Shape(att.TimeCardRow, read_time_card), Shape(att.FirstLastRow, _read_day)
        self._cards = Resource(exchange, f"{BASE}/totalTimeCardReport/", card, card)
        self._days = Resource(exchange, f"{BASE}/firstLastReport/", day, day)
        self.manual_logs = Filings(exchange, f"{BASE}/manuallogs/", log, log)
        self.leaves = Filings(exchange, f"{BASE}/leaves/", leave, leave)
        self.holidays = Resource(exchange, f"{BASE}/holidays/", _HOLIDAY, _HOLIDAY)
        self.pay_codes = Resource(exchange, f"{BASE}/paycodes/", _PAY_CODE, _PAY_CODE)
        self.timetables = Resource(exchange, f"{BASE}/timetables/", _TIMETABLE, _TIMETABLE)
        self.shifts = Resource(exchange, f"{BASE}/shifts/", _SHIFT, _SHIFT)
        self.schedules = Resource(exchange, f"{BASE}/schedules/", _SCHEDULE, _SCHEDULE)
        self.temporary_schedules = Resource(exchange, f"{BASE}/temporaryschedules/", _TEMPORARY, _TEMPORARY)

    def fetch_time_cards(self, token: str, first: date, last: date, **filters: Filter) -> AsyncIterator[TimeCard]:
        """From `first` to `last`, both included, a year at most; by `employees`, `departments`, `areas`."""
        return self._cards.fetch(token, start_date=first.isoformat(), end_date=last.isoformat(), **filters)

    def fetch_days(self, token: str, first: date, last: date, **filters: Filter) -> AsyncIterator[DayPunches]:
        """Each day with a punch, by the same filters."""
        return self._days.fetch(token, start_date=first.isoformat(), end_date=last.isoformat(), **filters)

    async def file_manual_log(
        self, token: str, employee: str, punched_at: datetime, punch_state: PunchState, *, reason: str | None = None
    ) -> FiledLog:
        """After Unclear look for it before filing it again."""
        body = att_requests.NewManualLog(
            employee=employee,
            punch_time=write_wall_text(punched_at, self._zone),
            punch_state=int(punch_state),
            work_code="",
            apply_reason=reason,
        )
        return await self.manual_logs.create(token, body)

    async def file_leave(
        self, token: str, employee: str, pay_code: int, *, start_at: datetime, end_at: datetime, reason: str | None
    ) -> Leave:
        body = att_requests.NewLeave(
            employee=employee,
            pay_code=pay_code,
            start_time=write_wall_text(start_at, self._zone),
            end_time=write_wall_text(end_at, self._zone),
            apply_reason=reason,
        )
        return await self.leaves.create(token, body)

    def _read_log(self, row: att_requests.WebManualLog) -> FiledLog:
        return FiledLog(
            id=row.id,
            employee=str(row.employee),
            emp_code=row.emp_code,
            first_name=row.first_name or "",
            punched_at=read_wall_text(row.punch_time, self._zone),
            punch_state=read_punch_state(str(row.punch_state)),
            apply_reason=row.apply_reason or "",
            audit=self._read_audit(row),
        )

    def _read_leave(self, row: att_requests.WebLeave) -> Leave:
        return Leave(
            id=row.id,
            employee=str(row.employee),
            emp_code=row.emp_code,
            first_name=row.first_name or "",
            pay_code=row.pay_code,
            pay_code_name=row.pay_code_name or "",
            start_at=read_wall_text(row.start_time, self._zone),
            end_at=read_wall_text(row.end_time, self._zone),
            apply_reason=row.apply_reason or "",
            audit=self._read_audit(row),
        )

    def _read_audit(self, row: att_requests.Filed) -> Audit:
        return Audit(
            AuditStatus(row.audit_status),
            row.approver or "",
            row.audit_reason or "",
            row.revoke_reason or "",
            self._read_moment(row.apply_time),
            self._read_moment(row.audit_time),
        )

    def _read_moment(self, text: str | None) -> datetime | None:
        """No list is worth less for a moment that cannot be read."""
        try:
            return read_wall_text(text, self._zone) if text else None
        except ValueError:
            return None


def _read_day(row: att.FirstLastRow) -> DayPunches:
    workdate = read_report_date(row.att_date)
    return DayPunches(row.emp_code, row.first_name or "", workdate, row.first_punch, row.last_punch)


_HOLIDAY = Shape(working_time.Holiday, lambda row: row)
_PAY_CODE = Shape(working_time.PayCode, lambda row: row)
_TIMETABLE = Shape(working_time.TimetableRow, lambda row: row)
_SHIFT = Shape(working_time.ShiftRow, lambda row: row)
_SCHEDULE = Shape(working_time.ScheduleRow, lambda row: row)
_TEMPORARY = Shape(working_time.TemporaryScheduleRow, lambda row: row)
