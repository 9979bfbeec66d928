"""Sentences that were not understood, shared by people who agreed: encrypted, without name, person or moment.

What trainers are shown goes through `shown`: nothing at all until enough people have a sentence here, and then in an
order that says nothing.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema

# So many people must have a sentence here before anybody sees one of them.
LEAST_PEOPLE = 10
# Of one person, so that nobody fills the pool alone.
MOST_OF_ONE_PERSON = 20

_sharing, _sentence = schema.sharing.c, schema.shared_sentence.c


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as a trainer sees it. `guess` is the intent that the model thought of first, '' when none."""

    id: str
    text: str
    guess: str


def agree(connection: sa.engine.Connection, person_id: str, now: datetime.datetime) -> None:
    """The person shares from now on; their row in `person` is there."""
    if agreed_at(connection, person_id) is None:
        connection.execute(
            sa.insert(schema.sharing).values(person_id=person_id, key=secrets.token_hex(16), agreed_at=now)
        )


def agreed_at(connection: sa.engine.Connection, person_id: str) -> datetime.datetime | None:
    """Since when the person shares, None when they do not."""
    found: datetime.datetime | None = connection.execute(
        sa.select(_sharing.agreed_at).where(_sharing.person_id == person_id)
    ).scalar()
    return found


def withdraw(connection: sa.engine.Connection, person_id: str) -> int:
    """Nothing is shared any more, and what was here of them is gone; how many sentences went."""
    mine = sa.select(_sharing.key).where(_sharing.person_id == person_id)
    gone = connection.execute(sa.delete(schema.shared_sentence).where(_sentence.key.in_(mine))).rowcount
    connection.execute(sa.delete(schema.sharing).where(_sharing.person_id == person_id))
    return int(gone)


def keep(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    person_id: str,
    text: str,
    guess: str,
    now: datetime.datetime,
) -> bool:
    """Put a stripped sentence in the pool. False when the person does not share, or it is there of them already."""
    key = connection.execute(sa.select(_sharing.key).where(_sharing.person_id == person_id)).scalar()
    if key is None:
        return False
    before = of_person(connection, cipher, person_id)
    if text in before or len(before) >= MOST_OF_ONE_PERSON:
        return False
    day = now.astimezone(datetime.timezone.utc).date()
    connection.execute(
        sa.insert(schema.shared_sentence).values(
            id=secrets.token_hex(16),
            key=key,
            text=cipher.seal(text),
            guess=guess,
            week=day - datetime.timedelta(days=day.weekday()),
        )
    )
    return True


def of_person(connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str) -> list[str]:
    """What is here of one person, for themselves."""
    query = (
        sa.select(_sentence.text)
        .join(schema.sharing, _sharing.key == _sentence.key)
        .where(_sharing.person_id == person_id)
    )
    return sorted(cipher.open(sealed) for sealed in connection.execute(query).scalars())


def shown(connection: sa.engine.Connection, cipher: schema.Cipher) -> list[Sentence]:
    """What trainers may see, in random order; nothing while it is of fewer people than LEAST_PEOPLE."""
    rows = connection.execute(sa.select(_sentence.id, _sentence.key, _sentence.text, _sentence.guess)).all()
    if len({row.key for row in rows}) < LEAST_PEOPLE:
        return []
    found = [Sentence(row.id, cipher.open(row.text), row.guess) for row in rows]
    secrets.SystemRandom().shuffle(found)
    return found


def find(connection: sa.engine.Connection, cipher: schema.Cipher, sentence_id: str) -> Sentence | None:
    """The sentence with this id, if trainers may see it now."""
    return next((one for one in shown(connection, cipher) if one.id == sentence_id), None)


def drop(connection: sa.engine.Connection, sentence_id: str) -> None:
    """The sentence leaves the pool."""
    connection.execute(sa.delete(schema.shared_sentence).where(_sentence.id == sentence_id))


def forget_old(connection: sa.engine.Connection, now: datetime.datetime, kept: datetime.timedelta) -> int:
    """Retention: erase sentences before `kept` is over, counted from the Monday of their week; returns how many."""
    last = now.astimezone(datetime.timezone.utc).date() - kept
    return int(connection.execute(sa.delete(schema.shared_sentence).where(_sentence.week <= last)).rowcount)


def hand_over(connection: sa.engine.Connection, person_id: str, into: str) -> None:
    """Two conversations turn out to be of one person: they count as one from now on.

    Only what both agreed to goes along; without a yes in the conversation that stays, nothing does.
    """
    keys = {
        row.person_id: row.key
        for row in connection.execute(
            sa.select(_sharing.person_id, _sharing.key).where(_sharing.person_id.in_((person_id, into)))
        )
    }
    if len(keys) == 2:
        connection.execute(
            sa.update(schema.shared_sentence).where(_sentence.key == keys[person_id]).values(key=keys[into])
        )
