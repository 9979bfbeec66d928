"""`make start`: checks, trains, migrates, then runs server, action server and dispatcher under one supervisor."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from bondgenoot import channel_settings, keys, publications, tokens, training
from bondgenoot.clock import Clock
from bondgenoot.content import content
from bondgenoot.errors import SettingsError
from bondgenoot.safety import SafetyNet
from bondgenoot.settings import ROOT, Settings
from bondgenoot.store.database import migrate

SECONDS_TO_START = 180
ENDED_BY_CTRL_C = 130
PYTHON = shlex.quote(sys.executable)
DISPATCHER = f"exec {PYTHON} -m bondgenoot.dispatcher"


@dataclass(frozen=True)
class Process:
    """One process under the supervisor: a name for its lines, a shell command, its environment."""

    name: str
    command: str
    environment: Mapping[str, str]


def start(settings: Settings) -> int:
    """Run everything until Ctrl-C; returns the exit code.

    Raises:
        BondgenootError: when something is wrong before the processes start.
    """
    check_port("BONDGENOOT_PORT", settings.host, settings.port)
    check_port("BONDGENOOT_ACTIONS_PORT", "127.0.0.1", settings.actions_port)
    model = prepare(settings)
    environment = training.child_environment(settings)
    processes = [
        Process("actions", actions_command(settings.actions_port), environment),
        Process("server", server_command(model), environment),
        Process("dispatcher", DISPATCHER, environment),
    ]
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    return supervise(processes)


def prepare(settings: Settings) -> Path:
    """Check what is checked before a start, and make what is missing: keys, database, model; returns the model.

    Raises:
        BondgenootError: when something is wrong.
    """
    content()
    SafetyNet.load()
    # What is made from here on (database, keys, logs) is for this user only.
    os.umask(0o077)
    keys.auth_token(settings.home)
    keys.data_key(settings.home)
    keys.session_key(settings.home)
    tokens.verifier(settings)
    channel_settings.load(settings.public_url)
    migrate(settings.database_url)
    model = training.ensure_model(settings)
    live = publications.current()
    if live is None or live.model != model.name:
        # Whatever starts is live, also when nobody published it; a rollback can go back to it.
        publications.record(settings, model, "start", Clock.from_settings(settings).now())
    return model


def supervise(processes: Sequence[Process]) -> int:
    """Run the processes until Ctrl-C, or until one of them ends; returns the exit code."""
    manager = Manager(Printer(sys.stdout, width=10))
    for one in processes:
        manager.add_process(one.name, one.command, env=dict(one.environment), cwd=str(ROOT))
    manager.loop()
    # Ctrl-C is how it is meant to end.
    return 0 if manager.returncode in (None, ENDED_BY_CTRL_C) else int(manager.returncode)


def server_command(model: Path) -> str:
    """The shell command of a server."""
    return f"exec {PYTHON} -m channels.serve {shlex.quote(str(model))}"


def actions_command(port: int) -> str:
    """The shell command of an action server."""
    return f"exec {PYTHON} -m rasa_sdk --actions actions --port {port}"


def check_port(variable: str, host: str, port: int) -> None:
    """Refuse a taken port before anything starts.

    Raises:
        SettingsError: names the port and the variable that changes it.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                f"Stop the program that has it, or start with {variable}=another port."
            ) from error


def is_ready(settings: Settings) -> bool:
    """Whether the server has loaded its model."""
    try:
        with urllib.request.urlopen(f"{settings.server_url}/health", timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False


def _announce(settings: Settings) -> None:
    started = time.monotonic()
    while time.monotonic() - started < SECONDS_TO_START:
        if is_ready(settings):
            host = "localhost" if settings.is_local else settings.host
            print(f"\n  Bondgenoot is ready: http://{host}:{settings.port}   (Ctrl-C ends it)\n", flush=True)
            return
        time.sleep(0.5)
    print("The server did not become ready; see the lines above.", flush=True)
