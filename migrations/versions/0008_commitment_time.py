"""The time of day of a commitment, when the person named one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply."""
    op.add_column("commitment", sa.Column("due_time", sa.String(5)))
