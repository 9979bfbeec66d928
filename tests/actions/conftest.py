"""What the tests of actions share: the actions' services on a test's own database, and conversations to act on."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fixed_clock import FixedClock
from rasa_sdk import Tracker

import actions
from actions import common
from bondgenoot.settings import Settings
from bondgenoot.store.schema import Cipher

for module in pkgutil.iter_modules(actions.__path__):
    # As the action server does: what a journey adds to its questions is known once its file is loaded.
    importlib.import_module(f"{actions.__name__}.{module.name}")


@pytest.fixture(autouse=True)
def here(
    settings: Settings, engine: sa.engine.Engine, cipher: Cipher, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> common.Services:
    """The services, wherever an action took them from."""
    made = common.Services(settings, clock, engine, cipher)  # type: ignore[arg-type]
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{actions.__name__}.") and hasattr(module, "services"):
            monkeypatch.setattr(module, "services", lambda: made)
    return made


@pytest.fixture
def tracker() -> Callable[..., Tracker]:
    """A conversation of Anna: its slots, its events, the last message, and the open form."""

    def make(
        slots: dict[str, Any] | None = None, events: list[Any] | None = None, text: str = "", form: str = ""
    ) -> Tracker:
        loop = {"name": form} if form else {}
        message = {"text": text, "intent": {"name": "answer"}, "intent_ranking": []}
        return Tracker("anna", slots or {}, message, events or [], False, None, loop, "action_listen")

    return make
