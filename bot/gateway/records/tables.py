"""The gateway's tables. The manual's `id` is a public name: UUID text for companies and employees, else an integer.

Integer ids are never given twice (`sqlite_autoincrement`): a client that remembers one must not meet another row.
"""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, SmallInteger, String, Table, Text

from bot.database import UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

UUID_LENGTH = 36
CODE_LENGTH = 50
NAME_LENGTH = 200
EMAIL_LENGTH = 254


def number() -> "Column[int]":
    return Column("id", Integer, primary_key=True)


def company() -> "Column[str]":
    return Column("company_id", String(UUID_LENGTH), ForeignKey("companies.id"), nullable=False)


def employee(*, nullable: bool = False) -> "Column[str]":
    return Column("employee_id", String(UUID_LENGTH), ForeignKey("employees.id"), nullable=nullable)


companies = Table(
    "companies",
    metadata,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("name", String(NAME_LENGTH), nullable=False),
    # The first label of the company's host, and its name in any case and spacing: "Demo Trading" -> "demo-trading".
    Column("label", String(NAME_LENGTH), nullable=False, unique=True),
    Column("timezone", String(64), nullable=False),
    Column("dialect", String(16), nullable=False),
    # How often a transaction was taken away again: what was counted before that no longer holds (`ladders`).
    Column("removals", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
)

system_users = Table(
    "system_users",
    metadata,
    number(),
    company(),
    Column("email", String(EMAIL_LENGTH), nullable=False),
    Column("email_key", String(EMAIL_LENGTH), nullable=False),
    Column("password", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("token_version", Integer, nullable=False),
    sa.UniqueConstraint("company_id", "email_key"),
    sqlite_autoincrement=True,
)

areas = Table(
    "areas",
    metadata,
    number(),
    company(),
    Column("area_code", String(CODE_LENGTH), nullable=False),
    Column("area_name", String(NAME_LENGTH), nullable=False),
    Column("parent_id", Integer, ForeignKey("areas.id")),
    sa.UniqueConstraint("company_id", "area_code"),
    sqlite_autoincrement=True,
)

departments = Table(
    "departments",
    metadata,
    number(),
    company(),
    Column("dept_code", String(CODE_LENGTH), nullable=False),
    Column("dept_name", String(NAME_LENGTH), nullable=False),
    Column("parent_id", Integer, ForeignKey("departments.id")),
    sa.UniqueConstraint("company_id", "dept_code"),
    sqlite_autoincrement=True,
)

positions = Table(
    "positions",
    metadata,
    number(),
    company(),
    Column("position_code", String(CODE_LENGTH), nullable=False),
    Column("position_name", String(NAME_LENGTH), nullable=False),
    Column("parent_id", Integer, ForeignKey("positions.id")),
    sa.UniqueConstraint("company_id", "position_code"),
    sqlite_autoincrement=True,
)

employees = Table(
    "employees",
    metadata,
    # The integer id of the `onprem` dialect; the UUID beside it is the id everywhere else.
    Column("number", Integer, primary_key=True),
    Column("id", String(UUID_LENGTH), nullable=False, unique=True),
    company(),
    Column("emp_code", String(CODE_LENGTH), nullable=False),
    Column("first_name", String(NAME_LENGTH), nullable=False),
    Column("last_name", String(NAME_LENGTH)),
    Column("email", String(EMAIL_LENGTH)),
    Column("email_key", String(EMAIL_LENGTH)),
    Column("department_id", Integer, ForeignKey("departments.id"), nullable=False),
    Column("position_id", Integer, ForeignKey("positions.id")),
    Column("photo", String(NAME_LENGTH), nullable=False),
    Column("nickname", String(NAME_LENGTH)),
    Column("device_password", String(CODE_LENGTH)),
    Column("card_no", String(CODE_LENGTH)),
    # Who is employed from when to when: outside of it nobody is absent.
    Column("hire_date", Date),
    Column("leave_date", Date),
    Column("gender", String(1)),
    Column("birthday", Date),
    Column("verify_mode", SmallInteger, nullable=False, server_default="-1"),
    Column("emp_type", SmallInteger),
    Column("contact_tel", String(CODE_LENGTH)),
    Column("office_tel", String(CODE_LENGTH)),
    Column("mobile", String(CODE_LENGTH)),
    Column("national", String(CODE_LENGTH)),
    Column("city", String(NAME_LENGTH)),
    Column("address", String(NAME_LENGTH)),
    Column("postcode", String(CODE_LENGTH)),
    Column("enroll_sn", String(CODE_LENGTH)),
    Column("ssn", String(CODE_LENGTH)),
    Column("religion", String(CODE_LENGTH)),
    Column("dev_privilege", SmallInteger, nullable=False, server_default="0"),
    Column("app_status", SmallInteger, nullable=False, server_default="0"),
    Column("app_role", SmallInteger, nullable=False),
    Column("enable_att", Boolean, nullable=False),
    Column("enable_overtime", Boolean, nullable=False, server_default=sa.true()),
    Column("enable_holiday", Boolean, nullable=False, server_default=sa.true()),
    Column("active", Boolean, nullable=False),
    Column("self_password", Text, nullable=False),
    Column("token_version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("company_id", "emp_code"),
    sa.UniqueConstraint("company_id", "email_key"),
    # The list of those employed: counted, and skipped to a page, without a look at the rows.
    Index(None, "company_id", "active", "number"),
    sqlite_autoincrement=True,
)

employee_areas = Table(
    "employee_areas",
    metadata,
    Column("employee_id", String(UUID_LENGTH), ForeignKey("employees.id"), primary_key=True),
    Column("area_id", Integer, ForeignKey("areas.id"), primary_key=True),
    Index(None, "area_id", "employee_id"),
)

terminals = Table(
    "terminals",
    metadata,
    number(),
    company(),
    Column("sn", String(CODE_LENGTH), nullable=False),
    Column("alias", String(NAME_LENGTH), nullable=False),
    Column("terminal_name", String(NAME_LENGTH), nullable=False),
    Column("area_id", Integer, ForeignKey("areas.id")),
    Column("ip_address", String(CODE_LENGTH)),
    Column("fw_ver", String(NAME_LENGTH)),
    Column("push_ver", String(NAME_LENGTH)),
    # Minutes east of UTC; None: the company's zone.
    Column("terminal_tz", SmallInteger),
    Column("push_at", UtcDateTime),
    Column("transfer_time", String(CODE_LENGTH), nullable=False, server_default="00:00;14:05"),
    Column("transfer_interval", SmallInteger, nullable=False, server_default="1"),
    Column("is_attendance", SmallInteger, nullable=False, server_default="1"),
    Column("user_count", Integer, nullable=False, server_default="0"),
    Column("fp_count", Integer, nullable=False, server_default="0"),
    Column("face_count", Integer, nullable=False, server_default="0"),
    Column("palm_count", Integer, nullable=False, server_default="0"),
    Column("transaction_count", Integer, nullable=False, server_default="0"),
    # Online is who was heard of lately: the state follows from this.
    Column("last_activity_at", UtcDateTime),
    sa.UniqueConstraint("company_id", "sn"),
    sqlite_autoincrement=True,
)

manual_logs = Table(
    "manual_logs",
    metadata,
    number(),
    company(),
    employee(),
    Column("punched_at", UtcDateTime, nullable=False),
    Column("punch_state", SmallInteger, nullable=False),
    Column("work_code", String(CODE_LENGTH)),
    Column("apply_reason", Text),
    Column("applied_at", UtcDateTime, nullable=False),
    Column("audit_status", SmallInteger, nullable=False),
    Column("audit_reason", Text),
    Column("audited_at", UtcDateTime),
    Column("approver", String(EMAIL_LENGTH)),
    Column("revoke_reason", Text),
    Index(None, "employee_id", "id"),
    Index(None, "company_id", "id"),
    sqlite_autoincrement=True,
)

transactions = Table(
    "transactions",
    metadata,
    number(),
    company(),
    # A terminal may know an emp_code that no employee has (yet).
    employee(nullable=True),
    Column("emp_code", String(CODE_LENGTH), nullable=False),
    Column("punched_at", UtcDateTime, nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    Column("punch_state", SmallInteger, nullable=False),
    Column("source", SmallInteger, nullable=False),
    Column("work_code", String(CODE_LENGTH)),
    Column("terminal_sn", String(CODE_LENGTH)),
    Column("terminal_alias", String(NAME_LENGTH)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("gps_location", Text),
    Column("terminal_id", Integer, ForeignKey("terminals.id", ondelete="SET NULL")),
    Column("area_alias", String(NAME_LENGTH)),
    Column("verify_type", SmallInteger, nullable=False, server_default="0"),
    Column("mobile", String(CODE_LENGTH)),
    Column("temperature", Float),
    Column("mask_flag", SmallInteger),
    # Unique: however often it is approved, a manual log is one transaction.
    Column("manual_log_id", Integer, ForeignKey("manual_logs.id"), unique=True),
    Index(None, "employee_id", "punched_at"),
    Index(None, "company_id", "punched_at"),
    Index(None, "company_id", "uploaded_at"),
    Index(None, "company_id", "emp_code", "punched_at"),
    Index(None, "company_id", "terminal_sn", "punched_at"),
    # The order of the lists.
    Index(None, "company_id", "id"),
    # For deleting a terminal.
    Index(None, "terminal_id"),
    sqlite_autoincrement=True,
)

tokens = Table(
    "tokens",
    metadata,
    # SHA-256 of the 40 hex characters: a dump of the table opens nothing.
    Column("digest", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    company(),
    Column("user_id", String(UUID_LENGTH), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "user_id"),
)
