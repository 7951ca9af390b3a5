"""What we know of a company from BioTime, as of the last look: nothing in here is ours, and all can be fetched anew."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

from bot.database import UtcDateTime
from bot.store.tables import Id, Word, metadata

COMPANY = 100
CODE = 64


def _company(*, key: bool = True) -> Column[str]:
    return Column("company", String(COMPANY), primary_key=key, nullable=False)


syncs = Table(
    "syncs",
    metadata,
    _company(),
    # What is looked at: people, timetables, punches, terminals, requests.
    Column("part", Word(20), primary_key=True),
    # All that BioTime knew of this by then is in our tables; None: never looked to the end.
    Column("synced_until", UtcDateTime),
    # Where a look that was stopped goes on.
    Column("cursor", Text),
    Column("next_at", UtcDateTime, nullable=False),
    # Since when nothing comes, and whether anybody was told.
    Column("failed_since", UtcDateTime),
    Column("failure", Text),
    Column("told_at", UtcDateTime),
)

roster_people = Table(
    "roster_people",
    metadata,
    _company(),
    Column("emp_code", String(CODE), primary_key=True),
    Column("emp_id", String(CODE), nullable=False),
    Column("name", Text, nullable=False),
    Column("department_id", Integer, nullable=False),
    Column("position", Text, nullable=False),
    Column("hire_date", Date),
    # Where the dialect tells them.
    Column("phone", String(40)),
    Column("enable_att", Boolean),
    # Set when BioTime's list no longer has them: who has left keeps a name.
    Column("left_at", UtcDateTime),
    Index("roster_people_department", "company", "department_id"),
    Index("roster_people_id", "company", "emp_id"),
)

roster_departments = Table(
    "roster_departments",
    metadata,
    _company(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("parent_id", Integer),
)

roster_areas = Table(
    "roster_areas",
    metadata,
    _company(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("parent_id", Integer),
)

roster_person_areas = Table(
    "roster_person_areas",
    metadata,
    _company(),
    Column("emp_code", String(CODE), primary_key=True),
    Column("area_id", Integer, primary_key=True, autoincrement=False),
    Index("roster_person_areas_area", "company", "area_id"),
)

shift_instances = Table(
    "shift_instances",
    metadata,
    Column("id", Id, primary_key=True),
    _company(key=False),
    Column("emp_code", String(CODE), nullable=False),
    Column("workdate", Date, nullable=False),
    # The alias; empty where the day has none.
    Column("timetable", Text, nullable=False),
    # What the day is: work, flexible, rest, holiday, leave, none.
    Column("kind", Word(10), nullable=False),
    # The person's site then; 0 without one.
    Column("area_id", Integer, nullable=False),
    # Real time, the employee's zone already considered; None where nothing is fixed.
    Column("starts_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    # From when a punch counts for this one and not for the one before it.
    Column("opens_at", UtcDateTime),
    Index("shift_instances_once", "company", "emp_code", "workdate", "timetable", "starts_at", unique=True),
    Index("shift_instances_due", "company", "starts_at"),
    # All that counting a site's people reads.
    Index("shift_instances_day", "company", "workdate", "area_id", "timetable", "starts_at", "kind"),
)

roster_punches = Table(
    "roster_punches",
    metadata,
    _company(),
    # BioTime's own number of the transaction.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("emp_code", String(CODE), nullable=False),
    # When it counts; `stamped_at` is what the terminal says, where that is another time.
    Column("punched_at", UtcDateTime, nullable=False),
    Column("punch_state", Integer, nullable=False),
    Column("source", Integer),
    Column("terminal_sn", String(CODE)),
    Column("terminal_alias", Text),
    Column("uploaded_at", UtcDateTime),
    Column("stamped_at", UtcDateTime),
    Index("roster_punches_person", "company", "emp_code", "punched_at"),
    # Who has come lately, all that is read of it; and what is old enough to be forgotten.
    Index("roster_punches_time", "company", "punched_at", "emp_code"),
)

roster_terminals = Table(
    "roster_terminals",
    metadata,
    _company(),
    Column("sn", String(CODE), primary_key=True),
    Column("alias", Text, nullable=False),
    Column("area_id", Integer),
    Column("last_activity_at", UtcDateTime),
)

roster_leaves = Table(
    "roster_leaves",
    metadata,
    _company(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("emp_code", String(CODE), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    # BioTime's number: 1 pending, 2 approved.
    Column("audit_status", Integer, nullable=False),
    Column("pay_code", Text, nullable=False),
    Column("reason", Text),
    Index("roster_leaves_person", "company", "emp_code"),
)

roster_logs = Table(
    "roster_logs",
    metadata,
    _company(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("emp_code", String(CODE), nullable=False),
    Column("punched_at", UtcDateTime, nullable=False),
    Column("punch_state", Integer, nullable=False),
    Column("audit_status", Integer, nullable=False),
    Column("reason", Text),
    Index("roster_logs_person", "company", "emp_code"),
)

roster_holidays = Table(
    "roster_holidays",
    metadata,
    _company(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("first_date", Date, nullable=False),
    Column("days", Integer, nullable=False),
    # Of an area, of one employee, or with neither of the whole company.
    Column("area_id", Integer),
    Column("emp_id", String(CODE)),
)
