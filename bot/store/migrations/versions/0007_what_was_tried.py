"""what was tried: a password, a code, or a mail asked for"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login_attempts", sa.Column("kind", sa.String(length=10), server_default="login", nullable=False))
