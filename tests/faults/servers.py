"""Real server processes on a tiny model, an action server that misbehaves when told to, and people who write at once.

The model is small so that the tests are short; the servers, channels, locks, stores and databases are the product's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from services import free_port

ROOT = Path(__file__).resolve().parents[2]
TINY = Path(__file__).parent / "tiny"
SECONDS_TO_START = 240
TOKEN = "a token of the tests"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
STOCK = """
action_endpoint: {{url: "http://127.0.0.1:{actions}/webhook"}}
tracker_store: {{type: SQL, dialect: {dialect}, url: "{url}", db: "{db}"}}
lock_store: {{type: redis, url: 127.0.0.1, port: {redis}, db: 0}}
"""


def train(folder: Path) -> Path:
    """The tiny model; takes some seconds."""
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", str(folder)]
    for option in ("domain", "config", "data"):
        command += [f"--{option}", str(TINY / f"{option}.yml")]
    result = subprocess.run(
        [*command, "--fixed-model-name", "tiny"],
        env={**os.environ, **QUIET},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    return folder / "tiny.tar.gz"


class ActionServer:
    """Answers `action_answer` with the text of the message, and counts; `mode` says what goes wrong."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mode = "well"
        self.calls = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: Any = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        tracker = (await request.json())["tracker"]
        if self.mode == "error":
            return web.Response(status=500, text="boom")
        if self.mode == "hangs":
            await asyncio.sleep(3600)
        if self.mode == "dies":
            assert request.transport is not None
            request.transport.abort()
        await asyncio.sleep(random.uniform(0, 0.02))
        counted = (tracker["slots"]["counted"] or 0) + 1
        text = tracker["latest_message"]["text"].replace("bericht", "antwoord")
        return web.json_response(
            {"events": [{"event": "slot", "name": "counted", "value": counted}], "responses": [{"text": text}]}
        )

    def start(self) -> None:
        """Listen."""
        if not self._thread.is_alive():
            self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)

    async def _start(self) -> None:
        app = web.Application(client_max_size=10**9)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)


class Server:
    """One server process."""

    def __init__(self, folder: Path, command: list[str], port: int, environment: dict[str, str]) -> None:
        self.port, self.log = port, folder / f"server-{port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> Server:
        """Until a model is loaded."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.url}/status?token={_quoted()}", timeout=2),
            ):
                return self
            time.sleep(0.2)
        raise AssertionError("not ready\n" + self.log.read_text()[-3000:])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def say(self, sender: str, text: str, timeout: float = 60) -> list[dict[str, Any]]:
        """What is answered."""
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook",
            data=json.dumps({"sender": sender, "message": text}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=timeout) as response:
            answer: list[dict[str, Any]] = json.loads(response.read())
        return answer

    def tracker(self, sender: str) -> dict[str, Any]:
        """The whole conversation."""
        query = f"token={_quoted()}&include_events=ALL"
        with urllib.request.urlopen(f"{self.url}/conversations/{sender}/tracker?{query}", timeout=60) as response:
            found: dict[str, Any] = json.loads(response.read())
        return found


def _quoted() -> str:
    return urllib.parse.quote(TOKEN)


@contextlib.contextmanager
def ours(folder: Path, model: Path, actions: ActionServer, count: int, **environment: str) -> Iterator[list[Server]]:
    """Servers as `make start` starts them, which share what `environment` says (the database, the lock)."""
    started = []
    for _ in range(count):
        port = free_port()
        own = {
            **os.environ,
            **QUIET,
            "PYTHONPATH": str(ROOT),
            "SANIC_HOST": "127.0.0.1",
            "BONDGENOOT_HOME": str(folder),
            "BONDGENOOT_PORT": str(port),
            "BONDGENOOT_ACTIONS_PORT": str(actions.port),
            "BONDGENOOT_AUTH_TOKEN": TOKEN,
            **environment,
        }
        started.append(Server(folder, ["channels.serve", str(model)], port, own))
    yield from _until_done(started)


@contextlib.contextmanager
def stock(
    folder: Path, model: Path, actions: ActionServer, count: int, database: str, redis: int
) -> Iterator[list[Server]]:
    """Servers of Rasa as it comes: SQLTrackerStore on `database` (a URL), RedisLockStore on a port."""
    (folder / "credentials.yml").write_text("rest:\n")
    url = urllib.parse.urlsplit(database)
    endpoints = STOCK.format(
        actions=actions.port, dialect=url.scheme, url=database, db=url.path.lstrip("/"), redis=redis
    )
    (folder / "endpoints.yml").write_text(endpoints)
    started = []
    for _ in range(count):
        port = free_port()
        command = ["rasa", "run", "--model", str(model), "--enable-api", "--auth-token", TOKEN, "--port", str(port)]
        command += ["--interface", "127.0.0.1", "--credentials", str(folder / "credentials.yml")]
        command += ["--endpoints", str(folder / "endpoints.yml")]
        started.append(Server(folder, command, port, {**os.environ, **QUIET, "SANIC_HOST": "127.0.0.1"}))
    yield from _until_done(started)


def _until_done(started: list[Server]) -> Iterator[list[Server]]:
    try:
        yield [server.wait() for server in started]
    finally:
        for server in started:
            server.kill()


@dataclass(frozen=True)
class Race:
    """What became of messages that were sent at the same time."""

    sent: int
    errors: int
    without_answer: int
    lost: int
    out_of_place: int
    uncounted: int

    def __str__(self) -> str:
        return (
            f"{self.sent} messages: {self.lost} not stored, {self.without_answer} not answered, {self.errors} refused, "
            f"{self.out_of_place} not followed by their own answer, {self.uncounted} turns that did not see the one before"
        )


def race(servers: list[Server], messages: int, people: int = 4, burst: int = 10) -> Race:
    """Each person sends `burst` messages at the same time, divided over the servers, again and again."""
    return asyncio.run(_race(servers, messages, people, burst))


async def _race(servers: list[Server], messages: int, people: int, burst: int) -> Race:
    names = [f"person-{number}" for number in range(people)]
    sent: dict[str, list[str]] = {name: [] for name in names}
    answers: list[list[dict[str, Any]] | None] = []
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=300)
    ) as session:

        async def send(server: Server, name: str, text: str) -> list[dict[str, Any]] | None:
            body = {"sender": name, "message": text}
            async with session.post(f"{server.url}/webhooks/rest/webhook", json=body) as response:
                return await response.json() if response.status == 200 else None

        async def talk(name: str) -> None:
            while len(sent[name]) < messages // people:
                texts = [f"bericht {len(sent[name]) + step}" for step in range(burst)]
                sent[name] += texts
                turns = (send(servers[step % len(servers)], name, text) for step, text in enumerate(texts))
                answers.extend(await asyncio.gather(*turns))

        await asyncio.gather(*(talk(name) for name in names))
    lost = out_of_place = uncounted = 0
    for name in names:
        tracker = await asyncio.get_running_loop().run_in_executor(None, servers[0].tracker, name)
        said = [event["text"] for event in tracker["events"] if event["event"] in ("user", "bot")]
        lost += len(set(sent[name]) - set(said))
        for place, text in enumerate(said):
            if text.startswith("bericht"):
                after = said[place + 1] if place + 1 < len(said) else ""
                out_of_place += after != text.replace("bericht", "antwoord")
        uncounted += len(sent[name]) - int(tracker["slots"]["counted"] or 0)
    return Race(
        sent=sum(map(len, sent.values())),
        errors=sum(answer is None for answer in answers),
        without_answer=sum(not any("antwoord" in str(m.get("text")) for m in answer or []) for answer in answers),
        lost=lost,
        out_of_place=out_of_place,
        uncounted=uncounted,
    )
