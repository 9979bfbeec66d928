"""Copying the project, so that a test may do what a trainer does."""

from __future__ import annotations

import shutil
from pathlib import Path

from bondgenoot.settings import ROOT

KEPT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")
FOLDERS = ("bondgenoot", "actions", "channels", "components", "content", "data", "docs", "migrations", "tests")
FILES = (
    "domain.yml",
    "config.yml",
    "endpoints.yml",
    "credentials.yml",
    "requirements.txt",
    "pyproject.toml",
    "Makefile",
)


def copy_of_the_project(to: Path) -> Path:
    """Everything but environment, models and what was made at run time."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, to / folder, ignore=KEPT_OUT)
    for file in FILES:
        shutil.copy(ROOT / file, to / file)
    (to / "models").mkdir()
    return to
