"""A copy of the project with all its processes running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from at_work import Project, running_copy


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One copy for the tests of a module."""
    with running_copy(tmp_path_factory.mktemp("trainer")) as made:
        yield made
