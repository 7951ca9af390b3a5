"""The tables that say who works when (wire notes, "The time card"), and what answers a repeated request.

Minutes are whole numbers of minutes; times of day are wall clock in the company's zone.
"""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, Time

from bot.database import UtcDateTime
from bot.gateway.records.tables import (
    CODE_LENGTH,
    EMAIL_LENGTH,
    NAME_LENGTH,
    UUID_LENGTH,
    company,
    employee,
    metadata,
    number,
)

timetables = Table(
    "timetables",
    metadata,
    number(),
    company(),
    Column("alias", String(NAME_LENGTH), nullable=False),
    # Out at or before in is out on the next day.
    Column("check_in", Time, nullable=False),
    Column("check_out", Time, nullable=False),
    # How long before and after each a punch still counts for it.
    Column("in_ahead", SmallInteger, nullable=False, server_default="120"),
    Column("in_behind", SmallInteger, nullable=False, server_default="120"),
    Column("out_ahead", SmallInteger, nullable=False, server_default="120"),
    Column("out_behind", SmallInteger, nullable=False, server_default="120"),
    Column("allow_late", SmallInteger, nullable=False, server_default="0"),
    Column("allow_early_leave", SmallInteger, nullable=False, server_default="0"),
    Column("must_check_in", Boolean, nullable=False, server_default=sa.true()),
    Column("must_check_out", Boolean, nullable=False, server_default=sa.true()),
    Column("work_day", Float, nullable=False, server_default="1"),
    # Required work; None: the span without its unpaid breaks.
    Column("duty_minutes", SmallInteger),
    # No fixed hours: present is who worked `duty_minutes` between `day_change` and the next.
    Column("flexible", Boolean, nullable=False, server_default=sa.false()),
    Column("day_change", Time, nullable=False, server_default="00:00:00"),
    sa.UniqueConstraint("company_id", "alias"),
    sqlite_autoincrement=True,
)

breaks = Table(
    "breaks",
    metadata,
    number(),
    Column("timetable_id", Integer, ForeignKey("timetables.id", ondelete="CASCADE"), nullable=False),
    Column("alias", String(NAME_LENGTH), nullable=False),
    Column("starts", Time, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("paid", Boolean, nullable=False, server_default=sa.false()),
    # Taken off even where nobody punched for it.
    Column("automatic", Boolean, nullable=False, server_default=sa.true()),
    Index(None, "timetable_id"),
    sqlite_autoincrement=True,
)

shifts = Table(
    "shifts",
    metadata,
    number(),
    company(),
    Column("alias", String(NAME_LENGTH), nullable=False),
    # How many days until it begins again: 7 is a week, and a week begins on Monday.
    Column("cycle_days", SmallInteger, nullable=False),
    sa.UniqueConstraint("company_id", "alias"),
    sqlite_autoincrement=True,
)

shift_days = Table(
    "shift_days",
    metadata,
    number(),
    Column("shift_id", Integer, ForeignKey("shifts.id", ondelete="CASCADE"), nullable=False),
    # From 0; a day without a row is a rest day.
    Column("day", SmallInteger, nullable=False),
    Column("timetable_id", Integer, ForeignKey("timetables.id"), nullable=False),
    sa.UniqueConstraint("shift_id", "day", "timetable_id"),
    sqlite_autoincrement=True,
)

schedules = Table(
    "schedules",
    metadata,
    number(),
    company(),
    employee(),
    Column("shift_id", Integer, ForeignKey("shifts.id"), nullable=False),
    Column("start_date", Date, nullable=False),
    # The last day; None: for ever.
    Column("end_date", Date),
    Index(None, "employee_id", "start_date"),
    sqlite_autoincrement=True,
)

temporary_schedules = Table(
    "temporary_schedules",
    metadata,
    number(),
    company(),
    employee(),
    Column("att_date", Date, nullable=False),
    # None: a day off.
    Column("timetable_id", Integer, ForeignKey("timetables.id")),
    sa.UniqueConstraint("employee_id", "att_date", "timetable_id"),
    sqlite_autoincrement=True,
)

attendance_rules = Table(
    "attendance_rules",
    metadata,
    Column("company_id", String(UUID_LENGTH), ForeignKey("companies.id"), primary_key=True),
    # Worked time down to whole steps, late and early up to them; 1 changes nothing.
    Column("rounding", SmallInteger, nullable=False, server_default="1"),
    # More minutes of lateness than this are an absence; None: never.
    Column("late_is_absent", SmallInteger),
    Column("early_is_absent", SmallInteger),
    # A missing punch: "late" (early leave) by so many minutes, "absent", or "" for neither.
    Column("missing_in", String(8), nullable=False, server_default="absent"),
    Column("missing_out", String(8), nullable=False, server_default="absent"),
    Column("missing_minutes", SmallInteger, nullable=False, server_default="60"),
    # Overtime counts from so many minutes on.
    Column("overtime_from", SmallInteger, nullable=False, server_default="0"),
    # Thresholds of the daily hours, T1 < T2 < T3.
    Column("overtime_1", SmallInteger, nullable=False, server_default="480"),
    Column("overtime_2", SmallInteger, nullable=False, server_default="660"),
    Column("overtime_3", SmallInteger, nullable=False, server_default="840"),
    # Two punches of one employee so close together are one.
    Column("duplicate_seconds", SmallInteger, nullable=False, server_default="60"),
)

holidays = Table(
    "holidays",
    metadata,
    number(),
    company(),
    Column("alias", String(NAME_LENGTH), nullable=False),
    Column("start_date", Date, nullable=False),
    Column("duration_day", SmallInteger, nullable=False, server_default="1"),
    # Whose: the area's, the employee's, or with neither the whole company's.
    Column("area_id", Integer, ForeignKey("areas.id")),
    employee(nullable=True),
    Index(None, "company_id", "start_date"),
    sqlite_autoincrement=True,
)

pay_codes = Table(
    "pay_codes",
    metadata,
    number(),
    company(),
    Column("code", String(CODE_LENGTH), nullable=False),
    Column("name", String(NAME_LENGTH), nullable=False),
    sa.UniqueConstraint("company_id", "code"),
    sqlite_autoincrement=True,
)

leaves = Table(
    "leaves",
    metadata,
    number(),
    company(),
    employee(),
    Column("pay_code_id", Integer, ForeignKey("pay_codes.id"), nullable=False),
    Column("start_at", UtcDateTime, nullable=False),
    Column("end_at", UtcDateTime, nullable=False),
    Column("apply_reason", Text),
    Column("applied_at", UtcDateTime, nullable=False),
    Column("audit_status", SmallInteger, nullable=False),
    Column("audit_reason", Text),
    Column("audited_at", UtcDateTime),
    Column("approver", String(EMAIL_LENGTH)),
    Column("revoke_reason", Text),
    Index(None, "employee_id", "start_at"),
    Index(None, "company_id", "id"),
    sqlite_autoincrement=True,
)

password_codes = Table(
    "password_codes",
    metadata,
    number(),
    company(),
    employee(),
    # A keyed digest: a dump of the table opens nothing.
    Column("digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("used_at", UtcDateTime),
    Index(None, "employee_id", "created_at"),
    sqlite_autoincrement=True,
)

idempotent_answers = Table(
    "idempotent_answers",
    metadata,
    # Who asked, by kind and id: a key is one caller's own.
    Column("caller", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    # SHA-256 of path and body: the same key with another request is a mistake.
    Column("request", String(64), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "created_at"),
)
