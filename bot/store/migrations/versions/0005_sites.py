"""The site of a shift instance"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shift_instances", sa.Column("area_id", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("shift_instances_day", "shift_instances")
    op.create_index("shift_instances_day", "shift_instances", ["company", "workdate", "area_id"])
