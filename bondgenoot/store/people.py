"""Who was here, and what they saw before. A person is known by the id of their conversation only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema


@dataclass(frozen=True, slots=True)
class Person:
    """One participant. `country` is 'NL', 'BE' or None when not told."""

    id: str
    country: str | None
    created: datetime.datetime
    last_seen: datetime.datetime
    paused: bool


def touch(connection: sa.engine.Connection, person_id: str, now: datetime.datetime) -> None:
    """Note that a person is here now; make their row at the first visit."""
    updated = connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(last_seen=now))
    if updated.rowcount == 0:
        connection.execute(sa.insert(schema.person).values(id=person_id, created=now, last_seen=now))


def find(connection: sa.engine.Connection, person_id: str) -> Person | None:
    """The person, or None."""
    columns = schema.person.c
    row = connection.execute(
        sa.select(columns.id, columns.country, columns.created, columns.last_seen, columns.paused).where(
            columns.id == person_id
        )
    ).first()
    return None if row is None else Person(*row)


def set_country(connection: sa.engine.Connection, person_id: str, country: str) -> None:
    """Keep 'NL' or 'BE', for the right referrals."""
    connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(country=country))


def set_paused(connection: sa.engine.Connection, person_id: str, paused: bool) -> None:
    """Pause or resume all follow-ups of a person."""
    connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(paused=paused))


def note_seen(
    connection: sa.engine.Connection, person_id: str, kind: str, item: str, outcome: str, now: datetime.datetime
) -> None:
    """Remember that a dilemma or practice was shown. `outcome`: shown, finished, declined or taken."""
    connection.execute(
        sa.insert(schema.seen).values(person_id=person_id, kind=kind, item=item, outcome=outcome, at=now)
    )


def seen_items(connection: sa.engine.Connection, person_id: str, kind: str, *outcomes: str) -> list[str]:
    """Ids of what the person saw of this kind, oldest first, with one of these outcomes (all when none given)."""
    query = sa.select(schema.seen.c.item).where(schema.seen.c.person_id == person_id, schema.seen.c.kind == kind)
    if outcomes:
        query = query.where(schema.seen.c.outcome.in_(outcomes))
    return list(connection.execute(query.order_by(schema.seen.c.id)).scalars())


def erase(connection: sa.engine.Connection, person_id: str) -> dict[str, int]:
    """Delete everything the product keeps of a person; how many rows went, by table, for the receipt."""
    mine = sa.select(schema.commitment.c.id).where(schema.commitment.c.person_id == person_id)
    asked = sa.select(schema.follow_up.c.id).where(schema.follow_up.c.commitment_id.in_(mine))
    deletes = (
        (schema.attempt, schema.attempt.c.follow_up_id.in_(asked)),
        (schema.follow_up, schema.follow_up.c.commitment_id.in_(mine)),
        (schema.commitment, schema.commitment.c.person_id == person_id),
        (schema.seen, schema.seen.c.person_id == person_id),
        (schema.scan, schema.scan.c.person_id == person_id),
        (schema.person, schema.person.c.id == person_id),
    )
    return {table.name: connection.execute(sa.delete(table).where(where)).rowcount for table, where in deletes}


def erase_conversation(connection: sa.engine.Connection, conversation_id: str) -> None:
    """Delete everything that was said in a conversation."""
    for table in (schema.event, schema.snapshot):
        connection.execute(sa.delete(table).where(table.c.conversation_id == conversation_id))


def forget_inactive(connection: sa.engine.Connection, before: datetime.datetime) -> int:
    """Retention: erase people who were not here since `before` and to whom nothing is promised any more.

    Returns how many. A follow-up that is still to come keeps its person: a promise goes before forgetting.
    """
    promised = (
        sa.select(schema.commitment.c.person_id)
        .join(schema.follow_up, schema.follow_up.c.commitment_id == schema.commitment.c.id)
        .where(schema.follow_up.c.state.in_(("pending", "claimed")))
    )
    inactive = (
        connection.execute(
            sa.select(schema.person.c.id).where(schema.person.c.last_seen < before, schema.person.c.id.not_in(promised))
        )
        .scalars()
        .all()
    )
    for person_id in inactive:
        erase(connection, person_id)
        erase_conversation(connection, person_id)
    return len(inactive)
