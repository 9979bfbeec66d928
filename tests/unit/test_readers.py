"""One of several servers reads a channel, and how far it was read is kept by that one."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock

from bondgenoot.store import readers


@pytest.fixture
def first(engine: sa.engine.Engine, clock: FixedClock) -> str:
    """The server that reads."""
    with engine.begin() as connection:
        assert readers.claim(connection, "mattermost", "a", clock.now())
    return "a"


def test_of_many_that_begin_together_one_reads(engine: sa.engine.Engine, clock: FixedClock) -> None:
    def claim(holder: str) -> bool:
        with engine.begin() as connection:
            return readers.claim(connection, "mattermost", holder, clock.now())

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(claim, "abcdefgh")) == [False] * 7 + [True]


def test_another_reads_when_the_first_gives_back_or_renews_no_more(
    engine: sa.engine.Engine, clock: FixedClock, first: str
) -> None:
    with engine.begin() as connection:
        assert not readers.claim(connection, "mattermost", "b", clock.now())
        readers.release(connection, "mattermost", "b")
        assert not readers.claim(connection, "mattermost", "b", clock.now()), "only the holder gives back"
        readers.release(connection, "mattermost", first)
        assert readers.claim(connection, "mattermost", "b", clock.now())
        clock.advance(seconds=20)
        assert readers.claim(connection, "mattermost", "b", clock.now())
        clock.advance(seconds=20)
        assert not readers.claim(connection, "mattermost", "c", clock.now()), "it was renewed"
        clock.advance(seconds=11)
        assert readers.claim(connection, "mattermost", "c", clock.now())


def test_a_claim_from_a_clock_that_was_set_back_holds_nobody_up(
    engine: sa.engine.Engine, clock: FixedClock, first: str
) -> None:
    with engine.begin() as connection:
        assert readers.claim(connection, "mattermost", "b", clock.now() - datetime.timedelta(days=1))


def test_how_far_was_read_is_kept_by_who_reads_and_never_goes_back(
    engine: sa.engine.Engine, clock: FixedClock, first: str
) -> None:
    with engine.begin() as connection:
        assert readers.position(connection, "mattermost") is None
        # Milliseconds of this century do not fit into 32 bits.
        for holder, to in ((first, 1_790_000_000_005), (first, 3), ("b", 1_790_000_000_009)):
            readers.advance(connection, "mattermost", holder, to)
        assert readers.position(connection, "mattermost") == 1_790_000_000_005
        assert readers.position(connection, "elders") is None
