"""The tables of the leaves that people ask for."""

from sqlalchemy import JSON, BigInteger, Column, Index, String, Table, Text

from bot.database import UtcDateTime
from bot.store.tables import Id, metadata, protocol_columns

leaves = Table(
    "leaves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(8), nullable=False, unique=True),
    Column("source", String(64), nullable=False, unique=True),
    Column("link_id", BigInteger, nullable=False),
    Column("company", String(100), nullable=False),
    Column("emp_code", String(64), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(8), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    # BioTime's id of the kind of leave, and its name as it was chosen.
    Column("pay_code", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("end_at", UtcDateTime, nullable=False),
    # Of the protocol's columns `punched_at` is when the leave begins, `manual_log_id` its id in BioTime.
    Column("punched_at", UtcDateTime, nullable=False),
    *protocol_columns(),
    Index("leaves_employee", "company", "emp_code", "punched_at"),
    Index("leaves_due", "next_at"),
    Index("leaves_untold", "tell_at"),
)

leave_kinds = Table(
    "leave_kinds",
    metadata,
    # What a company takes, as [id, name] each: to be asked anew from then on, and good enough while BioTime is away.
    Column("company", String(100), primary_key=True),
    Column("kinds", JSON, nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

leave_refusals = Table(
    "leave_refusals",
    metadata,
    # A company whose BioTime takes no leaves from us is not offered them, and not asked again, until then.
    Column("company", String(100), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)
