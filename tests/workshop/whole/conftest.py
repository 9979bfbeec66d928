"""A copy of the project with all its processes running."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from at_work import Project, wait
from copied import copy_of_the_project

from bondgenoot.training import model_path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The copy with the present model, and all its processes running."""
    model = model_path()
    assert model.exists(), "there is no model of the present sources; run `make train` first"
    root = copy_of_the_project(tmp_path_factory.mktemp("trainer") / "project")
    shutil.copy(model, root / "models" / model.name)
    made = Project(root)
    log = (root / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bondgenoot", "start"],
        cwd=root,
        env=made.environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        wait(made, process)
        yield made
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()
