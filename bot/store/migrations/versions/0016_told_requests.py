"""New requests are told to managers"""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_requests",
        sa.Column("company", sa.String(100), primary_key=True),
        sa.Column("emp_code", sa.String(64), primary_key=True),
        sa.Column("once", sa.String(100), primary_key=True),
        sa.Column("message", sa.String(250), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
    )
    op.create_index("told_requests_open", "told_requests", ["company", "ended"])
    op.add_column("roster_logs", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("roster_leaves", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("manager_settings", sa.Column("requests", sa.Boolean(), nullable=True))
