"""E-mail addresses for a nudge, encrypted. Kept only for people who agreed; an offer without a yes lasts a day.

A channel that verified its person calls `offer` with the address it was told. The person agrees in the chat. Whoever
withdraws, in the chat or by the link in a mail, has no address here any more.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
import uuid

import sqlalchemy as sa

from bondgenoot.store import schema

OFFER_KEPT = datetime.timedelta(days=1)
LONGEST_ADDRESS = 254
# One plain address: nothing that could become a header, a second recipient or a command.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_address(text: str) -> bool:
    """Whether `text` is one plain e-mail address."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def offer(
    connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str, address: str, now: datetime.datetime
) -> bool:
    """Keep the address that a verified token names, for a day, so that the person can say yes to it.

    For somebody who agreed before, the address is brought up to date and the agreement stays. Tells whether it was
    kept: not for somebody without a row in `person` yet, and not for what is no plain address.
    """
    if not is_address(address):
        return False
    mine = schema.address.c.person_id == person_id
    changed = connection.execute(
        sa.update(schema.address).where(mine).values(address=cipher.seal(address), offered_at=now)
    )
    if changed.rowcount:
        return True
    values = sa.select(
        schema.person.c.id,
        sa.literal(uuid.uuid4().hex, sa.String),
        sa.literal(cipher.seal(address), sa.LargeBinary),
        sa.literal(now, schema.UtcDateTime),
    ).where(schema.person.c.id == person_id)
    columns = ["person_id", "id", "address", "offered_at"]
    try:
        with connection.begin_nested():
            return bool(connection.execute(sa.insert(schema.address).from_select(columns, values)).rowcount)
    except sa.exc.IntegrityError:  # another page of the same person was first
        return True


def agree(connection: sa.engine.Connection, person_id: str, now: datetime.datetime) -> bool:
    """The person wants mail. False when no address was offered."""
    result = connection.execute(
        sa.update(schema.address).where(schema.address.c.person_id == person_id).values(agreed_at=now)
    )
    return bool(result.rowcount)


def find(connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str) -> str | None:
    """The address of somebody who agreed, or None."""
    sealed = connection.execute(
        sa.select(schema.address.c.address).where(
            schema.address.c.person_id == person_id, schema.address.c.agreed_at.is_not(None)
        )
    ).scalar()
    return None if sealed is None else cipher.open(sealed)


def withdraw(connection: sa.engine.Connection, person_id: str) -> None:
    """No mail any more; the address is gone."""
    connection.execute(sa.delete(schema.address).where(schema.address.c.person_id == person_id))


def forget_offers(connection: sa.engine.Connection, now: datetime.datetime) -> int:
    """Erase addresses that nobody agreed to within OFFER_KEPT; returns how many."""
    result = connection.execute(
        sa.delete(schema.address).where(
            schema.address.c.agreed_at.is_(None), schema.address.c.offered_at <= now - OFFER_KEPT
        )
    )
    return int(result.rowcount)


def sign(key: str, address_id: str) -> str:
    """What stands in an unsubscribe link: the row's id, and a proof that this installation wrote it."""
    return f"{address_id}.{_signature(key, address_id)}"


def unsubscribe(connection: sa.engine.Connection, key: str, signed: str) -> bool:
    """Withdraw by the link of a mail. False for a link that was not signed here or was used before."""
    if not is_signed(key, signed):
        return False
    result = connection.execute(sa.delete(schema.address).where(schema.address.c.id == signed.partition(".")[0]))
    return bool(result.rowcount)


def is_signed(key: str, signed: str) -> bool:
    """Whether this installation wrote the link."""
    address_id, _, signature = signed.partition(".")
    # Bytes: comparing str refuses non-ASCII, and a forger chooses what is compared.
    return hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(key, address_id).encode())


def _signature(key: str, address_id: str) -> str:
    return hmac.new(key.encode(), f"unsubscribe:{address_id}".encode(), hashlib.sha256).hexdigest()
