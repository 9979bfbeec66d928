"""The trained model, loaded once, and a conversation with a database, a tracker store and a clock of its own.

`BONDGENOOT_STORIES_MODEL` names another model file than the one of the present sources.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fixed_clock import FixedClock
from in_process import ActionsInProcess, Conversation, Trained, is_a_valid_answer
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent

import actions.common
from bondgenoot.clock import Clock
from bondgenoot.settings import Settings
from bondgenoot.store.database import connect
from bondgenoot.training import model_path
from components.tracker_store import BondgenootTrackerStore


@pytest.fixture(scope="session")
def trained() -> Iterator[Trained]:
    path = Path(os.environ.get("BONDGENOOT_STORIES_MODEL") or model_path())
    if not path.exists():
        pytest.fail(f"There is no model of the present sources ({path.name}): run make train first", pytrace=False)
    # Rasa's debug lines hold the whole conversation; making them costs half of every turn.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    endpoint = ActionsInProcess()
    agent = Agent.load(path, action_endpoint=endpoint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteAction, "_validate_action_result", is_a_valid_answer)
        yield Trained(agent, endpoint, loop)
    loop.close()


class _Log(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.INFO)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


@pytest.fixture
def conversation(
    trained: Trained, database_url: str, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Conversation]:
    """A conversation with a person who was never here; the clock stands on Monday 23 November 2026, 11:00."""
    monkeypatch.setattr(Clock, "from_settings", classmethod(lambda cls, loaded: clock))
    actions.common.services.cache_clear()
    engine = connect(database_url)
    store = BondgenootTrackerStore(trained.agent.domain)
    trained.agent.tracker_store = store
    trained.agent.processor.tracker_store = store  # type: ignore[union-attr]
    trained.endpoint.problems.clear()
    lines: list[str] = []
    handler = _Log(lines)
    logging.getLogger().addHandler(handler)
    yield Conversation(trained, store, settings, engine, clock, lines)
    logging.getLogger().removeHandler(handler)
    engine.dispose()
    actions.common.services().engine.dispose()
    actions.common.services.cache_clear()
    assert trained.endpoint.problems == []
