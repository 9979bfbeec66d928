"""The trained model, loaded once; messages are parsed as outside a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from bondgenoot import training

HERE = Path(__file__).parent
Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def parse() -> Parse:
    model = training.model_path()
    assert model.exists(), "there is no model of the present sources; run `make train` first"
    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def full_intent(parsed: dict[str, Any]) -> str:
    """The intent, with its sub-intent for retrieval intents."""
    name = str(parsed["intent"]["name"])
    selector = parsed.get("response_selector", {}).get(name)
    return str(selector["response"]["intent_response_key"]) if selector else name
