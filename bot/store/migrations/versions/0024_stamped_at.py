"""what a terminal says whose clock must be wrong"""

import sqlalchemy as sa

import bot.database
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("roster_punches") as batch_op:
        batch_op.add_column(sa.Column("stamped_at", bot.database.UtcDateTime(), nullable=True))
