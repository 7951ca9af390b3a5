"""Mona's February 2026, with one of everything: what BioTime has of it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, select

from bot.attendance.model import PunchState
from bot.gateway.records.approvals import Decision
from bot.gateway.records.leaves import NewLeave, add_leave, add_pay_code, approve_leave
from bot.gateway.records.schedule_tables import holidays
from bot.gateway.records.tables import employees, transactions
from bot.gateway.sample_hours import OFFICE_WEEK, add_schedules, add_shifts
from tests.talk import Office

DUBAI = ZoneInfo("Asia/Dubai")
FIRST = date(2026, 2, 1)
ON_TIME, LATE, ABSENT, EARLY, MISSING, LEAVE, HOLIDAY, OVERTIME, GRACE = (
    date(2026, 2, day) for day in (2, 3, 4, 5, 6, 9, 10, 11, 12)
)
REST = date(2026, 2, 7)
_PUNCHED: dict[date, tuple[str, ...]] = {
    ON_TIME: ("08:55", "18:05"),
    LATE: ("09:25", "18:04"),
    ABSENT: (),
    EARLY: ("08:50", "16:30"),
    MISSING: ("08:58",),
    LEAVE: (),
    HOLIDAY: (),
    OVERTIME: ("08:59", "20:00"),
    GRACE: ("09:08", "18:10"),
}
_USUAL = ("08:56", "18:02")


def add_february(office: Office, name: str = "Mona") -> None:
    """Her office week from nine to six, ten minutes late allowed, and what she did in it."""
    engine = create_engine(f"sqlite:///{office.folder}/gateway.db")
    with engine.begin() as connection:
        found = connection.execute(select(employees).where(employees.c.first_name == name)).one()
        company = found.company_id
        add_schedules(connection, company, [(found.id, add_shifts(connection, company)[OFFICE_WEEK], FIRST)])
        connection.execute(
            holidays.insert().values(company_id=company, alias="Holiday", start_date=HOLIDAY, duration_day=1)
        )
        applied_at = _at(LEAVE, "07:00") - timedelta(days=3)
        new = NewLeave(
            company, found.id, add_pay_code(connection, company, "AL", "Annual leave"),
            _at(LEAVE, "00:00"), _at(HOLIDAY, "00:00"), None, applied_at,
        )  # fmt: skip
        approve_leave(connection, add_leave(connection, new), Decision(company, "1003", applied_at))
        same = {"company_id": company, "employee_id": found.id, "emp_code": found.emp_code, "verify_type": 1}
        rows = [
            {**same, "source": 3, "punched_at": at, "uploaded_at": at, "punch_state": int(state),
             "gps_location": "7HQQ35R5+MF - Dubai Internet City - Dubai - United Arab Emirates"}
            for at, state in _punches()
        ]  # fmt: skip
        connection.execute(transactions.insert(), rows)
    engine.dispose()


def _punches() -> list[tuple[datetime, PunchState]]:
    made = []
    for n in range(28):
        day = FIRST + timedelta(days=n)
        if day.weekday() < 5:
            times = _PUNCHED.get(day, _USUAL)
            made += [(_at(day, at), state) for at, state in zip(times, _DIRECTIONS, strict=False)]
    return made


_DIRECTIONS = (PunchState.CHECK_IN, PunchState.CHECK_OUT)


def _at(day: date, at: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), DUBAI).astimezone(UTC)
