"""Who was here, and what they saw before. A person is known by the id of their conversation only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import channel_addresses, schema, shared_sentences
from bondgenoot.store.database import insert_once


@dataclass(frozen=True, slots=True)
class Person:
    """One participant. `country` is 'NL', 'BE' or None when not told."""

    id: str
    country: str | None
    created: datetime.datetime
    last_seen: datetime.datetime
    paused: bool
    ask_time: datetime.time | None = None


def touch(connection: sa.engine.Connection, person_id: str, now: datetime.datetime) -> None:
    """Note that a person is here now; make their row at the first visit."""
    updated = connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(last_seen=now))
    if updated.rowcount == 0:
        insert_once(connection, schema.person, id=person_id, created=now, last_seen=now)


def find(connection: sa.engine.Connection, person_id: str) -> Person | None:
    """The person, or None."""
    columns = schema.person.c
    row = connection.execute(
        sa.select(
            columns.id, columns.country, columns.created, columns.last_seen, columns.paused, columns.ask_time
        ).where(columns.id == person_id)
    ).first()
    if row is None:
        return None
    return Person(row.id, row.country, row.created, row.last_seen, row.paused, read_time(row.ask_time))


def set_country(connection: sa.engine.Connection, person_id: str, country: str) -> None:
    """Keep 'NL' or 'BE', for the right referrals."""
    connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(country=country))


def set_paused(connection: sa.engine.Connection, person_id: str, paused: bool) -> None:
    """Pause or resume all follow-ups of a person."""
    connection.execute(sa.update(schema.person).where(schema.person.c.id == person_id).values(paused=paused))


def set_ask_time(connection: sa.engine.Connection, person_id: str, ask_time: datetime.time) -> None:
    """Keep the local time of day, in whole minutes, at which a person likes to be asked."""
    connection.execute(
        sa.update(schema.person).where(schema.person.c.id == person_id).values(ask_time=f"{ask_time:%H:%M}")
    )


def read_time(kept: str | None) -> datetime.time | None:
    """The time of day in a column of 'HH:MM'; None when empty."""
    return datetime.time.fromisoformat(kept) if kept else None


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


@dataclass(frozen=True, slots=True)
class Seen:
    """That a person saw a dilemma or practice, and what came of it."""

    kind: str
    item: str
    outcome: str
    at: datetime.datetime


def seen_rows(connection: sa.engine.Connection, person_id: str) -> list[Seen]:
    """Everything that a person saw, oldest first."""
    rows = schema.seen.c
    query = sa.select(rows.kind, rows.item, rows.outcome, rows.at).where(rows.person_id == person_id).order_by(rows.id)
    return [Seen(*row) for row in connection.execute(query)]


def erase(connection: sa.engine.Connection, person_id: str) -> dict[str, int]:
    """Delete everything the product keeps of a person; how many rows went, by table, for the receipt."""
    mine = sa.select(schema.commitment.c.id).where(schema.commitment.c.person_id == person_id)
    asked = sa.select(schema.follow_up.c.id).where(schema.follow_up.c.commitment_id.in_(mine))
    shared = sa.select(schema.sharing.c.key).where(schema.sharing.c.person_id == person_id)
    deletes = (
        (schema.attempt, schema.attempt.c.follow_up_id.in_(asked)),
        (schema.nudge, schema.nudge.c.follow_up_id.in_(asked)),
        (schema.follow_up, schema.follow_up.c.commitment_id.in_(mine)),
        (schema.commitment, schema.commitment.c.person_id == person_id),
        (schema.seen, schema.seen.c.person_id == person_id),
        (schema.scan, schema.scan.c.person_id == person_id),
        (schema.reflection, schema.reflection.c.person_id == person_id),
        (schema.address, schema.address.c.person_id == person_id),
        (schema.channel_address, schema.channel_address.c.conversation_id == person_id),
        (schema.link_code, schema.link_code.c.conversation_id == person_id),
        (schema.file_link, schema.file_link.c.person_id == person_id),
        (schema.shared_sentence, schema.shared_sentence.c.key.in_(shared)),
        (schema.sharing, schema.sharing.c.person_id == person_id),
        (schema.person, schema.person.c.id == person_id),
    )
    return {table.name: connection.execute(sa.delete(table).where(where)).rowcount for table, where in deletes}


def merge(connection: sa.engine.Connection, person_id: str, into: str, now: datetime.datetime) -> None:
    """Two conversations turn out to be of one person: what the product keeps of the first is the second's from now on.

    The first conversation itself is forgotten.
    """
    touch(connection, into, now)
    mine = schema.reflection.c
    highest = connection.execute(sa.select(sa.func.max(mine.number)).where(mine.person_id == into)).scalar() or 0
    # From the highest number down, so that no number is taken at any moment.
    rows = connection.execute(sa.select(mine.id, mine.number).where(mine.person_id == person_id)).all()
    for row in sorted(rows, key=lambda row: -int(row.number)):
        connection.execute(
            sa.update(schema.reflection).where(mine.id == row.id).values(person_id=into, number=row.number + highest)
        )
    for table in (schema.commitment, schema.seen, schema.scan, schema.file_link):
        connection.execute(sa.update(table).where(table.c.person_id == person_id).values(person_id=into))
    shared_sentences.hand_over(connection, person_id, into)
    first, second = find(connection, person_id), find(connection, into)
    if first and second and first.country and not second.country:
        set_country(connection, into, first.country)
    erase(connection, person_id)
    erase_conversation(connection, person_id)


def erase_conversation(connection: sa.engine.Connection, conversation_id: str) -> None:
    """Delete everything that was said in a conversation, and how far it was read."""
    for table in (schema.event, schema.snapshot, schema.read_cursor):
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
    # Locked: who comes back at this very moment is either seen or not there any more, never half erased.
    inactive = (
        connection.execute(
            sa.select(schema.person.c.id)
            .where(schema.person.c.last_seen < before, schema.person.c.id.not_in(promised))
            .with_for_update(skip_locked=True)
        )
        .scalars()
        .all()
    )
    for person_id in inactive:
        erase(connection, person_id)
        erase_conversation(connection, person_id)
    channel_addresses.forget_inactive(connection, before)
    return len(inactive)
