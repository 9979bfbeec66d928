"""The product's database holds the conversations; a tracker store on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa.shared.core.domain import Domain

from bondgenoot.settings import ROOT
from components.tracker_store import BondgenootTrackerStore


@pytest.fixture(scope="session")
def domain() -> Domain:
    """The assistant's own."""
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def store(database_url: str, domain: Domain) -> Iterator[BondgenootTrackerStore]:
    """A tracker store as a server has it."""
    made = BondgenootTrackerStore(domain)
    yield made
    made._engine.dispose()
