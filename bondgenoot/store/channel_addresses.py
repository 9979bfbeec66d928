"""How to reach people on messaging channels, how far they were told, and which conversation they speak in."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bondgenoot.store import schema
from bondgenoot.store.schema import Cipher

COLUMNS = schema.channel_address.c

CODE_LIFETIME = datetime.timedelta(minutes=10)
# Without characters that look alike.
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8

# When to try again what is not tried again before the person writes.
HELD = datetime.datetime(9000, 1, 1, tzinfo=datetime.timezone.utc)

# Between tries to deliver what could not be delivered; the last one again and again, for as long as they are kept.
PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


@dataclass(frozen=True, slots=True)
class Address:
    """One person on one channel. `where` is what the channel needs to write to them."""

    id: str
    channel: str
    conversation: str
    where: dict[str, Any]
    created: datetime.datetime
    last_seen: datetime.datetime
    introduced: bool
    nudge_only: bool
    nudged_at: datetime.datetime | None
    log: str
    sent: int
    attempts: int
    retry_at: datetime.datetime | None

    @property
    def is_linked(self) -> bool:
        """Whether they speak in a conversation that began elsewhere."""
        return self.conversation != self.id

    @property
    def is_invited(self) -> bool:
        """Whether something waits, and a template asked them to write."""
        return self.is_held and self.attempts > 0

    @property
    def is_held(self) -> bool:
        """Whether something waits until they write."""
        return self.retry_at is not None and self.retry_at >= HELD


def person_key(secret: str, channel: str, user: str) -> str:
    """The id of somebody on a channel: a keyed hash, 64 hex digits after the channel's name."""
    digest = hmac.new(secret.encode(), json.dumps(["channel", channel, user]).encode(), hashlib.sha256)
    return f"{channel}-{digest.hexdigest()}"


def remember(
    connection: sa.engine.Connection,
    cipher: Cipher,
    key: str,
    channel: str,
    where: Mapping[str, Any],
    now: datetime.datetime,
) -> Address:
    """Note that somebody wrote, and how to reach them; make their row at the first message.

    Returns what is known of them, this message included.
    """
    sealed = cipher.seal(json.dumps(dict(where)))
    before = find(connection, cipher, key)
    if before is None:
        connection.execute(
            sa.insert(schema.channel_address).values(
                id=key, channel=channel, conversation_id=key, address=sealed, created=now, last_seen=now, log=""
            )
        )
        return Address(key, channel, key, dict(where), now, now, False, False, None, "", 0, 0, None)
    change(connection, key, address=sealed, last_seen=now)
    return dataclasses.replace(before, where=dict(where), last_seen=now)


def find(connection: sa.engine.Connection, cipher: Cipher, key: str) -> Address | None:
    """The address with this id."""
    return next(iter(_select(connection, cipher, COLUMNS.id == key)), None)


def of_conversation(connection: sa.engine.Connection, cipher: Cipher, conversation: str, channel: str) -> list[Address]:
    """Where the person of a conversation is reached on a channel; who wrote there last comes first."""
    found = _select(connection, cipher, sa.and_(COLUMNS.conversation_id == conversation, COLUMNS.channel == channel))
    return sorted(found, key=lambda address: address.last_seen, reverse=True)


def of_person(connection: sa.engine.Connection, cipher: Cipher, conversation: str) -> list[Address]:
    """Where the person of a conversation is reached, on all channels."""
    return _select(connection, cipher, COLUMNS.conversation_id == conversation)


def change(connection: sa.engine.Connection, key: str, **values: Any) -> bool:
    """Set columns; False when the person is not kept any more."""
    updated = connection.execute(sa.update(schema.channel_address).where(COLUMNS.id == key).values(**values))
    return bool(updated.rowcount)


def told(connection: sa.engine.Connection, key: str, log: str, sent: int) -> None:
    """Everything before message number `sent` of a log has reached them."""
    change(connection, key, log=log, sent=sent, attempts=0, retry_at=None)


def failed(connection: sa.engine.Connection, address: Address, log: str, sent: int, now: datetime.datetime) -> None:
    """Message number `sent` did not reach them; when to try again."""
    pause = PAUSES[min(address.attempts, len(PAUSES) - 1)]
    change(connection, address.id, log=log, sent=sent, attempts=address.attempts + 1, retry_at=now + pause)


def hold(connection: sa.engine.Connection, key: str, log: str, sent: int, invited: bool) -> None:
    """Message number `sent` waits until they write; `invited` when a template asked them to."""
    change(connection, key, log=log, sent=sent, attempts=int(invited), retry_at=HELD)


def claim_undelivered(
    connection: sa.engine.Connection, cipher: Cipher, channel: str, now: datetime.datetime
) -> list[Address]:
    """Whom to try again now. Each is claimed for some minutes, so that two servers do not both try."""
    due = sa.and_(COLUMNS.channel == channel, COLUMNS.retry_at <= now)
    claimed = []
    for address in _select(connection, cipher, due):
        mine = sa.and_(COLUMNS.id == address.id, COLUMNS.retry_at <= now)
        values = {"retry_at": now + PAUSES[1]}
        if connection.execute(sa.update(schema.channel_address).where(mine).values(**values)).rowcount:
            claimed.append(address)
    return claimed


def claim_nudges(
    connection: sa.engine.Connection, cipher: Cipher, channel: str, now: datetime.datetime
) -> list[Address]:
    """Who wants only a nudge here and was asked something in their conversation since the last one."""
    asked = (
        sa.select(schema.commitment.c.person_id)
        .join(schema.follow_up, schema.follow_up.c.commitment_id == schema.commitment.c.id)
        .where(
            schema.commitment.c.person_id == COLUMNS.conversation_id,
            schema.follow_up.c.state == "asked",
            schema.follow_up.c.asked_at > sa.func.coalesce(COLUMNS.nudged_at, COLUMNS.created),
        )
        .exists()
    )
    wanted = sa.and_(COLUMNS.channel == channel, COLUMNS.nudge_only, asked)
    claimed = []
    for address in _select(connection, cipher, wanted):
        mine = sa.and_(COLUMNS.id == address.id, COLUMNS.nudged_at.is_not_distinct_from(address.nudged_at))
        if connection.execute(sa.update(schema.channel_address).where(mine).values(nudged_at=now)).rowcount:
            claimed.append(address)
    return claimed


def forget_inactive(connection: sa.engine.Connection, before: datetime.datetime) -> None:
    """Retention: addresses of people of whom nothing else is kept."""
    known = sa.select(schema.person.c.id)
    connection.execute(
        sa.delete(schema.channel_address).where(COLUMNS.last_seen < before, COLUMNS.conversation_id.not_in(known))
    )


def forget_codes(connection: sa.engine.Connection, now: datetime.datetime) -> None:
    """Delete codes that nobody can use any more."""
    connection.execute(sa.delete(schema.link_code).where(schema.link_code.c.expires < now))


def new_code(connection: sa.engine.Connection, secret: str, conversation: str, now: datetime.datetime) -> str:
    """A code that links another channel to this conversation, once; an earlier one is void."""
    forget_codes(connection, now)
    connection.execute(sa.delete(schema.link_code).where(schema.link_code.c.conversation_id == conversation))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    connection.execute(
        sa.insert(schema.link_code).values(
            id=_code_key(secret, code), conversation_id=conversation, expires=now + CODE_LIFETIME
        )
    )
    return f"{code[:4]}-{code[4:]}"


def use_code(connection: sa.engine.Connection, secret: str, code: str, now: datetime.datetime) -> str | None:
    """The conversation that a code belongs to, None if there is none (any more); the code is used up."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    here = schema.link_code.c
    mine = here.id == _code_key(secret, plain)
    row = connection.execute(sa.select(here.conversation_id, here.expires).where(mine)).first()
    if row is None or not connection.execute(sa.delete(schema.link_code).where(mine)).rowcount:
        return None
    return str(row.conversation_id) if row.expires >= now else None


def unlink_all(connection: sa.engine.Connection, conversation: str) -> int:
    """Every channel that was linked to a conversation has one of its own again; how many."""
    linked = sa.and_(COLUMNS.conversation_id == conversation, COLUMNS.id != conversation)
    return int(
        connection.execute(
            sa.update(schema.channel_address)
            .where(linked)
            .values(conversation_id=COLUMNS.id, log="", sent=0, retry_at=None)
        ).rowcount
    )


def _code_key(secret: str, code: str) -> str:
    return hmac.new(secret.encode(), f"link:{code}".encode(), hashlib.sha256).hexdigest()


def _select(connection: sa.engine.Connection, cipher: Cipher, where: Any) -> list[Address]:
    rows = connection.execute(sa.select(*COLUMNS).where(where).order_by(COLUMNS.id)).all()
    return [
        Address(
            **{
                **{name: value for name, value in row._mapping.items() if name not in ("conversation_id", "address")},
                "conversation": row.conversation_id,
                "where": json.loads(cipher.open(row.address)),
            }
        )
        for row in rows
    ]
