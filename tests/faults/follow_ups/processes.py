"""The real processes, each started and killed by itself."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bondgenoot import settings
from bondgenoot.moments import is_workday
from bondgenoot.training import child_environment, model_path

ROOT = settings.ROOT
SECONDS_TO_START = 300
# More than a claim lasts, and more than the first waits after a failure.
JUMP = datetime.timedelta(minutes=3)
# Seconds without progress of a dispatcher that has nothing it may do now.
PATIENCE = 6


def next_workday_at_ten() -> datetime.datetime:
    """Ten o'clock in Brussels on a working day in both countries, three days from now or later."""
    zone = settings.load({}).time_zone
    day = datetime.datetime.now(zone).date() + datetime.timedelta(days=3)
    while not is_workday(day, None):
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, datetime.time(10), tzinfo=zone).astimezone(datetime.timezone.utc)


class Process:
    """One process that can be killed without warning and started again."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command, self.environment, self._log = command, environment, log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(self._command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """kill -9; returns when it is gone."""
        if self._running is not None:
            self._running.send_signal(signal.SIGKILL)
            self._running.wait(30)

    def tail(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


class Dispatcher(Process):
    """The dispatcher, whose clock stands at a working moment and jumps ahead at each start."""

    def __init__(self, home: Path, port: int, began: datetime.datetime, name: str = "dispatcher") -> None:
        self._moment = began - JUMP
        self._starts_before, self._written, self.stuck_since = 0, 0, 0.0
        super().__init__(
            [sys.executable, "-m", "bondgenoot.dispatcher"],
            {**environment(home, port), "BONDGENOOT_DISPATCH_SECONDS": "0.05"},
            home / f"{name}.log",
        )

    def start(self) -> None:
        self._moment += JUMP
        offset = self._moment - datetime.datetime.now(datetime.timezone.utc)
        self.environment["BONDGENOOT_CLOCK_OFFSET"] = f"PT{int(offset.total_seconds())}S"
        self._starts_before = self.starts()
        self.stuck_since = time.monotonic()
        super().start()

    def is_ready(self) -> bool:
        """Whether it runs and has read its settings."""
        return self.is_running() and self.starts() > self._starts_before

    def jump_if_stuck(self, progress: bool) -> None:
        """Kill it after seconds without progress: what is left waits for a claim to expire or for a next try.

        It starts again three minutes further, where it does not wait.
        """
        written = self._log.stat().st_size if self._log.exists() else 0
        if progress or written != self._written or not self.is_ready():
            self.stuck_since, self._written = time.monotonic(), written
        elif time.monotonic() - self.stuck_since > PATIENCE:
            self.kill()

    def starts(self) -> int:
        """How often it said that it started."""
        return self._log.read_text().count("Dispatcher started") if self._log.exists() else 0


class Actions(Process):
    """The action server."""

    def __init__(self, home: Path, port: int) -> None:
        self._port = port
        super().__init__(
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
            environment(home, port),
            home / "actions.log",
        )

    def start(self) -> None:
        super().start()
        _wait(self, f"http://127.0.0.1:{self._port}/health")


class Server(Process):
    """Rasa's server; `actions_port` is where it looks for the action server."""

    def __init__(self, home: Path, port: int, actions_port: int) -> None:
        self._port = port
        path = model_path()
        assert path.exists(), f"There is no model of the present sources ({path.name}): run make train first"
        super().__init__(
            [sys.executable, "-m", "channels.serve", str(path)],
            {**environment(home, port), "BONDGENOOT_ACTIONS_PORT": str(actions_port)},
            home / "server.log",
        )

    def start(self) -> None:
        super().start()
        _wait(self, f"http://127.0.0.1:{self._port}/health")


def environment(home: Path, port: int) -> dict[str, str]:
    """What a process of the product is given, and nothing of the machine's own settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BONDGENOOT_")}
    product = child_environment(settings.load({"BONDGENOOT_HOME": str(home)}))
    product = {name: value for name, value in product.items() if name not in os.environ or name in inherited}
    return {**inherited, **product, "BONDGENOOT_HOME": str(home), "BONDGENOOT_PORT": str(port)}


def _wait(process: Process, url: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.is_running(), process.tail()
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"not ready\n{process.tail()}")
