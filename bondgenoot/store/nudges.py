"""Which unanswered follow-ups get a mail, and that each gets at most one.

A row is 'sending' before the mail server is asked. What stays 'sending' after a crash is never sent again: rather no
mail than two. A mail server that clearly did not take the mail is asked again, LAST_ATTEMPT times in all.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa

from bondgenoot.store import schema

LAST_ATTEMPT = 5
FIRST_RETRY = datetime.timedelta(minutes=5)
# Older questions wait in the overview; a mail about them would be nagging.
OLDEST = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Nudge:
    """One mail to send. `address` is opened already and belongs in no log."""

    follow_up_id: str
    address_id: str
    address: str
    country: str | None
    attempts: int


def claim_due(
    connection: sa.engine.Connection,
    cipher: schema.Cipher,
    now: datetime.datetime,
    unanswered_for: datetime.timedelta,
    limit: int = 10,
) -> list[Nudge]:
    """Take the mails that are due, so that nobody else sends them; oldest question first.

    Due is a question that was asked `unanswered_for` ago or longer, of somebody who agreed, did not pause, and was not
    here since. Somebody with several such questions gets one mail at a time, and none within a day of another.
    """
    asked, rows = schema.follow_up.c, schema.nudge.c
    query = (
        sa.select(
            asked.id,
            schema.address.c.id,
            schema.address.c.address,
            schema.person.c.country,
            schema.person.c.id,
            sa.func.coalesce(rows.attempts, 0),
            rows.state,
        )
        .join(schema.commitment, schema.commitment.c.id == asked.commitment_id)
        .join(schema.person, schema.person.c.id == schema.commitment.c.person_id)
        .join(schema.address, schema.address.c.person_id == schema.person.c.id)
        .outerjoin(schema.nudge, rows.follow_up_id == asked.id)
        .where(
            asked.state == "asked",
            asked.asked_at <= now - unanswered_for,
            asked.asked_at > now - OLDEST,
            schema.person.c.last_seen < asked.asked_at,
            schema.person.c.paused.is_(False),
            schema.address.c.agreed_at.is_not(None),
            sa.or_(rows.follow_up_id.is_(None), sa.and_(rows.state == "retry", rows.next_at <= now)),
        )
        .order_by(asked.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=schema.follow_up)
    )
    found, people = [], _mailed_lately(connection, now)
    for follow_up_id, address_id, sealed, country, person_id, attempts, state in connection.execute(query).all():
        if person_id in people:
            continue
        people.add(person_id)
        values = {"state": "sending", "attempts": attempts + 1, "next_at": now}
        if state is None:
            connection.execute(sa.insert(schema.nudge).values(follow_up_id=follow_up_id, **values))
        else:
            connection.execute(sa.update(schema.nudge).where(rows.follow_up_id == follow_up_id).values(**values))
        found.append(Nudge(follow_up_id, address_id, cipher.open(sealed), country, attempts + 1))
    return found


def sent(connection: sa.engine.Connection, nudge: Nudge) -> None:
    """The mail server took it, or may have taken it."""
    _end(connection, nudge, "sent")


def give_up(connection: sa.engine.Connection, nudge: Nudge) -> None:
    """The mail server will never take it."""
    _end(connection, nudge, "given_up")


def postpone(connection: sa.engine.Connection, nudge: Nudge, until: datetime.datetime) -> None:
    """Not now, and no try: it is claimed again from `until`."""
    connection.execute(
        sa.update(schema.nudge)
        .where(schema.nudge.c.follow_up_id == nudge.follow_up_id)
        .values(state="retry", attempts=nudge.attempts - 1, next_at=until)
    )


def failed(connection: sa.engine.Connection, nudge: Nudge, now: datetime.datetime) -> None:
    """The mail server certainly did not take it: later again, or never after LAST_ATTEMPT."""
    if nudge.attempts >= LAST_ATTEMPT:
        give_up(connection, nudge)
        return
    postpone(connection, nudge, now + FIRST_RETRY * 4 ** (nudge.attempts - 1))
    connection.execute(
        sa.update(schema.nudge).where(schema.nudge.c.follow_up_id == nudge.follow_up_id).values(attempts=nudge.attempts)
    )


def _end(connection: sa.engine.Connection, nudge: Nudge, state: str) -> None:
    connection.execute(
        sa.update(schema.nudge).where(schema.nudge.c.follow_up_id == nudge.follow_up_id).values(state=state)
    )


def _mailed_lately(connection: sa.engine.Connection, now: datetime.datetime) -> set[str]:
    query = (
        sa.select(schema.commitment.c.person_id)
        .join(schema.follow_up, schema.follow_up.c.commitment_id == schema.commitment.c.id)
        .join(schema.nudge, schema.nudge.c.follow_up_id == schema.follow_up.c.id)
        .where(schema.nudge.c.state.in_(("sending", "sent")), schema.nudge.c.next_at > now - datetime.timedelta(days=1))
    )
    return set(connection.execute(query).scalars())
