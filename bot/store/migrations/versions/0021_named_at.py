"""Whom a manager has heard of"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert_recipients", sa.Column("named_at", bot.database.UtcDateTime(), nullable=True))
    # Nobody is told a second time of whom they were told before this.
    op.execute("UPDATE alert_recipients SET named_at = due_at")
