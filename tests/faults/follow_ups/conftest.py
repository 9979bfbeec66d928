"""What the fault tests share. BONDGENOOT_FAULTS=full, as `make faults` sets it, runs the full numbers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import Process, environment
from report import Result, keep
from services import free_port

FULL = os.environ.get("BONDGENOOT_FAULTS") == "full"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not FULL:
        skip = pytest.mark.skip(reason="only in make faults")
        for item in items:
            if "full_only" in item.keywords:
                item.add_marker(skip)


@pytest.fixture
def full() -> bool:
    """Whether the full numbers are run."""
    return FULL


@pytest.fixture
def record() -> Callable[..., None]:
    """Note a line of the table: what was done, by which processes, how often, and the ledger's verdict."""

    def note(fault: str, processes: str, injected: int | str, verdict: dict[str, int]) -> None:
        if FULL:
            keep(Result(fault, processes, str(injected), verdict))

    return note


class StandIn(Process):
    """tests/faults/stand_in.py; see there."""

    def __init__(self, home: Path, dies_every: int = 0) -> None:
        self.port = free_port()
        super().__init__(
            [sys.executable, str(Path(__file__).with_name("stand_in.py")), str(self.port)],
            {**environment(home, self.port), "STAND_IN_DIES_EVERY": str(dies_every)},
            home / "stand_in.log",
        )

    def stop(self) -> None:
        if self._running is not None:
            self._running.terminate()
            self._running.wait(30)


@pytest.fixture
def stand_in(home: Path) -> Iterator[Callable[[int], StandIn]]:
    """Start the stand-in, to die at every so many deliveries (0: never)."""
    started: list[StandIn] = []

    def start(dies_every: int = 0) -> StandIn:
        home.mkdir(parents=True, exist_ok=True)
        made = StandIn(home, dies_every)
        started.append(made)
        made.start()
        return made

    yield start
    for one in started:
        one.stop()
