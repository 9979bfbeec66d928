"""What people asked to keep of what they thought, in their own words; encrypted."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema


@dataclass(frozen=True, slots=True)
class Reflection:
    """One insight that a person chose to keep. `origin` is the journey that it comes from.

    `number` stays the same while others are erased, so that 'erase number 2' never means another one.
    """

    id: str
    number: int
    origin: str
    text: str
    at: datetime.datetime


def keep(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    person_id: str,
    origin: str,
    text: str,
    now: datetime.datetime,
) -> str:
    """Keep a person's words; returns the id. Words that they keep already are not kept twice."""
    before = of_person(connection, cipher, person_id)
    for known in before:
        if known.text == text:
            return known.id
    number = max((known.number for known in before), default=0) + 1
    reflection_id = uuid.uuid4().hex
    connection.execute(
        sa.insert(schema.reflection).values(
            id=reflection_id, person_id=person_id, number=number, origin=origin, text=cipher.seal(text), at=now
        )
    )
    return reflection_id


def of_person(connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str) -> list[Reflection]:
    """The reflections of a person, oldest first."""
    query = (
        sa.select(schema.reflection)
        .where(schema.reflection.c.person_id == person_id)
        .order_by(schema.reflection.c.number)
    )
    return [
        Reflection(row.id, row.number, row.origin, cipher.open(row.text), row.at) for row in connection.execute(query)
    ]


def drop(connection: sa.engine.Connection, person_id: str, reflection_id: str) -> bool:
    """Erase one reflection of this person; whether there was one."""
    mine = schema.reflection.c
    deleted = connection.execute(
        sa.delete(schema.reflection).where(mine.id == reflection_id, mine.person_id == person_id)
    )
    return bool(deleted.rowcount)
