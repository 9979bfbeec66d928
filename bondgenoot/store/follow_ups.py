"""Follow-up rows: the promise to come back.

A row goes pending -> claimed -> asked -> answered (or waiting, when a week passes in silence; or cancelled).
A crash leaves a row claimed; after CLAIM_EXPIRES it can be claimed again. The moment of the claim tells claims apart:
whoever lost theirs changes nothing any more. Delivery is at least once; the conversation asks each row once, because
the row's id is kept in the conversation together with the question.
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bondgenoot.store import schema
from bondgenoot.store.people import read_time

CLAIM_EXPIRES = datetime.timedelta(minutes=2)
WAIT_SILENTLY_AFTER = datetime.timedelta(days=7)
OPEN_STATES = ("pending", "claimed", "asked", "waiting")
FIRST_RETRY = datetime.timedelta(seconds=10)
LAST_RETRY = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One promised question.

    Moments are aware UTC. `attempts` counts claims that came to a try, so that
    a dispatcher that dies with a batch makes nobody wait longer; `claimed_at` is the claim this was read under.
    `ask_time` is the local time of day that the person prefers.
    """

    id: str
    commitment_id: str
    person_id: str
    country: str | None
    occurrence: int
    due_at: datetime.datetime
    state: str
    attempts: int
    last_seen: datetime.datetime
    claimed_at: datetime.datetime | None = None
    ask_time: datetime.time | None = None


def schedule(connection: sa.engine.Connection, commitment_id: str, due_at: datetime.datetime) -> str:
    """Add the next occurrence for a commitment; returns the row's id."""
    last = connection.execute(
        sa.select(sa.func.max(schema.follow_up.c.occurrence)).where(schema.follow_up.c.commitment_id == commitment_id)
    ).scalar()
    row_id = uuid.uuid4().hex
    connection.execute(
        sa.insert(schema.follow_up).values(
            id=row_id, commitment_id=commitment_id, occurrence=(last or 0) + 1, due_at=due_at, state="pending"
        )
    )
    return row_id


def claim_due(connection: sa.engine.Connection, now: datetime.datetime, limit: int = 20) -> list[FollowUp]:
    """Take due rows of people who did not pause, so that no other dispatcher takes them; oldest first.

    On PostgreSQL rows that another dispatcher is taking are skipped; on SQLite the transaction has the write lock.
    """
    rows = schema.follow_up.c
    due = sa.or_(
        sa.and_(rows.state == "pending", rows.due_at <= now),
        sa.and_(rows.state == "claimed", rows.claimed_at <= now - CLAIM_EXPIRES),
        # A claim from the future is that of a clock which was set back since; nobody holds it.
        sa.and_(rows.state == "claimed", rows.claimed_at > now + CLAIM_EXPIRES),
    )
    query = (
        _joined()
        .where(due, schema.person.c.paused.is_(False))
        .order_by(rows.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=schema.follow_up)
    )
    found = [_read(row) for row in connection.execute(query)]
    if found:
        connection.execute(
            sa.update(schema.follow_up)
            .where(rows.id.in_([row.id for row in found]))
            .values(state="claimed", claimed_at=now)
        )
    return [dataclasses.replace(row, state="claimed", claimed_at=now) for row in found]


def hold(connection: sa.engine.Connection, follow_up: FollowUp, now: datetime.datetime) -> FollowUp | None:
    """Make sure just before the delivery that a claim still stands, and renew it: from here on it is an attempt.

    Returns the row as it is now. None when there is nothing to deliver any more: it was answered, cancelled, erased,
    taken over after the claim expired, or its person paused (then the row is free again).
    """
    rows = schema.follow_up.c
    row = connection.execute(
        _joined()
        .add_columns(schema.person.c.paused)
        .where(rows.id == follow_up.id, rows.state == "claimed", rows.claimed_at == follow_up.claimed_at)
        .with_for_update(of=schema.follow_up)
    ).first()
    if row is None:
        return None
    held = _read(row[:-1])
    if row.paused:
        _free(connection, held, held.due_at, held.attempts)
        return None
    attempts = held.attempts + 1
    connection.execute(sa.update(schema.follow_up).where(rows.id == held.id).values(claimed_at=now, attempts=attempts))
    return dataclasses.replace(held, claimed_at=now, attempts=attempts)


def find(connection: sa.engine.Connection, person_id: str, row_id: str) -> FollowUp | None:
    """A follow-up of this person, or None when it is not theirs or does not exist."""
    row = connection.execute(
        _joined().where(schema.follow_up.c.id == row_id, schema.commitment.c.person_id == person_id)
    ).first()
    return None if row is None else _read(row)


def times_moved(connection: sa.engine.Connection, person_id: str) -> dict[str, int]:
    """Commitment id -> how often it was moved to another day, for the commitments of a person that were."""
    rows, owners = schema.follow_up.c, schema.commitment.c
    last = sa.func.max(rows.occurrence)
    query = (
        sa.select(rows.commitment_id, last)
        .join(schema.commitment, owners.id == rows.commitment_id)
        .where(owners.person_id == person_id)
        .group_by(rows.commitment_id)
        .having(last > 1)
    )
    return {commitment_id: occurrence - 1 for commitment_id, occurrence in connection.execute(query)}


def of_commitment(connection: sa.engine.Connection, commitment_id: str) -> list[FollowUp]:
    """All follow-ups of a commitment, oldest first."""
    query = _joined().where(schema.follow_up.c.commitment_id == commitment_id)
    return [_read(row) for row in connection.execute(query.order_by(schema.follow_up.c.occurrence))]


def pending_of(connection: sa.engine.Connection, person_id: str) -> list[FollowUp]:
    """What is still to be asked of a person, the promise made last at the end."""
    query = _joined().where(schema.commitment.c.person_id == person_id, schema.follow_up.c.state == "pending")
    return [_read(row) for row in connection.execute(query.order_by(schema.commitment.c.created))]


def asked_last(connection: sa.engine.Connection, person_id: str) -> datetime.datetime | None:
    """When a person was last asked something that they did not answer yet; None when nothing is open."""
    rows, owners = schema.follow_up.c, schema.commitment.c
    query = (
        sa.select(sa.func.max(rows.asked_at))
        .join(schema.commitment, owners.id == rows.commitment_id)
        .where(owners.person_id == person_id, rows.state == "asked")
    )
    found: datetime.datetime | None = connection.execute(query).scalar()
    return found


def move(connection: sa.engine.Connection, row_id: str, due_at: datetime.datetime) -> None:
    """Ask at another moment; only a row that is still to be asked moves."""
    connection.execute(
        sa.update(schema.follow_up)
        .where(schema.follow_up.c.id == row_id, schema.follow_up.c.state == "pending")
        .values(due_at=due_at)
    )


def ask_again(connection: sa.engine.Connection, commitment_id: str, due_at: datetime.datetime) -> None:
    """The person wants the question later; the day of the commitment stays. Open rows end, a next one is planned."""
    settle(connection, commitment_id, "answered")
    schedule(connection, commitment_id, due_at)


def ask_at(connection: sa.engine.Connection, commitment_id: str, due_at: datetime.datetime) -> None:
    """Ask about a commitment at another moment: what is still to be asked moves, what was asked is asked again."""
    for row in of_commitment(connection, commitment_id):
        if row.state == "pending":
            move(connection, row.id, due_at)
            return
    ask_again(connection, commitment_id, due_at)


def delivered(connection: sa.engine.Connection, row_id: str, now: datetime.datetime) -> None:
    """The conversation has the question. A row that was answered meanwhile keeps that state.

    Whoever saw the question in the conversation may say so, also after the claim expired.
    """
    connection.execute(
        sa.update(schema.follow_up)
        .where(schema.follow_up.c.id == row_id, schema.follow_up.c.state == "claimed")
        .values(state="asked", asked_at=now)
    )
    _record(connection, row_id, now, "delivered", None)


def failed(
    connection: sa.engine.Connection, follow_up: FollowUp, now: datetime.datetime, reason: str
) -> datetime.datetime:
    """Delivery failed: try again later, each time later up to LAST_RETRY; returns when."""
    retry: datetime.datetime = now + min(FIRST_RETRY * 2 ** min(max(follow_up.attempts - 1, 0), 10), LAST_RETRY)
    _free(connection, follow_up, retry, follow_up.attempts)
    _record(connection, follow_up.id, now, "failed", reason[:200])
    return retry


def release(connection: sa.engine.Connection, follow_up: FollowUp, due_at: datetime.datetime) -> None:
    """Give a held row back untried, to be delivered at `due_at`; does nothing when the claim is no longer ours."""
    _free(connection, follow_up, due_at, max(follow_up.attempts - 1, 0))


def _free(connection: sa.engine.Connection, follow_up: FollowUp, due_at: datetime.datetime, attempts: int) -> None:
    rows = schema.follow_up.c
    connection.execute(
        sa.update(schema.follow_up)
        .where(rows.id == follow_up.id, rows.state == "claimed", rows.claimed_at == follow_up.claimed_at)
        .values(state="pending", due_at=due_at, claimed_at=None, attempts=attempts)
    )


def settle(connection: sa.engine.Connection, commitment_id: str, state: str) -> None:
    """End every open follow-up of a commitment as answered or cancelled."""
    connection.execute(
        sa.update(schema.follow_up)
        .where(schema.follow_up.c.commitment_id == commitment_id, schema.follow_up.c.state.in_(OPEN_STATES))
        .values(state=state)
    )


def quieten(connection: sa.engine.Connection, now: datetime.datetime) -> int:
    """Rows that stay unanswered for a week wait silently in the overview from then on; returns how many."""
    result = connection.execute(
        sa.update(schema.follow_up)
        .where(schema.follow_up.c.state == "asked", schema.follow_up.c.asked_at <= now - WAIT_SILENTLY_AFTER)
        .values(state="waiting")
    )
    return int(result.rowcount)


def _record(
    connection: sa.engine.Connection, row_id: str, now: datetime.datetime, outcome: str, reason: str | None
) -> None:
    # Selected, not given: of a person who was erased meanwhile there is nothing to write about.
    values = sa.select(
        schema.follow_up.c.id,
        sa.literal(now, schema.UtcDateTime),
        sa.literal(outcome, sa.String),
        sa.literal(reason, sa.String),
    ).where(schema.follow_up.c.id == row_id)
    connection.execute(sa.insert(schema.attempt).from_select(["follow_up_id", "at", "outcome", "reason"], values))


def _read(row: Any) -> FollowUp:
    *fields, ask_time = row
    return dataclasses.replace(FollowUp(*fields), ask_time=read_time(ask_time))


def _joined() -> sa.sql.Select:
    rows, owners = schema.follow_up.c, schema.commitment.c
    return (
        sa.select(
            rows.id,
            rows.commitment_id,
            owners.person_id,
            schema.person.c.country,
            rows.occurrence,
            rows.due_at,
            rows.state,
            rows.attempts,
            schema.person.c.last_seen,
            rows.claimed_at,
            schema.person.c.ask_time,
        )
        .join(schema.commitment, owners.id == rows.commitment_id)
        .join(schema.person, schema.person.c.id == owners.person_id)
    )
