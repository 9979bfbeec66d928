"""Which of several servers reads a channel's event stream, and how far it was read.

A server that ends gives it back; one that crashes loses it after LEASE. For a moment two may read, when a server was
stopped for longer than that and wakes up: a message is known by its id, so nothing is answered twice.
"""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from bondgenoot.store import schema
from bondgenoot.store.database import insert_once

LEASE = datetime.timedelta(seconds=30)

COLUMNS = schema.channel_reader.c


def claim(connection: sa.engine.Connection, channel: str, holder: str, now: datetime.datetime) -> bool:
    """Whether `holder` reads from now on, or still does, for the time of LEASE."""
    insert_once(connection, schema.channel_reader, channel=channel)
    is_free = sa.or_(
        COLUMNS.holder.is_(None),
        COLUMNS.holder == holder,
        COLUMNS.until < now,
        # From a clock that was set back since; nobody holds it.
        COLUMNS.until > now + LEASE,
    )
    claimed = (
        sa.update(schema.channel_reader)
        .where(COLUMNS.channel == channel, is_free)
        .values(holder=holder, until=now + LEASE)
    )
    return bool(connection.execute(claimed).rowcount)


def release(connection: sa.engine.Connection, channel: str, holder: str) -> None:
    """Let another server read at once."""
    mine = sa.and_(COLUMNS.channel == channel, COLUMNS.holder == holder)
    connection.execute(sa.update(schema.channel_reader).where(mine).values(holder=None, until=None))


def position(connection: sa.engine.Connection, channel: str) -> int | None:
    """Up to where everything was answered; None when nothing was read yet."""
    found = connection.execute(sa.select(COLUMNS.position).where(COLUMNS.channel == channel)).scalar()
    return None if found is None else int(found)


def advance(connection: sa.engine.Connection, channel: str, holder: str, to: int) -> None:
    """Everything up to `to` was answered; only who reads may say so, and it never goes back."""
    mine = sa.and_(COLUMNS.channel == channel, COLUMNS.holder == holder)
    behind = sa.or_(COLUMNS.position.is_(None), COLUMNS.position < to)
    connection.execute(sa.update(schema.channel_reader).where(mine, behind).values(position=to))
