"""Sentences that were not understood, of people who agreed to share them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sharing",
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("agreed_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_sharing"),
        sa.UniqueConstraint("key", name="uq_sharing_key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sharing_person_id", ondelete="CASCADE"),
    )
    op.create_table(
        "shared_sentence",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("guess", sa.String(80), nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shared_sentence"),
        sa.ForeignKeyConstraint(["key"], ["sharing.key"], name="fk_shared_sentence_key", ondelete="CASCADE"),
    )
    for column in ("key", "week"):
        op.create_index(f"ix_shared_sentence_{column}", "shared_sentence", [column])
