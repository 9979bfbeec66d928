"""A copy of the project that a trainer may change."""

from __future__ import annotations

from pathlib import Path

import pytest
from copied import copy_of_the_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy to read and break; its Python is not the one that runs."""
    return copy_of_the_project(tmp_path / "project")
