"""Count a site's people in the index alone"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("shift_instances_day", "shift_instances")
    op.create_index(
        "shift_instances_day",
        "shift_instances",
        ["company", "workdate", "area_id", "timetable", "starts_at", "kind"],
    )
