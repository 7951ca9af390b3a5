"""Nobody is put off for everybody: who has put somebody off, for their own card, is an audit line"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("alerts", "snoozed_until")
