"""The tiny model, trained once, and an action server that misbehaves when told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import ActionServer, train


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def actions() -> Iterator[ActionServer]:
    made = ActionServer()
    made.start()
    yield made
    made.stop()
