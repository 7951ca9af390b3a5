"""Who manages whom, what was found to be missing, and what is to be told to whom."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from bot.database import UtcDateTime
from bot.store.roster_tables import CODE, COMPANY
from bot.store.tables import Id, Word, metadata

managers = Table(
    "managers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("emp_code", String(CODE), nullable=False),
    # department (with its sub-departments), area, all.
    Column("scope", Word(10), nullable=False),
    # BioTime's number of the department or area; 0 for all.
    Column("scope_id", Integer, nullable=False),
    Column("scope_name", Text, nullable=False),
    # How long after a person was due this manager wants to know.
    Column("delay_minutes", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("company", "emp_code", "scope", "scope_id", name="managers_once"),
)

# A hand-over for a period: it comes back by itself.
manager_stand_ins = Table(
    "manager_stand_ins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("emp_code", String(CODE), nullable=False),
    Column("stand_in", String(CODE), nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime, nullable=False),
    Index("manager_stand_ins_manager", "company", "emp_code", "until_at"),
)

# Times of day are `HH:MM` on the company's wall; empty is none.
manager_settings = Table(
    "manager_settings",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    Column("emp_code", String(CODE), primary_key=True),
    Column("quiet_from", String(5), nullable=False),
    Column("quiet_until", String(5), nullable=False),
    Column("digest_at", String(5), nullable=False),
    # 0 is Monday.
    Column("weekly_day", Integer, nullable=False),
    Column("working_days", String(20), nullable=False),
    Column("escalate_minutes", Integer, nullable=False),
    # Whether new requests are told at once; null is yes.
    Column("requests", Boolean),
)

alert_settings = Table(
    "alert_settings",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("grace_minutes", Integer, nullable=False),
    Column("delay_minutes", Integer, nullable=False),
    # So long before the manager is told the employee is asked; 0: not at all.
    Column("nudge_minutes", Integer, nullable=False),
    # Of how many per cent of a site missing it is an incident.
    Column("incident_percent", Integer, nullable=False),
    # emp_codes, with commas; and BioTime's numbers of departments.
    Column("excluded", Text, nullable=False),
    Column("excluded_departments", Text, nullable=False),
)

# An employee's own wish; without a row the company's holds.
nudge_settings = Table(
    "nudge_settings",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    Column("emp_code", String(CODE), primary_key=True),
    Column("minutes", Integer, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("emp_code", String(CODE), nullable=False),
    # Which shift instance: `2026-03-02 Office 05:00`, in UTC; for a whole site with `@` and the area before it.
    Column("instance", String(200), nullable=False),
    # nudge, absent, incident, stale.
    Column("kind", Word(10), nullable=False),
    Column("area_id", Integer, nullable=False),
    Column("workdate", Date, nullable=False),
    Column("timetable", Text, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    # The chain of gates as it was then (JSON), for "why?".
    Column("chain", Text, nullable=False),
    # The reason has vanished, and which: arrived, leave, log, gone.
    Column("ended_at", UtcDateTime),
    Column("ending", Word(20)),
    # What the person said, and what a manager decided.
    Column("answer", Word(20)),
    Column("answered_at", UtcDateTime),
    Column("excuse", Text),
    Column("excused_by", String(CODE)),
    UniqueConstraint("company", "emp_code", "instance", "kind", name="alerts_once"),
    Index("alerts_open", "company", "ended_at", "starts_at"),
    Index("alerts_site", "company", "workdate", "area_id"),
)

# Of whom somebody is told: their card names these people, and when they are theirs no more, says so.
alert_recipients = Table(
    "alert_recipients",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    Column("instance", String(200), primary_key=True),
    Column("recipient", String(CODE), primary_key=True),
    Column("emp_code", String(CODE), primary_key=True),
    # As long after the start as they want to know.
    Column("due_at", UtcDateTime, nullable=False),
    # Who has not looked at it; empty for those whose people they are.
    Column("left_by", String(CODE), nullable=False),
    # When a message that rings first named them; until then they have only been written into one that was there.
    Column("named_at", UtcDateTime),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    # Whom: an employee, whichever accounts they are linked with.
    Column("emp_code", String(CODE), nullable=False),
    Column("kind", Word(20), nullable=False),
    # What it is about; with whom and the kind it is there once.
    Column("key", String(250), nullable=False),
    # What the text is made from (JSON); a card is made from the alerts as they are when it is sent.
    Column("payload", Text, nullable=False),
    # pending, sending, sent, failed.
    Column("state", Word(10), nullable=False),
    # Raised whenever there is something new to say.
    Column("version", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("next_at", UtcDateTime),
    # A send without a clear answer: the next one says that it may be a repeat.
    Column("unclear", Boolean, nullable=False),
    # The messages it became (JSON): chat, message ids, a digest of what each says.
    Column("messages", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("company", "emp_code", "kind", "key", name="outbox_once"),
    Index("outbox_due", "next_at"),
)

# What an employee wants to be reminded of: minutes after the start, the end, a break's begin; none is off.
reminder_wishes = Table(
    "reminder_wishes",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    Column("emp_code", String(CODE), primary_key=True),
    Column("clock_in_minutes", Integer),
    Column("clock_out_minutes", Integer),
    Column("break_minutes", Integer),
)
