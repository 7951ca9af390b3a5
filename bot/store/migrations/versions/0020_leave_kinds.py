"""the kinds of leave of each company"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_kinds",
        sa.Column("company", sa.String(length=100), primary_key=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("until", bot.database.UtcDateTime(), nullable=False),
    )
