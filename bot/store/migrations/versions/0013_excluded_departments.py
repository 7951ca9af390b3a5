"""Departments that are left out of alerts"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert_settings", sa.Column("excluded_departments", sa.Text(), server_default="", nullable=False))
