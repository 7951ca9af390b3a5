"""What managers do: their decisions, their roll calls; and what HR was told of terminals."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.database import UtcDateTime
from bot.store.roster_tables import CODE, COMPANY
from bot.store.tables import Id, Word, metadata

# Who did what, when and why; nothing in here is changed afterwards but that its person was told.
audit_lines = Table(
    "audit_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_code", String(CODE), nullable=False),
    Column("by_name", Text, nullable=False),
    Column("act", Word(20), nullable=False),
    # Whom it is about; empty where nobody.
    Column("emp_code", String(CODE), nullable=False),
    Column("name", Text, nullable=False),
    # What exactly (JSON), and why.
    Column("detail", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # What can be done only once, `log:17`, is here once.
    Column("once", String(100), nullable=False),
    # When the person it is about is to be told (again); None: told, or nothing to tell.
    Column("tell_at", UtcDateTime),
    UniqueConstraint("company", "once", name="audit_lines_once"),
    Index("audit_lines_newest", "company", "at"),
    Index("audit_lines_untold", "tell_at"),
)

# Which request a manager was told of, once, and in which row of the outbox.
told_requests = Table(
    "told_requests",
    metadata,
    Column("company", String(COMPANY), primary_key=True),
    # The manager.
    Column("emp_code", String(CODE), primary_key=True),
    Column("once", String(100), primary_key=True),
    Column("message", String(250), nullable=False),
    # What was asked for (JSON): it may be withdrawn, and then nobody else knows.
    Column("detail", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("told_requests_open", "company", "ended"),
)

# A roll call, on one message that is edited.
musters = Table(
    "musters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("by_code", String(CODE), nullable=False),
    Column("source", String(64), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

muster_people = Table(
    "muster_people",
    metadata,
    Column("muster_id", BigInteger, primary_key=True, autoincrement=False),
    Column("emp_code", String(CODE), primary_key=True),
    Column("name", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("phone", String(40)),
    Column("reached", Boolean, nullable=False),
    # safe, help.
    Column("answer", Word(10)),
    Column("answered_at", UtcDateTime),
)

# A terminal that is silent, or whose clock is wrong: HR is told when it begins and when it is over.
terminal_troubles = Table(
    "terminal_troubles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(COMPANY), nullable=False),
    Column("sn", String(CODE), nullable=False),
    Column("alias", Text, nullable=False),
    # offline, clock.
    Column("kind", Word(10), nullable=False),
    # How far its clock is off.
    Column("off_seconds", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("terminal_troubles_open", "company", "ended_at"),
)

# What a chat waits for: `message_id` says how far it is, `again` is the data of a button that begins it anew. At a row
# whose lease is over nobody is at work any more.
errands = Table(
    "errands",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
    Column("again", String(64), nullable=False),
    Column("language", String(10), nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
)
