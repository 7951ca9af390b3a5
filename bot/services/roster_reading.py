"""What BioTime says of people and their days, in the store's own words: for the sync, and for looking back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.attendance.facts import ShiftKind
from bot.attendance.shifts import ReportedDay
from bot.attendance.terminals import date_punch
from bot.biotime.att import FiledLog, Leave
from bot.biotime.iclock import Transaction
from bot.biotime.personnel import Employee
from bot.biotime.time_cards import TimeCard
from bot.services.service_account import ServiceAccount
from bot.store.roster import Place, RosterPerson
from bot.store.syncing import Row

PAGE = 500
_KINDS = {"H": ShiftKind.HOLIDAY, "R": ShiftKind.REST}


async def fetch_areas(
    account: ServiceAccount, company: str, employees: list[Employee], areas: list[int]
) -> dict[str, tuple[int, ...]]:
    """Who works where. The cloud's rows do not say it: there each area is asked who is in it."""
    if all(one.area_ids is not None for one in employees):
        return {one.emp_code: tuple(sorted(one.area_ids or ())) for one in employees}
    filed: dict[str, tuple[int, ...]] = {}
    for area in sorted(areas):
        inside = await account.fetch_all(
            company,
            lambda o, t, area=area: o.personnel.employees.fetch(t, areas=area, page_size=PAGE),  # type: ignore[misc]
        )
        for one in inside:
            filed[one.emp_code] = (*filed.get(one.emp_code, ()), area)
    return filed


def only_once(days: list[ReportedDay]) -> list[ReportedDay]:
    """A list that grew while it was read may show a row twice. Punches outside a shift have a row of their own, without
    a timetable: whoever has another that day is not without one.
    """
    timed = {(day.emp_code, day.workdate) for day in days if day.kind is not ShiftKind.NONE}
    rows = {(day.emp_code, day.workdate, day.timetable, day.check_in): day for day in days}
    return [day for day in rows.values() if day.kind is not ShiftKind.NONE or (day.emp_code, day.workdate) not in timed]


def read_person(one: Employee, area_ids: tuple[int, ...]) -> RosterPerson:
    return RosterPerson(
        emp_code=one.emp_code,
        emp_id=one.id,
        name=f"{one.first_name} {one.last_name}".strip() or one.emp_code,
        department_id=one.department_id,
        position=one.position_name,
        hire_date=one.hire_date,
        area_ids=area_ids,
        phone=one.phone,
        enable_att=one.enable_att,
    )


def read_day(card: TimeCard) -> ReportedDay:
    return ReportedDay(card.emp_code, card.workdate, card.timetable, _kind_of(card), card.check_in, card.check_out)


def _kind_of(card: TimeCard) -> ShiftKind:
    """Flexible is a timetable without times. The status of a free day ends in its code: `Rest Day(R)`."""
    if card.timetable:
        return ShiftKind.WORK if card.check_in is not None else ShiftKind.FLEXIBLE
    return _KINDS.get(card.status.rpartition("(")[2].rstrip(")"), ShiftKind.NONE)


def read_holiday(row: Any) -> Row:
    return {
        "id": row.id,
        "name": row.alias,
        "first_date": date.fromisoformat(row.start_date),
        "days": row.duration_day,
        "area_id": row.area,
        "emp_id": None if row.employee is None else str(row.employee),
    }


def read_places(found: list[Any]) -> list[Place]:
    return [Place(one.id, one.name, one.parent_id) for one in found]


def read_leave(row: Leave) -> Row:
    return {
        "id": row.id,
        "emp_code": row.emp_code,
        "starts_at": row.start_at,
        "ends_at": row.end_at,
        "audit_status": int(row.audit.status),
        "pay_code": row.pay_code_name,
        "reason": row.apply_reason,
    }


def read_log(row: FiledLog) -> Row:
    return {
        "id": row.id,
        "emp_code": row.emp_code,
        "punched_at": row.punched_at,
        "punch_state": int(row.punch_state),
        "audit_status": int(row.audit.status),
        "reason": row.apply_reason,
    }


def read_punch(row: Transaction, behind: Mapping[str, timedelta]) -> Row:
    """What a person has decided, an approved manual log, is doubted by no clock. `behind`: the clocks that are known to
    be, by terminal."""
    stamped_at, sn = row.punched_at, row.terminal_sn
    counts_at = date_punch(stamped_at, row.uploaded_at, behind.get(sn, timedelta(0))) if sn else stamped_at
    return {
        "id": row.id,
        "emp_code": row.emp_code,
        "punched_at": counts_at,
        "stamped_at": stamped_at if stamped_at != counts_at else None,
        "punch_state": int(row.punch_state),
        "source": row.source,
        "terminal_sn": row.terminal_sn,
        "terminal_alias": row.terminal_alias,
        "uploaded_at": row.uploaded_at,
    }
