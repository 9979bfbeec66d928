"""A copy of the project with all its processes running."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from at_work import SECONDS, Project
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
        _wait(made, process)
        yield made
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


def _wait(project: Project, process: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while time.monotonic() - started < SECONDS:
        assert process.poll() is None, (project.root / "server.log").read_text(encoding="utf-8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{project.port}/health", timeout=2):
                return
        except OSError:
            time.sleep(1)
    pytest.fail((project.root / "server.log").read_text(encoding="utf-8")[-3000:])
