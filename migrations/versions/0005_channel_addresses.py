"""How to reach people on messaging channels, and codes that link channels."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "channel_address",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
        sa.Column("introduced", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("nudge_only", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("nudged_at", sa.DateTime),
        sa.Column("log", sa.String(40), nullable=False),
        sa.Column("sent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("retry_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_channel_address"),
    )
    for column in ("channel", "conversation_id", "retry_at"):
        op.create_index(f"ix_channel_address_{column}", "channel_address", [column])
    op.create_table(
        "link_code",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("expires", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_code"),
    )
    op.create_index("ix_link_code_conversation_id", "link_code", ["conversation_id"])
