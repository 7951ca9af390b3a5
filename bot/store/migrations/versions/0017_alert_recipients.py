"""Who is told of whom"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_recipients",
        sa.Column("company", sa.String(100), primary_key=True),
        sa.Column("instance", sa.String(200), primary_key=True),
        sa.Column("recipient", sa.String(64), primary_key=True),
        sa.Column("emp_code", sa.String(64), primary_key=True),
        sa.Column("due_at", bot.database.UtcDateTime(), nullable=False),
        sa.Column("left_by", sa.String(64), nullable=False),
    )
