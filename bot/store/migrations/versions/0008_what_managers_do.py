"""What managers do: decisions and roll calls; terminals in trouble"""

import sqlalchemy as sa

import bot.database
import bot.store.tables
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("company", sa.String(length=100), nullable=False),
        sa.Column("at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("by_code", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("act", bot.store.tables.Word(length=20), nullable=False),
        sa.Column("emp_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=100), nullable=False),
        sa.Column("tell_at", bot.database.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company", "once", name="audit_lines_once"),
    )
    op.create_index("audit_lines_newest", "audit_lines", ["company", "at"])
    op.create_index("audit_lines_untold", "audit_lines", ["tell_at"])
    op.create_table(
        "musters",
        sa.Column("id", ID, nullable=False),
        sa.Column("company", sa.String(length=100), nullable=False),
        sa.Column("by_code", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("started_at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", bot.database.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source"),
    )
    op.create_table(
        "muster_people",
        sa.Column("muster_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("emp_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("answer", bot.store.tables.Word(length=10), nullable=True),
        sa.Column("answered_at", bot.database.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("muster_id", "emp_code"),
    )
    op.create_table(
        "terminal_troubles",
        sa.Column("id", ID, nullable=False),
        sa.Column("company", sa.String(length=100), nullable=False),
        sa.Column("sn", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("kind", bot.store.tables.Word(length=10), nullable=False),
        sa.Column("off_seconds", sa.Integer(), nullable=False),
        sa.Column("began_at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("found_at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", bot.database.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("terminal_troubles_open", "terminal_troubles", ["company", "ended_at"])
