"""A real PostgreSQL and a real Redis for tests and benches.

`postgres_url()` gives the URL of a fresh, empty database, `redis_url()` that of a fresh, empty Redis; both are gone
afterwards. `Postgres` and `Redis` are servers of one's own that can be stopped and started again, for tests of what
happens when they are away.

Looked for in this order: the server named by BONDGENOOT_TEST_POSTGRES_URL (a role that may create databases), one that
runs on 127.0.0.1:5432, one started from the installed binaries, one started after `apt-get install` (as root only).
Redis is always a private server, started in milliseconds. Without any of these a test is skipped and says why; where CI is set
it fails.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

SECONDS_TO_START = 30
RUNNING = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql://postgres:postgres@127.0.0.1:5432/postgres")


class MissingProgramError(Exception):
    """The program is not here and could not be installed; the text is the reason of a skip."""


@contextlib.contextmanager
def postgres_url(server: str | None = None, like: str = "template1") -> Iterator[str]:
    """The URL of a new database, dropped afterwards; on `server` (a URL) when given.

    It is empty, or a copy of the database `like` on the same server, with which nobody may be connected.
    """
    admin = sa.create_engine(server or _postgres_server(), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    name = f"bondgenoot_test_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    try:
        yield admin.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@contextlib.contextmanager
def redis_url() -> Iterator[str]:
    """The URL of a new, empty Redis of one's own, ended afterwards."""
    with Redis() as server:
        yield server.url


class Redis:
    """A private Redis on a free port; `stop()` and `start()` keep the port, not the data."""

    def __init__(self) -> None:
        self._program = _or_skip(lambda: program("redis-server", "redis-server"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For BONDGENOOT_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([self._program, *options, "--dir", "/tmp"], stdout=subprocess.DEVNULL)
        wait_for_port(self.port, self._process)

    def stop(self) -> None:
        """End it at once, as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Redis:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Postgres:
    """A private PostgreSQL on a free port, its data in a temporary folder; `stop()` and `start()` keep the data."""

    def __init__(self) -> None:
        self._binaries = Path(_or_skip(lambda: program("initdb", "postgresql"))).parent
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="bondgenoot-postgres-"))
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        """Of the database `postgres` on it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off -c max_connections=100"
        self._run("pg_ctl", "-D", self._data, "-l", str(self._folder / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        """End it at once, connections and all."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        """End it and delete its data."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        output = self._folder.with_suffix(".out")
        # A file, not a pipe: the server that pg_ctl leaves behind would hold the pipe open.
        with output.open("wb") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/")
        output.unlink(missing_ok=True)

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def nginx() -> str:
    """Where nginx is; installed when it is not there."""
    return _or_skip(lambda: program("nginx", "nginx-light"))


def compose() -> list[str]:
    """The command of Docker Compose, which reads a file without a Docker engine: the plugin, else Debian's older one."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"]
    return [_or_skip(lambda: program("docker-compose", "docker-compose"))]


def free_port() -> int:
    """A port on loopback that is free now, and that no other test of this user is given while this process lives.

    Below the range of which outgoing connections take theirs: what is stopped or killed gets its port back when it starts again.
    """
    while True:
        port = random.randrange(20000, 32000)
        if not _is_mine_alone(port):
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


_given: set[int] = set()


def _is_mine_alone(port: int) -> bool:
    """Take a port among the tests: the byte of its number in a file of all test processes, locked until this one ends."""
    if port in _given:
        return False  # a process never stands in its own way
    try:
        fcntl.lockf(_ports_in_use(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    _given.add(port)
    return True


@lru_cache(maxsize=1)
def _ports_in_use() -> IO[bytes]:
    # Opened once: closing any other opening of it would let go of every lock.
    return (Path(tempfile.gettempdir()) / f"bondgenoot-test-ports-{os.getuid()}").open("ab")


@lru_cache(maxsize=1)
def _postgres_server() -> str:
    """The URL of a server on which databases can be made; found once a process."""
    given = os.environ.get("BONDGENOOT_TEST_POSTGRES_URL")
    for url in [given] if given else RUNNING:
        engine = sa.create_engine(url, connect_args={"connect_timeout": 3}, poolclass=sa.pool.NullPool)
        try:
            with engine.connect():
                return url
        except sa.exc.OperationalError:
            continue
    server = Postgres()
    server.start()
    atexit.register(server.remove)
    return server.url


def _or_skip(find) -> str:  # type: ignore[no-untyped-def]
    try:
        return find()
    except MissingProgramError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@lru_cache(maxsize=8)
def program(name: str, package: str) -> str:
    """The path of a program, installed as root when it is missing; one process at a time installs.

    Raises:
        MissingProgramError: when it is not there and could not be installed.
    """
    found = _find(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with (Path(tempfile.gettempdir()) / f"bondgenoot-test-install-{os.getuid()}").open("ab") as turn:
            # apt-get refuses while another test process installs.
            fcntl.lockf(turn, fcntl.LOCK_EX)
            found = _find(name) or _installed(name, package)
    if found is None:
        raise MissingProgramError(f"{name} is not installed and could not be installed (Debian's package is {package})")
    return found


def _installed(name: str, package: str) -> str | None:
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(["apt-get", "-qq", *command], env=quiet, check=False, stdout=subprocess.DEVNULL)
    return _find(name)


def _find(name: str) -> str | None:
    # Debian keeps PostgreSQL's programs out of the PATH, and nginx out of that of ordinary users.
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when something listens there; `process` is what should."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        time.sleep(0.02)
    raise RuntimeError(f"nothing answers on port {port}")
