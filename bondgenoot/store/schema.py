"""Tables of the product and of the conversation log. migrations/ creates them; a test keeps the two equal."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken

from bondgenoot.errors import StoreError

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator):  # type: ignore[misc, unused-ignore]
    """An aware moment, kept as UTC. SQLite forgets the zone, so it is put back on the way out."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        """Refuse a naive moment and drop the zone after turning it into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone was about to be stored")
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=datetime.timezone.utc)


class Cipher:
    """Encrypts what people write. One for a process, made from the key outside the database."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def seal(self, text: str) -> bytes:
        """Encrypted text."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text again.

        Raises:
            StoreError: when the key does not belong to this database.
        """
        try:
            return self._fernet.decrypt(bytes(sealed)).decode()
        except InvalidToken as error:
            raise StoreError(
                "The database was written with another data key. Put the key of the backup in var/secrets/data_key."
            ) from error


person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("country", sa.String(2)),
    sa.Column("locale", sa.String(10), nullable=False, server_default="nl"),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("last_seen", UtcDateTime, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
    # Local wall-clock time, 'HH:MM', at which this person likes to be asked; NULL is the start of the working day.
    sa.Column("ask_time", sa.String(5)),
)

commitment = sa.Table(
    "commitment",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("what", sa.LargeBinary, nullable=False),
    sa.Column("with_whom", sa.LargeBinary),
    sa.Column("obstacle", sa.LargeBinary),
    sa.Column("plan", sa.LargeBinary),
    sa.Column("due", sa.Date, nullable=False),
    # Local wall-clock time, 'HH:MM', when the person named one.
    sa.Column("due_time", sa.String(5)),
    sa.Column("confidence", sa.Integer),
    sa.Column("practice_id", sa.String(80)),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("closed", UtcDateTime),
    sa.CheckConstraint("state in ('open', 'done', 'partial', 'not_done', 'cancelled')", name="ck_commitment_state"),
)

follow_up = sa.Table(
    "follow_up",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("commitment_id", sa.ForeignKey("commitment.id", ondelete="CASCADE"), nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked_at", UtcDateTime),
    sa.UniqueConstraint("commitment_id", "occurrence"),
    sa.CheckConstraint(
        "state in ('pending', 'claimed', 'asked', 'answered', 'waiting', 'cancelled')", name="ck_follow_up_state"
    ),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("follow_up_id", sa.ForeignKey("follow_up.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(200)),
)

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item", sa.String(80), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

scan = sa.Table(
    "scan",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("answers", sa.LargeBinary, nullable=False),
)

# What a person asked to keep, in their own words. `origin` is the journey it comes from; by `number` they can erase it.
reflection = sa.Table(
    "reflection",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("text", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("person_id", "number"),
)

# Where a mail about a waiting question goes. Offered by a channel that verified who it is; kept for a day unless the
# person agrees. `id` stands in the unsubscribe link, so that no mail holds the id of a conversation.
address = sa.Table(
    "address",
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("offered_at", UtcDateTime, nullable=False),
    sa.Column("agreed_at", UtcDateTime),
)

# At most one mail for a follow-up: the row is written before the mail is handed over, and 'sending' is never resumed.
nudge = sa.Table(
    "nudge",
    metadata,
    sa.Column("follow_up_id", sa.ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("state in ('retry', 'sending', 'sent', 'given_up')", name="ck_nudge_state"),
)

# The conversation log of components.tracker_store. seq numbers the events of one conversation without a gap, so
# two servers that append at the same moment meet at the unique key instead of writing over each other.
event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation_id", sa.String(200), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("conversation_id", "seq"),
)

# What a conversation's older events come down to (slots, open form), so that a turn loads a bounded tail.
snapshot = sa.Table(
    "snapshot",
    metadata,
    sa.Column("conversation_id", sa.String(200), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# How many messages of their conversation a person has read; void when the log is another one than it counts in.
read_cursor = sa.Table(
    "read_cursor",
    metadata,
    sa.Column("conversation_id", sa.String(200), primary_key=True),
    sa.Column("log", sa.String(40), nullable=False),
    sa.Column("cursor", sa.Integer, nullable=False),
)

# How to reach a person on a messaging channel. `id` is a keyed hash of who they are there; `conversation_id` is the
# same, until they link the channel to another conversation. `log` and `sent` say how far they were told.
channel_address = sa.Table(
    "channel_address",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False, index=True),
    sa.Column("conversation_id", sa.String(200), nullable=False, index=True),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("created", UtcDateTime, nullable=False),
    sa.Column("last_seen", UtcDateTime, nullable=False),
    sa.Column("introduced", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("nudge_only", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("nudged_at", UtcDateTime),
    sa.Column("log", sa.String(40), nullable=False),
    sa.Column("sent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retry_at", UtcDateTime, index=True),
)

# One-time codes that link a channel to a conversation; only a keyed hash of the code is kept.
link_code = sa.Table(
    "link_code",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("conversation_id", sa.String(200), nullable=False, index=True),
    sa.Column("expires", UtcDateTime, nullable=False),
)

# What a link to a file names, until it ends; only a keyed hash of the link is kept. `text` is what the file holds,
# where that stands nowhere else.
file_link = sa.Table(
    "file_link",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item", sa.String(80), nullable=False),
    sa.Column("text", sa.LargeBinary),
    sa.Column("ends", UtcDateTime, nullable=False, index=True),
)

# Who agreed to share sentences that were not understood. `key` is a random number and all that a sentence keeps of its
# person: enough to count people and to take everything back, and no use without this row.
sharing = sa.Table(
    "sharing",
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("agreed_at", UtcDateTime, nullable=False),
)

# The sentences, stripped of names. Of when one was written only the week is kept (its Monday), to erase it in time;
# the id is random, so that not even the order of writing is left.
shared_sentence = sa.Table(
    "shared_sentence",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("key", sa.ForeignKey("sharing.key", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("text", sa.LargeBinary, nullable=False),
    sa.Column("guess", sa.String(80), nullable=False),
    sa.Column("week", sa.Date, nullable=False, index=True),
)

# Who reads the event stream of a channel that cannot call us: one server, until a moment. `position` is the service's
# own time, in milliseconds, up to which everything was answered; NULL while nothing was read yet.
channel_reader = sa.Table(
    "channel_reader",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("holder", sa.String(32)),
    sa.Column("until", UtcDateTime),
    sa.Column("position", sa.BigInteger),
)
