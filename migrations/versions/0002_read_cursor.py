"""How far each person has read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "read_cursor",
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("log", sa.String(40), nullable=False),
        sa.Column("cursor", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_read_cursor"),
    )
