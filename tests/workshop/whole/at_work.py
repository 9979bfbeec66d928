"""A trainer's copy of the project, and the commands that are given in it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from copied import copy_of_the_project
from services import free_port

from bondgenoot.training import model_path

SECONDS = 900


class Project:
    """The copy, and the commands a trainer gives in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port, self.actions_port = free_port(), free_port()
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(root),
            "BONDGENOOT_HOME": str(root / "var"),
            "BONDGENOOT_PORT": str(self.port),
            "BONDGENOOT_ACTIONS_PORT": str(self.actions_port),
        }

    def run(self, *arguments: str, code: int = 0, typed: str = "") -> str:
        """One command; its output."""
        command = [sys.executable, "-m", "bondgenoot", "content", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=SECONDS, input=typed
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def make(self, command: str, **environment: str) -> str:
        """A `make ...` line as the guide has it, on the Python that is there; its output."""
        arguments = [part.replace('"', "") for part in re.findall(r'(?:[^\s"]|"[^"]*")+', command)[1:]]
        ready = ["-o", ".venv/run-ready", "-o", ".venv/dev-ready"]
        done = subprocess.run(
            ["make", *ready, f"PY={sys.executable}", *arguments],
            cwd=self.root,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            input="",
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def say(self, sender: str, text: str) -> str:
        """What the running server answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhooks/rest/webhook",
            json.dumps({"sender": sender, "message": text}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            return "\n".join(str(message.get("text")) for message in json.loads(response.read()))


def wait(project: Project, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers; its log when it does not."""
    started = time.monotonic()
    while time.monotonic() - started < SECONDS:
        assert process.poll() is None, (project.root / "server.log").read_text(encoding="utf-8")[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{project.port}/health", timeout=2):
                return
        except OSError:
            time.sleep(1)
    pytest.fail((project.root / "server.log").read_text(encoding="utf-8")[-3000:])


@contextlib.contextmanager
def running_copy(folder: Path, **environment: str) -> Iterator[Project]:
    """A copy of the project in `folder` with the present model, and all its processes running."""
    model = model_path()
    assert model.exists(), "there is no model of the present sources; run `make train` first"
    root = copy_of_the_project(folder / "project")
    shutil.copy(model, root / "models" / model.name)
    made = Project(root)
    made.environment.update(environment)
    log = (root / "server.log").open("w", encoding="utf-8")
    command = [sys.executable, "-m", "bondgenoot", "start"]
    process = subprocess.Popen(command, cwd=root, env=made.environment, stdout=log, stderr=log, start_new_session=True)
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
