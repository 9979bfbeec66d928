"""Messages of one person that reach two servers at the same moment: each is stored, answered, and in its place.

RACE_MESSAGES says how many (200; `make faults` takes 2,000, and adds the other ways to share a lock and a database).
bench/race.py shows what Rasa itself makes of it.
"""

from __future__ import annotations

import os

import pytest
import services
from servers import ours, race

from bondgenoot.store.database import migrate

pytest_plugins = ["tiny_fixtures"]

MESSAGES = int(os.environ.get("RACE_MESSAGES", "200"))


in_full = pytest.mark.skipif("RACE_MESSAGES" not in os.environ, reason="takes minutes; `make faults` runs it")


@pytest.mark.parametrize("lock", ["redis", pytest.param("postgresql", marks=in_full)])
def test_two_servers_on_postgresql_lose_nothing_and_keep_the_order(tmp_path, tiny_model, actions, lock):
    with services.postgres_url() as database, services.redis_url() as redis:
        migrate(database)
        shared = {"BONDGENOOT_DATABASE_URL": database}
        if lock == "redis":
            shared["BONDGENOOT_REDIS_URL"] = redis
        with ours(tmp_path, tiny_model, actions, 2, **shared) as servers:
            result = race(servers, MESSAGES)
    assert (result.lost, result.without_answer, result.errors) == (0, 0, 0), result
    assert (result.out_of_place, result.uncounted) == (0, 0), result


@in_full
def test_two_servers_on_one_sqlite_file_with_redis_lose_nothing(tmp_path, tiny_model, actions):
    migrate(f"sqlite:///{tmp_path / 'bondgenoot.db'}")
    with services.redis_url() as redis, ours(tmp_path, tiny_model, actions, 2, BONDGENOOT_REDIS_URL=redis) as servers:
        result = race(servers, MESSAGES)
    assert (result.lost, result.without_answer, result.errors) == (0, 0, 0), result
    assert (result.out_of_place, result.uncounted) == (0, 0), result
