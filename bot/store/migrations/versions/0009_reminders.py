"""What people want to be reminded of"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_wishes",
        sa.Column("company", sa.String(100), nullable=False),
        sa.Column("emp_code", sa.String(64), nullable=False),
        sa.Column("clock_in_minutes", sa.Integer()),
        sa.Column("clock_out_minutes", sa.Integer()),
        sa.Column("break_minutes", sa.Integer()),
        sa.PrimaryKeyConstraint("company", "emp_code"),
    )
