"""The three real processes, started as `make start` starts them, on free ports and a folder of their own."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from services import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 150


class Installation:
    """One installation of the product: its folder, its ports, and its processes while they run."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.actions_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / "test.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, offset: datetime.timedelta = datetime.timedelta()) -> None:
        environment = dict(
            os.environ,
            BONDGENOOT_HOME=str(self.home),
            BONDGENOOT_PORT=str(self.port),
            BONDGENOOT_ACTIONS_PORT=str(self.actions_port),
            BONDGENOOT_DISPATCH_SECONDS="0.3",
            BONDGENOOT_CLOCK_OFFSET=f"PT{int(offset.total_seconds())}S",
            PYTHONPATH=str(ROOT),
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bondgenoot", "start"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.3)
        raise AssertionError("not ready\n" + self.log.read_text()[-3000:])

    def stop(self) -> None:
        """Ctrl-C, as a person ends it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook",
            data=json.dumps({"sender": sender, "message": text}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: list[dict[str, Any]] = json.loads(response.read())
        assert answer, f"silence after {text!r}"
        return answer

    def texts(self, sender: str, text: str) -> str:
        return "\n".join(str(message.get("text")) for message in self.say(sender, text))

    def events(self, sender: str) -> list[dict[str, Any]]:
        token = (self.home / "secrets" / "auth_token").read_text()
        query = urllib.parse.urlencode({"token": token, "include_events": "ALL"})
        with urllib.request.urlopen(f"{self.url}/conversations/{sender}/tracker?{query}", timeout=30) as response:
            events: list[dict[str, Any]] = json.loads(response.read())["events"]
        return events

    def said(self, sender: str, needle: str) -> int:
        """How often the assistant said something that contains `needle`."""
        return sum(1 for event in self.events(sender) if event["event"] == "bot" and needle in str(event.get("text")))

    def wait_until_said(self, sender: str, needle: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.said(sender, needle):
                return
            time.sleep(0.3)
        raise AssertionError(f"{needle!r} was not said within {seconds} s\n" + self.log.read_text()[-3000:])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.stop()
