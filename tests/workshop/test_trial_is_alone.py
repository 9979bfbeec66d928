"""A trial talks with its own servers, whatever the settings of the installation say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bondgenoot.settings import load
from bondgenoot.workshop import trial


class NoProcess:
    """Writes down how it was to be started."""

    started: list[dict[str, str]] = []  # noqa: RUF012

    def __init__(self, _command: Any, *, env: dict[str, str], **_: Any) -> None:
        self.started.append(env)

    def terminate(self) -> None: ...

    def wait(self) -> None: ...


def test_it_does_not_reach_the_servers_of_a_cluster(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONDGENOOT_SERVER_URL", "http://proxy:8081")
    monkeypatch.setenv("BONDGENOOT_ACTIONS_URL", "http://proxy:8082")
    monkeypatch.setattr(trial.subprocess, "Popen", NoProcess)
    monkeypatch.setattr(trial, "_wait", lambda *_: None)
    with trial.servers(load(), Path("a-model.tar.gz")) as here:
        assert here.server_url == f"http://127.0.0.1:{here.port}"
    assert len(NoProcess.started) == 2
    for environment in NoProcess.started:
        told = load(environment)
        assert told.server_url == f"http://127.0.0.1:{here.port}"
        assert told.actions_url == f"http://127.0.0.1:{here.actions_port}"
