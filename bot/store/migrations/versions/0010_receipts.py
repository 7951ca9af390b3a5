"""receipts of punches, chained and signed"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company", sa.String(length=100), nullable=False),
        sa.Column("emp_code", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("punch_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=32), nullable=False),
        sa.Column("made_at", bot.database.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("company", "emp_code", "seq", name="receipts_chain"),
        sa.UniqueConstraint("punch_id", "outcome", name="receipts_once"),
    )
    op.create_index("receipts_ref", "receipts", ["ref"])
