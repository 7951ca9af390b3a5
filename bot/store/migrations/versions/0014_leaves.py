"""Leaves that people ask for"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = bot.database.UtcDateTime
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "leaves",
        sa.Column("id", number, primary_key=True),
        sa.Column("ref", sa.String(8), nullable=False, unique=True),
        sa.Column("source", sa.String(64), nullable=False, unique=True),
        sa.Column("link_id", sa.BigInteger(), nullable=False),
        sa.Column("company", sa.String(100), nullable=False),
        sa.Column("emp_code", sa.String(64), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("recorded_at", at(), nullable=False),
        sa.Column("pay_code", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("end_at", at(), nullable=False),
        sa.Column("punched_at", at(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", at()),
        sa.Column("settle_at", at()),
        sa.Column("next_at", at()),
        sa.Column("server_at", at()),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("manual_log_id", sa.BigInteger()),
        sa.Column("decision", sa.String(10)),
        sa.Column("reason", sa.Text()),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("asked_at", at()),
        sa.Column("note", sa.Text()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(60)),
        sa.Column("tell_at", at()),
    )
    op.create_index("leaves_employee", "leaves", ["company", "emp_code", "punched_at"])
    op.create_index("leaves_due", "leaves", ["next_at"])
    op.create_index("leaves_untold", "leaves", ["tell_at"])
    op.create_table(
        "leave_refusals",
        sa.Column("company", sa.String(100), primary_key=True),
        sa.Column("until", at(), nullable=False),
    )
