"""When a person was told what becomes of their location"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("location_told_at", bot.database.UtcDateTime(), nullable=True))
