"""Claims, attempts, addresses and nudges mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import sqlalchemy as sa
from fixed_clock import FixedClock

from bondgenoot.store import addresses, follow_ups, nudges, people, schema

HOUR = datetime.timedelta(hours=1)


def test_a_claim_is_held_lost_and_written_down(
    engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Callable[..., str]
) -> None:
    promise(anna)
    with engine.begin() as connection:
        (first,) = follow_ups.claim_due(connection, clock.now())
        held = follow_ups.hold(connection, first, clock.advance(minutes=1))
        assert held is not None
        assert follow_ups.hold(connection, first, clock.now()) is None
        retry = follow_ups.failed(connection, held, clock.now(), "down")
    with engine.begin() as connection:
        (second,) = follow_ups.claim_due(connection, retry)
        follow_ups.delivered(connection, second.id, retry)
        outcomes = connection.execute(sa.select(schema.attempt.c.outcome).order_by(schema.attempt.c.id)).scalars().all()
    assert outcomes == ["failed", "delivered"]


def test_what_is_said_of_an_erased_person_is_not_written(
    engine: sa.engine.Engine, anna: str, clock: FixedClock, promise: Callable[..., str]
) -> None:
    promise(anna)
    with engine.begin() as connection:
        (row,) = follow_ups.claim_due(connection, clock.now())
        people.erase(connection, anna)
        follow_ups.failed(connection, row, clock.now(), "down")
        follow_ups.delivered(connection, row.id, clock.now())
        assert connection.execute(sa.select(schema.attempt)).all() == []


def test_a_mail_is_claimed_once_and_goes_with_the_person(
    engine: sa.engine.Engine, cipher: schema.Cipher, anna: str, clock: FixedClock, promise: Callable[..., str]
) -> None:
    with engine.begin() as connection:
        assert addresses.offer(connection, cipher, anna, "anna@example.org", clock.now())
        assert addresses.offer(connection, cipher, anna, "anna@example.com", clock.now())
        assert not addresses.offer(connection, cipher, "nobody", "x@example.org", clock.now())
        assert addresses.agree(connection, anna, clock.now())
    clock.advance(minutes=10)
    promise(anna)
    with engine.begin() as connection:
        (row,) = follow_ups.claim_due(connection, clock.now())
        follow_ups.delivered(connection, row.id, clock.now())
    clock.advance(hours=2)
    with engine.begin() as connection:
        (nudge,) = nudges.claim_due(connection, cipher, clock.now(), HOUR)
        assert nudge.address == "anna@example.com"
        assert nudges.claim_due(connection, cipher, clock.now(), HOUR) == []
        nudges.failed(connection, nudge, clock.now())
    clock.advance(minutes=6)
    with engine.begin() as connection:
        (again,) = nudges.claim_due(connection, cipher, clock.now(), HOUR)
        assert again.attempts == 2
        assert people.erase(connection, anna)["nudge"] == 1
        assert connection.execute(sa.select(schema.address)).all() == []
