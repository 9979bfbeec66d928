"""What the links to files name, until they end. Of the link itself only a keyed hash is kept."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from bondgenoot.errors import FileGoneError, LinkExpiredError
from bondgenoot.links import LIFETIMES, Link, Links
from bondgenoot.store import people
from bondgenoot.store.schema import Cipher, file_link

# So long after its end somebody who follows a link still hears that it is over; then its row goes.
KEPT_AFTER = datetime.timedelta(days=1)
COLUMNS = file_link.c


def make(connection: sa.engine.Connection, cipher: Cipher, links: Links, link: Link, now: datetime.datetime) -> str:
    """The token of a link that can be followed from now on, by whoever has it, until its time is over."""
    forget_ended(connection, now)
    people.touch(connection, link.person_id, now)
    token = links.new_token()
    connection.execute(
        sa.insert(file_link).values(
            id=links.key_of(token),
            person_id=link.person_id,
            kind=link.kind,
            item=link.item,
            text=cipher.seal(link.text) if link.text else None,
            ends=now + LIFETIMES[link.kind],
        )
    )
    return token


def find(connection: sa.engine.Connection, cipher: Cipher, links: Links, token: str, now: datetime.datetime) -> Link:
    """What a token names.

    Raises:
        LinkForgedError: when it was not made with this key, or was changed; no database is asked then.
        FileGoneError: when what it named was erased, or ended long ago.
        LinkExpiredError: when its time is over.
    """
    row = connection.execute(sa.select(file_link).where(COLUMNS.id == links.key_of(token))).first()
    if row is None:
        raise FileGoneError("What the link names is not kept any more.")
    if now > row.ends:
        raise LinkExpiredError("This link is over.")
    return Link(row.kind, row.person_id, row.item, cipher.open(row.text) if row.text else "")


def forget_ended(connection: sa.engine.Connection, now: datetime.datetime) -> None:
    """Delete links that ended a while ago, and the words of those that ended."""
    connection.execute(sa.delete(file_link).where(COLUMNS.ends < now - KEPT_AFTER))
    over = sa.and_(COLUMNS.ends < now, COLUMNS.text.is_not(None))
    connection.execute(sa.update(file_link).where(over).values(text=None))
