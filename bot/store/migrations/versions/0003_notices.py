"""What people say of a day: late, sick, on the way"""

import sqlalchemy as sa

import bot.database
import bot.store.tables
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company", sa.String(length=100), nullable=False),
        sa.Column("emp_code", sa.String(length=64), nullable=False),
        sa.Column("workdate", sa.Date(), nullable=False),
        sa.Column("kind", bot.store.tables.Word(length=10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("said_at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source"),
    )
    op.create_index("notices_day", "notices", ["company", "workdate"])
    op.create_index("notices_employee", "notices", ["company", "emp_code", "workdate"])
