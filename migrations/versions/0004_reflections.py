"""Reflections that a person asked to keep."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reflection",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reflection"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reflection_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("person_id", "number", name="uq_reflection_person_id_number"),
    )
    op.create_index("ix_reflection_person_id", "reflection", ["person_id"])
