"""Follow-up rows: the promise to come back.

A row goes pending -> claimed -> asked -> answered (or waiting, when a week passes in silence; or cancelled).
A crash leaves a row claimed; after CLAIM_EXPIRES it can be claimed again. Delivery is at least once; the
conversation asks each row once, because the row's id is kept in the conversation together with the question.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema

CLAIM_EXPIRES = datetime.timedelta(minutes=2)
WAIT_SILENTLY_AFTER = datetime.timedelta(days=7)
OPEN_STATES = ("pending", "claimed", "asked", "waiting")
FIRST_RETRY = datetime.timedelta(seconds=10)
LAST_RETRY = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One promised question. `due_at` is aware UTC; `attempts` counts deliveries tried."""

    id: str
    commitment_id: str
    person_id: str
    country: str | None
    occurrence: int
    due_at: datetime.datetime
    state: str
    attempts: int
    last_seen: datetime.datetime


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
    )
    query = (
        _joined()
        .where(due, schema.person.c.paused.is_(False))
        .order_by(rows.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=schema.follow_up)
    )
    found = [FollowUp(*row) for row in connection.execute(query)]
    if found:
        connection.execute(
            sa.update(schema.follow_up)
            .where(rows.id.in_([row.id for row in found]))
            .values(state="claimed", claimed_at=now, attempts=rows.attempts + 1)
        )
    return found


def find(connection: sa.engine.Connection, person_id: str, row_id: str) -> FollowUp | None:
    """A follow-up of this person, or None when it is not theirs or does not exist."""
    row = connection.execute(
        _joined().where(schema.follow_up.c.id == row_id, schema.commitment.c.person_id == person_id)
    ).first()
    return None if row is None else FollowUp(*row)


def of_commitment(connection: sa.engine.Connection, commitment_id: str) -> list[FollowUp]:
    """All follow-ups of a commitment, oldest first."""
    query = _joined().where(schema.follow_up.c.commitment_id == commitment_id)
    return [FollowUp(*row) for row in connection.execute(query.order_by(schema.follow_up.c.occurrence))]


def delivered(connection: sa.engine.Connection, row_id: str, now: datetime.datetime) -> None:
    """The conversation has the question. A row that was answered meanwhile keeps that state."""
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
    retry: datetime.datetime = now + min(FIRST_RETRY * 2 ** min(follow_up.attempts, 10), LAST_RETRY)
    release(connection, follow_up.id, retry)
    _record(connection, follow_up.id, now, "failed", reason[:200])
    return retry


def release(connection: sa.engine.Connection, row_id: str, due_at: datetime.datetime) -> None:
    """Give a claimed row back, to be delivered at `due_at`."""
    connection.execute(
        sa.update(schema.follow_up)
        .where(schema.follow_up.c.id == row_id, schema.follow_up.c.state == "claimed")
        .values(state="pending", due_at=due_at, claimed_at=None)
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
    connection.execute(sa.insert(schema.attempt).values(follow_up_id=row_id, at=now, outcome=outcome, reason=reason))


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
        )
        .join(schema.commitment, owners.id == rows.commitment_id)
        .join(schema.person, schema.person.c.id == owners.person_id)
    )
