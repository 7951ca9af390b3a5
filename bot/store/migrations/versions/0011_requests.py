"""Manual logs that people ask for"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("punches", sa.Column("asked_at", bot.database.UtcDateTime(), nullable=True))
    op.add_column("punches", sa.Column("note", sa.Text(), nullable=True))
