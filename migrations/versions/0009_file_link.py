"""Links to files are short: what a link names stands here, and the link itself is a random key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "file_link",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("text", sa.LargeBinary),
        sa.Column("ends", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_link"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_file_link_person_id", ondelete="CASCADE"),
    )
    for column in ("person_id", "ends"):
        op.create_index(f"ix_file_link_{column}", "file_link", [column])
