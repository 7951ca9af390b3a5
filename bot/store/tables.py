"""The tables of the bot's own database. What is due is a column; a row is taken by compare-and-set."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.database import UtcDateTime


class Word(TypeDecorator[str]):
    """A member of a StrEnum, kept as its value: drivers differ in what they make of an enum."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


metadata = MetaData()
# SQLite counts only its own INTEGER PRIMARY KEY up by itself.
Id = BigInteger().with_variant(Integer, "sqlite")


def protocol_columns() -> list[Column[Any]]:
    """Of everything that is kept first and then brought to BioTime: a punch, a leave. attendance/progress.py says what
    they mean.
    """
    return [
        Column("state", Word(20), nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("lease_until", UtcDateTime),
        Column("settle_at", UtcDateTime),
        Column("next_at", UtcDateTime),
        Column("server_at", UtcDateTime),
        Column("correction", Boolean, nullable=False),
        Column("manual_log_id", BigInteger),
        Column("decision", Word(10)),
        Column("reason", Text),
        Column("flagged", Boolean, nullable=False),
        # Set where a person asked for it, a manual log or a leave, and why: BioTime's `apply_reason`.
        Column("asked_at", UtcDateTime),
        Column("note", Text),
        # What the person was told: the message that is edited, how often one was sent, and the last thing it said.
        Column("message_id", BigInteger),
        Column("sends", Integer, nullable=False, default=0),
        Column("told", String(60)),
        Column("tell_at", UtcDateTime),
    ]


inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # Encrypted: an update may hold a password or a place. Emptied as soon as it is done.
    Column("payload", LargeBinary),
    Column("attempt", Integer, nullable=False, default=0),
    Column("next_at", UtcDateTime),
    # The set, not a high-water mark: after an idle week Telegram starts its numbers anew.
    UniqueConstraint("bot_id", "update_id", name="inbox_once"),
    Index("inbox_due", "next_at"),
    Index("inbox_chat", "chat_id", "next_at"),
)

people = Table(
    "people",
    metadata,
    Column("telegram_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    # What Telegram's client is set to: for messages that nobody's update brings about.
    Column("language_code", String(35)),
    # BioTime's `Client` header: one stable device name per Telegram account.
    Column("client_id", String(64), nullable=False),
    # Whether pictures are drawn for a dark screen; null is light.
    Column("dark", Boolean),
    # When they were told what becomes of their location.
    Column("location_told_at", UtcDateTime),
)

links = Table(
    "links",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
    Column("company", String(100), nullable=False),
    Column("emp_id", String(64), nullable=False),
    Column("emp_code", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("app_role", Integer, nullable=False),
    Column("token", LargeBinary),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("token_at", UtcDateTime, nullable=False),
    Column("unlinked_at", UtcDateTime),
    # The last punch BioTime told of (a terminal's, perhaps): the keyboard's first button depends on it.
    Column("last_punch_at", UtcDateTime),
    Column("last_punch_state", Integer),
    # When the keyboard that this chat shows was offered, and what its first button says: a location carries no label.
    Column("offered_at", UtcDateTime),
    Column("offered_state", Integer),
    Index("links_person", "telegram_id", "unlinked_at"),
    Index("links_employee", "company", "emp_code"),
)

punches = Table(
    "punches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(8), nullable=False, unique=True),
    Column("source", String(64), nullable=False, unique=True),
    Column("link_id", BigInteger, nullable=False),
    Column("company", String(100), nullable=False),
    Column("emp_code", String(64), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(8), nullable=False),
    Column("punch_state", Integer, nullable=False),
    Column("punched_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("accuracy", Float),
    Column("area", Text),
    Column("distance", Float),
    Column("inside", Boolean),
    Column("address", Text),
    Column("evidence", Text, nullable=False, default=""),
    *protocol_columns(),
    Index("punches_employee", "company", "emp_code", "punched_at"),
    Index("punches_due", "next_at"),
    Index("punches_untold", "tell_at"),
    Index("punches_link", "link_id"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(100), nullable=False),
    Column("emp_code", String(64), nullable=False),
    # The day it is about, in the company's zone; of a leave, its first.
    Column("workdate", Date, nullable=False),
    Column("kind", Word(10), nullable=False),
    Column("minutes", Integer),
    Column("note", Text),
    Column("said_at", UtcDateTime, nullable=False),
    # What said it, "telegram:<chat>:<message>": a second tap, or the update once more, is no second notice.
    Column("source", String(64), nullable=False, unique=True),
    Index("notices_day", "company", "workdate"),
    Index("notices_employee", "company", "emp_code", "workdate"),
)

receipt_ends = Table(
    "receipt_ends",
    metadata,
    # A keyed hash of whoever had their receipts removed: how many there were, and the signature of the last.
    Column("who", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("signature", String(32), nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("company", String(100), nullable=False),
    Column("emp_code", String(64), nullable=False),
    # Counts the employee's receipts from 1; each holds the signature of the one before. Appended, never changed.
    Column("seq", Integer, nullable=False),
    Column("punch_id", BigInteger, nullable=False),
    Column("ref", String(8), nullable=False),
    Column("outcome", String(20), nullable=False),
    # attendance/receipt.py says what stands in it, and how it is signed.
    Column("line", Text, nullable=False),
    Column("signature", String(32), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("company", "emp_code", "seq", name="receipts_chain"),
    UniqueConstraint("punch_id", "outcome", name="receipts_once"),
    Index("receipts_ref", "ref"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("dialog", String(40), nullable=False),
    # Encrypted: a password may have been typed where another answer was asked for.
    Column("data", LargeBinary, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
    # What was tried: services/guessing names the kinds.
    Column("kind", String(10), nullable=False, server_default="login"),
    # A keyed hash: what was typed as a username may be a password.
    Column("username", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The message it came with: an update that is worked on again is no second try.
    Column("source", String(64)),
    UniqueConstraint("telegram_id", "source", name="login_attempts_once"),
    Index("login_attempts_person", "telegram_id", "at"),
)

areas = Table(
    "areas",
    metadata,
    Column("company", String(100), primary_key=True),
    # The company's geofences, as the GeoJSON text that was imported.
    Column("document", Text, nullable=False),
)

tenants = Table(
    "tenants",
    metadata,
    Column("company", String(100), primary_key=True),
    # Whether BioTime gives our marker back whole: probed once, by `hadir check`.
    Column("marker", String(20), nullable=False),
    Column("probed_at", UtcDateTime, nullable=False),
)
