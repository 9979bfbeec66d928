"""First schema: people, commitments, follow-ups, what was seen, scans, and the conversation log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "person",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("locale", sa.String(10), nullable=False, server_default="nl"),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("what", sa.LargeBinary, nullable=False),
        sa.Column("with_whom", sa.LargeBinary),
        sa.Column("obstacle", sa.LargeBinary),
        sa.Column("plan", sa.LargeBinary),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("confidence", sa.Integer),
        sa.Column("practice_id", sa.String(80)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("closed", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_commitment_person_id", ondelete="CASCADE"),
        sa.CheckConstraint("state in ('open', 'done', 'partial', 'not_done', 'cancelled')", name="ck_commitment_state"),
    )
    op.create_index("ix_commitment_person_id", "commitment", ["person_id"])
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("commitment_id", sa.String(32), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("asked_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name="fk_follow_up_commitment_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("commitment_id", "occurrence", name="uq_follow_up_commitment_id_occurrence"),
        sa.CheckConstraint(
            "state in ('pending', 'claimed', 'asked', 'answered', 'waiting', 'cancelled')",
            name="ck_follow_up_state",
        ),
    )
    op.create_index("ix_follow_up_due_at", "follow_up", ["due_at"])
    op.create_index("ix_follow_up_state", "follow_up", ["state"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("follow_up_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="fk_attempt_follow_up_id", ondelete="CASCADE"),
    )
    op.create_index("ix_attempt_follow_up_id", "attempt", ["follow_up_id"])
    op.create_table(
        "seen",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_seen_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_seen_person_id", "seen", ["person_id"])
    op.create_table(
        "scan",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("answers", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scan"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_scan_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_scan_person_id", "scan", ["person_id"])
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_event_conversation_id_seq"),
    )
    op.create_table(
        "snapshot",
        sa.Column("conversation_id", sa.String(200), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_snapshot"),
    )
