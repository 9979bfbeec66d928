"""Two servers, one database, simultaneous messages of the same person: this product's stores beside Rasa's own.

    PYTHONPATH=. .venv/bin/python bench/race.py [messages] [ours|stock]     # 2000 and both by default

It needs PostgreSQL and Redis.

Both run as real processes on the same tiny model and the same action server (tests/faults/servers.py), on PostgreSQL
with Redis. Four people send ten messages at a time, five to each server. The figures are in docs/reliability.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults")]

import services  # noqa: E402
from servers import ActionServer, Server, ours, race, stock, train  # noqa: E402

from bondgenoot.store.database import migrate  # noqa: E402


def main(messages: int, which: str) -> None:
    """Race each in turn and print what became of the messages."""
    actions = ActionServer()
    actions.start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = train(folder)
        if which != "stock":
            with services.postgres_url() as database, services.Redis() as redis:
                migrate(database)
                shared = {"BONDGENOOT_DATABASE_URL": database, "BONDGENOOT_REDIS_URL": redis.url}
                with ours(folder, model, actions, 2, **shared) as servers:
                    show("Bondgenoot", servers, messages)
        if which != "ours":
            with (
                services.postgres_url() as database,
                services.Redis() as redis,
                stock(folder, model, actions, 2, database, redis.port) as servers,
            ):
                show("Rasa's own", servers, messages)
    actions.stop()


def show(name: str, servers: list[Server], messages: int) -> None:
    """Race and print."""
    started = time.monotonic()
    result = race(servers, messages)
    print(f"{name}: {result} ({time.monotonic() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    arguments = [*sys.argv[1:], *["2000", "both"][len(sys.argv) - 1 :]]
    main(int(arguments[0]), arguments[1])
