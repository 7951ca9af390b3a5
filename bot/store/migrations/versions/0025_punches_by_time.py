"""Find the punches of the last hours, and the old ones, whoever made them"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("roster_punches_time", "roster_punches", ["company", "punched_at", "emp_code"])
