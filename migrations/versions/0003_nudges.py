"""When a person likes to be asked, where a mail about it goes, and that it went at most once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("person", sa.Column("ask_time", sa.String(5)))
    op.create_table(
        "address",
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("offered_at", sa.DateTime, nullable=False),
        sa.Column("agreed_at", sa.DateTime),
        sa.PrimaryKeyConstraint("person_id", name="pk_address"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_address_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("id", name="uq_address_id"),
    )
    op.create_table(
        "nudge",
        sa.Column("follow_up_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("follow_up_id", name="pk_nudge"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="fk_nudge_follow_up_id", ondelete="CASCADE"),
        sa.CheckConstraint("state in ('retry', 'sending', 'sent', 'given_up')", name="ck_nudge_state"),
    )
