"""Milliseconds of processor time per turn in a conversation that grows: our tracker store beside Rasa's, on SQLite.

    PYTHONPATH=. .venv/bin/python bench/turns.py

A tiny model (tests/faults/tiny) in this process and an action that answers at once, so that what grows is the store and
what Rasa does with the tracker. The conversation is filled with copies of its first turn up to the turn that is
measured; the figure is the median of eleven turns from there. The figures are in docs/reliability.md.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults")]

import structlog  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore  # noqa: E402
from rasa.shared.core.events import ActionExecuted, Event, UserUttered  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from servers import train  # noqa: E402

from bondgenoot import settings  # noqa: E402
from bondgenoot.store.database import migrate  # noqa: E402
from components.tracker_store import BondgenootTrackerStore  # noqa: E402

TURNS = (10, 100, 300, 1000)
REPEATS = 11


class Actions(EndpointConfig):
    """Stands where the action server stands."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """One slot and one bubble."""
        counted = (kwargs["json"]["tracker"]["slots"]["counted"] or 0) + 1
        return {
            "events": [{"event": "slot", "name": "counted", "value": counted}],
            "responses": [{"text": "antwoord"}],
        }


async def say(agent: Agent, person: str) -> float:
    """One turn; how many milliseconds of processor time it took, whatever else the machine does."""
    started = time.process_time()
    await agent.handle_message(UserMessage("bericht", CollectingOutputChannel(), person))
    return (time.process_time() - started) * 1000


async def measure(agent: Agent, store: TrackerStore) -> list[float]:
    """The median at each of TURNS."""
    agent.tracker_store = agent.processor.tracker_store = store  # type: ignore[union-attr]
    store.domain = agent.domain
    figures = []
    for turns in TURNS:
        person = f"person {turns}"
        await say(agent, person)
        # Snapshots are made in between, as in a real conversation, which is stored turn by turn.
        step = 5 if isinstance(store, BondgenootTrackerStore) else turns
        for first in range(1, turns - REPEATS // 2, step):
            tracker = await store.retrieve(person)
            assert tracker is not None
            pattern = one_turn(list(tracker.events))
            for event in pattern * min(step, turns - REPEATS // 2 - first):
                tracker.update(copy.deepcopy(event))
            await store.save(tracker)
        figures.append(statistics.median([await say(agent, person) for _ in range(REPEATS)]))
    return figures


def one_turn(events: list[Event]) -> list[Event]:
    """The newest turn: from the newest message on."""
    place = max(number for number, event in enumerate(events) if isinstance(event, UserUttered))
    turn = events[place:]
    assert isinstance(turn[-1], ActionExecuted)
    return turn


async def main() -> None:
    """Measure both and print a table."""
    # As a server has it; Rasa's debug lines would be most of what is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as name:
        os.environ["BONDGENOOT_HOME"] = name
        migrate(settings.load().database_url)
        agent = Agent.load(train(Path(name)), action_endpoint=Actions("in-process"))
        stores = {
            "Bondgenoot": BondgenootTrackerStore(agent.domain),
            "Rasa's own": SQLTrackerStore(agent.domain, db=str(Path(name, "rasa.db"))),
        }
        print("| ms per turn, at turn | " + " | ".join(map(str, TURNS)) + " |")
        for store_name, store in stores.items():
            figures = await measure(agent, store)
            print(f"| {store_name} | " + " | ".join(f"{figure:.0f}" for figure in figures) + " |", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
