"""Which server reads a channel's event stream, and how far it was read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "channel_reader",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(32)),
        sa.Column("until", sa.DateTime),
        sa.Column("position", sa.BigInteger),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_reader"),
    )
