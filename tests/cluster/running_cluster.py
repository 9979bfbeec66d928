"""The cluster of `make cluster` as a test runs it, and people who talk with it as the widget does."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import socketio
from chat_window import Window

from bondgenoot import settings, texts
from bondgenoot.moments import is_workday

ROOT = settings.ROOT
SECONDS_TO_START = 300
SECONDS_FOR_A_TURN = 60
# The widget's: what it tries again by itself, and how long it waits between two attempts to connect.
TRY_AGAIN = ("too_many", "not_ready")
FIRST_RETRY, LAST_RETRY = 0.5, 15
APOLOGY = " ".join(texts.say("error"))


def working_moment() -> datetime.datetime:
    """Ten o'clock in Brussels on a working day in both countries, from tomorrow on."""
    zone = settings.load({}).time_zone
    day = datetime.datetime.now(zone).date() + datetime.timedelta(days=1)
    while not is_workday(day, None):
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, datetime.time(10), tzinfo=zone).astimezone(datetime.timezone.utc)


class Cluster:
    """The processes under their supervisor, in a folder of their own."""

    def __init__(self, home: Path, port: int, actions_port: int, database: str, redis: str) -> None:
        home.mkdir(parents=True)
        self.home, self.port, self.log = home, port, home / "cluster.log"
        self.offset = working_moment() - datetime.datetime.now(datetime.timezone.utc)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("BONDGENOOT_")} | {
            "PYTHONPATH": str(ROOT),
            "BONDGENOOT_HOME": str(home),
            "BONDGENOOT_PORT": str(port),
            "BONDGENOOT_ACTIONS_PORT": str(actions_port),
            "BONDGENOOT_DATABASE_URL": database,
            "BONDGENOOT_REDIS_URL": redis,
            "BONDGENOOT_DISPATCH_SECONDS": "0.3",
            "BONDGENOOT_CLOCK_OFFSET": f"PT{int(self.offset.total_seconds())}S",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where people come in."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def now(self) -> datetime.datetime:
        """What the cluster's clock says."""
        return datetime.datetime.now(datetime.timezone.utc) + self.offset

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bondgenoot", "cluster"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.until("is ready: http://")

    def until(self, words: str, times: int = 1, seconds: float = SECONDS_TO_START) -> None:
        """Wait until the log says it so often."""
        deadline = time.monotonic() + seconds
        while self.log.read_text(errors="replace").count(words) < times:
            assert self.process and self.process.poll() is None, self.tail()
            assert time.monotonic() < deadline, f"{words!r} was not said\n{self.tail()}"
            time.sleep(0.2)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    @property
    def action_ports(self) -> tuple[int, ...]:
        """Where the action servers listen, from what nginx was told."""
        upstream = (self.home / "cluster" / "nginx.conf").read_text().partition("upstream actions")[2].partition("}")[0]
        return tuple(map(int, re.findall(r"server 127\.0\.0\.1:(\d+)", upstream)))

    def until_up(self, port: int) -> None:
        """Wait until a server or action server is healthy again."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
            time.sleep(0.2)
        raise AssertionError(f"nothing is healthy at {port}\n{self.tail()}")

    @property
    def inside(self) -> str:
        """Where scripts come in."""
        found = re.search(r"Rasa's interface: (\S+)", self.log.read_text(errors="replace"))
        assert found, self.tail()
        return found[1]

    def pid(self, name: str) -> int:
        """Of the process itself, not of the shell that starts it again."""
        found = re.search(rf"\b{name} started \(pid=(\d+)\)", self.log.read_text(errors="replace"))
        assert found, self.tail()
        shell = int(found[1])
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for child in Path(f"/proc/{shell}/task/{shell}/children").read_text().split():
                # Not the pause between two starts.
                if b"sleep" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
            time.sleep(0.1)
        raise AssertionError(f"{name} does not run\n{self.tail()}")

    def kill(self, name: str) -> None:
        """kill -9."""
        os.kill(self.pid(name), signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """Leave it there without answering; only `kill` ends that."""
        os.kill(self.pid(name), signal.SIGSTOP)

    def pids(self) -> list[int]:
        """Of all processes and their shells, and what these started."""
        found = [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", self.log.read_text(errors="replace"))]
        for pid in found:
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)

    def say_by_rest(self, sender: str, text: str) -> list[dict[str, Any]]:
        """What is answered to a script."""
        request = urllib.request.Request(
            f"{self.inside}/webhooks/rest/webhook",
            data=json.dumps({"sender": sender, "message": text}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS_FOR_A_TURN) as response:
            answer: list[dict[str, Any]] = json.loads(response.read())
        return answer


class Person:
    """Somebody with the widget: it connects again, and sends what was not confirmed again under the same id."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.cookie, self.conversation = "", ""
        self.sent: list[str] = []
        self.seen: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.resent = self.reconnected = 0
        self._window: Window | None = None
        self._gone = asyncio.Event()

    async def say(self, text: str) -> str:
        """Say it as the widget does; what was answered."""
        letter = {"message": text, "id": f"client-{uuid.uuid4().hex}"}
        self.sent.append(letter["id"])
        attempts = 0
        while True:
            window = await self._connected()
            attempts += 1
            self.resent += attempts > 1
            answer = await self._ask(window, "user_uttered", letter)
            if answer is None:
                continue
            if answer["ok"]:
                break
            if answer["error"] not in TRY_AGAIN:
                # The widget shows it, with a button to send it again.
                self.errors.append(answer["error"])
                return ""
            await asyncio.sleep(max(answer.get("retry_after", 0), 3))
        messages = (await self.history())["messages"]
        place = [message.get("id") for message in messages].index(letter["id"])
        return "\n".join(message["text"] for message in messages[place + 1 :])

    async def history(self) -> dict[str, Any]:
        """Everything, from the server's log."""
        while True:
            answer = await self._ask(await self._connected(), "history", {"after": 0})
            if answer is not None:
                assert answer["ok"], answer
                return dict(answer)

    async def close(self) -> None:
        if self._window:
            await self._window.close()

    def told(self) -> list[dict[str, Any]]:
        """What the windows were shown live, each message once, as the widget shows it."""
        numbered = {message["n"]: message for message in self.seen if message["n"] is not None}
        return [*numbered.values(), *(message for message in self.seen if message["n"] is None)]

    async def _ask(self, window: Window, event: str, data: Any) -> Any:
        """The answer; None when the connection ended first."""
        asking = asyncio.ensure_future(window.client.call(event, data, timeout=SECONDS_FOR_A_TURN))
        gone = asyncio.ensure_future(self._gone.wait())
        await asyncio.wait({asking, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if asking.done():
            with contextlib.suppress(socketio.exceptions.SocketIOError):
                return asking.result()
        asking.cancel()
        self._gone.set()
        return None

    async def _connected(self) -> Window:
        failures = 0
        while self._window is None or self._gone.is_set():
            window = Window(self.cluster.url)
            self._gone = asyncio.Event()
            window.client.on("disconnect", self._noticer(self._gone))
            window.client.on("bot_uttered", self._hear)
            try:
                await window.open(await asyncio.get_running_loop().run_in_executor(None, self._token))
                answer = await window.client.call("session_request", None, timeout=SECONDS_FOR_A_TURN)
                assert answer["ok"], answer
            except (OSError, AssertionError, socketio.exceptions.SocketIOError):
                with contextlib.suppress(Exception):
                    await window.close()
                await asyncio.sleep(min(FIRST_RETRY * 2**failures, LAST_RETRY))
                failures += 1
                continue
            self.reconnected += self._window is not None
            self._window = window
            (self.conversation,) = set(window.told("session_confirm"))
        return self._window

    def _noticer(self, gone: asyncio.Event) -> Any:
        async def notice(*_: Any) -> None:
            gone.set()

        return notice

    async def _hear(self, data: dict[str, Any]) -> None:
        self.seen.append(data)

    def _token(self) -> str:
        headers = {"X-Requested-With": "bondgenoot", **({"Cookie": self.cookie} if self.cookie else {})}
        request = urllib.request.Request(f"{self.cluster.url}/chat/demo-token", method="POST", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.cookie = (answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
            return str(json.loads(answer.read())["token"])
