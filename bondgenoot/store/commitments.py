"""Commitments: one action with a day, and what became of it. The words in it are encrypted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import follow_ups, schema
from bondgenoot.store.database import id_of, insert_once
from bondgenoot.store.people import read_time

STATES = ("open", "done", "partial", "not_done", "cancelled")


@dataclass(frozen=True, slots=True)
class Draft:
    """A commitment before it is kept; texts in the person's own words, empty when not given."""

    what: str
    due: datetime.date
    with_whom: str = ""
    obstacle: str = ""
    plan: str = ""
    confidence: int | None = None
    practice_id: str | None = None
    due_time: datetime.time | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A kept commitment. `state` is one of STATES; `due_time` is on the person's clock, when they named one."""

    id: str
    person_id: str
    what: str
    with_whom: str
    obstacle: str
    plan: str
    due: datetime.date
    confidence: int | None
    practice_id: str | None
    state: str
    created: datetime.datetime
    closed: datetime.datetime | None
    due_time: datetime.time | None = None


def create(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    person_id: str,
    draft: Draft,
    ask_at: datetime.datetime,
    now: datetime.datetime,
    message_id: str | None = None,
) -> str:
    """Keep a commitment and its first follow-up, in the transaction of `connection`; returns the commitment's id.

    `message_id` is that of the message which confirmed it: the same one again, as when an action server died after it
    kept this and before it said so, changes nothing.
    """
    commitment_id = id_of(person_id, "commitment", message_id)
    is_new = insert_once(
        connection,
        schema.commitment,
        id=commitment_id,
        person_id=person_id,
        what=cipher.seal(draft.what),
        with_whom=cipher.seal(draft.with_whom),
        obstacle=cipher.seal(draft.obstacle),
        plan=cipher.seal(draft.plan),
        due=draft.due,
        due_time=_kept_time(draft.due_time),
        confidence=draft.confidence,
        practice_id=draft.practice_id,
        state="open",
        created=now,
    )
    if is_new:
        follow_ups.schedule(connection, commitment_id, ask_at)
    return commitment_id


def find(
    connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str, commitment_id: str
) -> Commitment | None:
    """One commitment of this person; None when it is not theirs or does not exist."""
    rows = _select(connection, cipher, schema.commitment.c.id == commitment_id, person_id)
    return rows[0] if rows else None


def of_person(
    connection: sa.engine.Connection, cipher: schema.Cipher, person_id: str, *states: str
) -> list[Commitment]:
    """The commitments of a person, by day; only those in `states` when given."""
    where = schema.commitment.c.state.in_(states) if states else sa.true()
    return _select(connection, cipher, where, person_id)


def change(connection: sa.engine.Connection, cipher: schema.Cipher, commitment_id: str, draft: Draft) -> None:
    """Put other words and another hour in a commitment; `renegotiate` moves its day, and its follow-up with it."""
    connection.execute(
        sa.update(schema.commitment)
        .where(schema.commitment.c.id == commitment_id)
        .values(
            what=cipher.seal(draft.what),
            with_whom=cipher.seal(draft.with_whom),
            obstacle=cipher.seal(draft.obstacle),
            plan=cipher.seal(draft.plan),
            confidence=draft.confidence,
            due_time=_kept_time(draft.due_time),
        )
    )


def close(connection: sa.engine.Connection, commitment_id: str, state: str, now: datetime.datetime) -> None:
    """Record how a commitment ended and answer its open follow-ups, together."""
    if state not in STATES or state == "open":
        raise ValueError(f"a commitment cannot end as '{state}'")
    connection.execute(
        sa.update(schema.commitment).where(schema.commitment.c.id == commitment_id).values(state=state, closed=now)
    )
    follow_ups.settle(connection, commitment_id, "cancelled" if state == "cancelled" else "answered")


def renegotiate(
    connection: sa.engine.Connection, commitment_id: str, due: datetime.date, ask_at: datetime.datetime
) -> None:
    """Move a commitment to another day: the open follow-up is answered and the next occurrence scheduled."""
    connection.execute(
        sa.update(schema.commitment)
        .where(schema.commitment.c.id == commitment_id)
        .values(due=due, state="open", closed=None)
    )
    follow_ups.settle(connection, commitment_id, "answered")
    follow_ups.schedule(connection, commitment_id, ask_at)


def _kept_time(time: datetime.time | None) -> str | None:
    return f"{time:%H:%M}" if time else None


def _select(
    connection: sa.engine.Connection, cipher: schema.Cipher, where: sa.sql.ColumnElement[bool], person_id: str
) -> list[Commitment]:
    query = (
        sa.select(schema.commitment)
        .where(schema.commitment.c.person_id == person_id, where)
        .order_by(schema.commitment.c.due, schema.commitment.c.created)
    )

    def text(sealed: bytes | None) -> str:
        return "" if sealed is None else cipher.open(sealed)

    return [
        Commitment(
            id=row.id,
            person_id=row.person_id,
            what=text(row.what),
            with_whom=text(row.with_whom),
            obstacle=text(row.obstacle),
            plan=text(row.plan),
            due=row.due,
            confidence=row.confidence,
            practice_id=row.practice_id,
            state=row.state,
            created=row.created,
            closed=row.closed,
            due_time=read_time(row.due_time),
        )
        for row in connection.execute(query)
    ]
