"""Somebody at a terminal: a command on a pseudo-terminal, what it shows, and lines that are typed."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>78]|\r")


class Terminal:
    """One command, while it runs."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, seconds: float) -> None:
        self._process, self._master, self._seconds = process, master, seconds
        self._raw = b""
        self._seen = 0

    @property
    def shown(self) -> str:
        """All that was shown, without colours and movements."""
        return _CONTROLS.sub("", self._raw.decode(errors="replace"))

    def wait_for(self, text: str) -> None:
        """Until the text is shown, after what was waited for before."""
        until = time.monotonic() + self._seconds
        while (found := self.shown.find(text, self._seen)) < 0:
            assert time.monotonic() < until, f"{text!r} does not come:\n{self.shown}"
            assert self._read(), f"it ended before {text!r}:\n{self.shown}"
        self._seen = found + len(text)

    def type(self, line: str) -> None:
        """A line and Enter."""
        os.write(self._master, line.encode() + b"\r")

    def interrupt(self, what: int = signal.SIGINT) -> None:
        """Ctrl-C: everything that runs on this terminal gets it."""
        os.killpg(self._process.pid, what)

    def end(self) -> int:
        """Until the command ends; its exit code."""
        until = time.monotonic() + self._seconds
        while self._read():
            assert time.monotonic() < until, self.shown
        return self._process.wait(30)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.2)[0]:
            return True
        try:
            piece = os.read(self._master, 65536)
        except OSError:
            # Linux says so when nobody holds the other end any more.
            return False
        self._raw += piece
        return bool(piece)


@contextmanager
def terminal(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], seconds: float = 120
) -> Iterator[Terminal]:
    """Run a command on a terminal of its own; it is ended when the block is left."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        list(command),
        cwd=cwd,
        env={**environment, "TERM": "xterm", "COLUMNS": "200", "PROMPT_TOOLKIT_NO_CPR": "1"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(process, master, seconds)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
        os.close(master)
