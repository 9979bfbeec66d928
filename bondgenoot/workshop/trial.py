"""`content try`: a chat in the terminal with the trained model and the real actions, on a database of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bondgenoot.errors import BondgenootError
from bondgenoot.launcher import SECONDS_TO_START, is_ready
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store.database import migrate
from bondgenoot.training import child_environment
from bondgenoot.workshop.findings import tell, words

SENDER = "trainer"
SECONDS_TO_ANSWER = 60


@contextmanager
def servers(loaded: Settings, model: Path) -> Iterator[Settings]:
    """The server and the action server with `model`, on free ports and in a temporary home that is removed afterwards.

    Raises:
        BondgenootError: when they do not start in time; the end of their log is in the text.
    """
    with tempfile.TemporaryDirectory(prefix="bondgenoot-try-") as folder:
        home = Path(folder)
        here = replace(
            loaded,
            home=home,
            host="127.0.0.1",
            port=_free_port(),
            actions_port=_free_port(),
            database_url=f"sqlite:///{home / 'bondgenoot.db'}",
            given_server_url=None,
            given_actions_url=None,
        )
        migrate(here.database_url)
        environment = child_environment(here) | {
            "BONDGENOOT_HOST": here.host,
            "BONDGENOOT_PORT": str(here.port),
            "BONDGENOOT_DATABASE_URL": here.database_url,
            # Not those of the installation: a trial asks its own servers.
            "BONDGENOOT_SERVER_URL": "",
            "BONDGENOOT_ACTIONS_URL": "",
        }
        commands = [
            ["-m", "rasa_sdk", "--actions", "actions", "--port", str(here.actions_port)],
            ["-m", "channels.serve", str(model)],
        ]
        log = home / "log"
        with log.open("w", encoding="utf-8") as file:
            processes = [
                subprocess.Popen([sys.executable, *one], cwd=ROOT, env=environment, stdout=file, stderr=file)
                for one in commands
            ]
            try:
                _wait(here, processes, log)
                yield here
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait()


def send(settings: Settings, text: str, sender: str = SENDER) -> list[dict[str, Any]]:
    """What is answered to a message: a list of {text, buttons}.

    Raises:
        OSError: when the server does not answer.
    """
    request = urllib.request.Request(
        f"{settings.server_url}/webhooks/rest/webhook",
        data=json.dumps({"sender": sender, "message": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as response:
        answer: list[dict[str, Any]] = json.loads(response.read())
    return answer


def chat(settings: Settings, hear: Callable[[str], str], say: Callable[[str], None] = print) -> None:
    """Talk until an empty line or the end of the input. A bare number presses the button of that number.

    Raises:
        BondgenootError: when the server does not answer.
    """
    buttons: list[dict[str, Any]] = []
    say(tell("try_ready"))
    while True:
        try:
            text = hear("> ").strip()
        except EOFError:
            return
        if not text or text in words()["try_ends"]:
            return
        if text.isdigit() and 1 <= int(text) <= len(buttons):
            text = str(buttons[int(text) - 1]["payload"])
        try:
            messages = send(settings, text)
        except OSError as error:
            raise BondgenootError(tell("try_no_answer", url=settings.server_url, reason=error)) from error
        buttons = [button for message in messages for button in message.get("buttons") or []]
        for message in messages:
            say(f"  {message.get('text') or ''}")
        for number, button in enumerate(buttons, 1):
            say(f"    [{number}] {button['title']}")


def _wait(settings: Settings, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    started = time.monotonic()
    while not is_ready(settings):
        ended = any(process.poll() is not None for process in processes)
        if ended or time.monotonic() - started > SECONDS_TO_START:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise BondgenootError(tell("try_no_start", log=os.linesep.join(lines[-5:])))
        time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
