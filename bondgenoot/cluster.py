"""`make cluster`: two servers, two action servers and two dispatchers behind nginx on this machine, for trying out."""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import redis
import sqlalchemy as sa

from bondgenoot import launcher
from bondgenoot.errors import BondgenootError, SettingsError
from bondgenoot.launcher import Process
from bondgenoot.settings import ROOT, Settings
from bondgenoot.training import child_environment

EACH = 2
TEMPLATE = ROOT / "deploy" / "nginx" / "nginx.conf.template"
DATABASE_URL = "postgresql://bondgenoot@127.0.0.1:5432/bondgenoot"
REDIS_URL = "redis://127.0.0.1:6379/0"
SECONDS_TO_ANSWER = 3
# Debian keeps it out of the PATH of ordinary users.
MORE_PLACES = "/usr/sbin:/usr/local/sbin"


@dataclasses.dataclass(frozen=True)
class Plan:
    """Who listens where, all on loopback. `front` is for people, `inside` for dispatchers and scripts."""

    front: int
    inside: int
    actions: int
    servers: tuple[int, ...]
    action_servers: tuple[int, ...]


def start(settings: Settings) -> int:
    """Run the cluster until Ctrl-C; returns the exit code.

    Raises:
        BondgenootError: when something is missing or wrong before the processes start.
    """
    if not settings.is_local:
        raise SettingsError(
            f"make cluster is for trying out on this machine, but BONDGENOOT_HOST is {settings.host}. "
            "For a network, see docs/cluster.md."
        )
    nginx = find_nginx()
    settings = with_services(settings)
    launcher.check_port("BONDGENOOT_PORT", "127.0.0.1", settings.port)
    launcher.check_port("BONDGENOOT_ACTIONS_PORT", "127.0.0.1", settings.actions_port)
    model = launcher.prepare(settings)
    inside, *others = free_ports(1 + 2 * EACH)
    plan = Plan(settings.port, inside, settings.actions_port, tuple(others[:EACH]), tuple(others[EACH:]))
    configuration = write_configuration(nginx, plan, settings.home / "cluster")
    threading.Thread(target=_announce, args=(plan,), daemon=True).start()
    return launcher.supervise(processes(settings, plan, model, nginx, configuration))


def with_services(settings: Settings) -> Settings:
    """The settings with a PostgreSQL and a Redis that answer: those that are set, else those of this machine.

    Raises:
        BondgenootError: in one line what does not answer and what to do.
    """
    url, redis_url = settings.database_url, settings.redis_url or REDIS_URL
    if sa.engine.make_url(url).get_backend_name() == "sqlite":
        if os.environ.get("BONDGENOOT_DATABASE_URL"):
            raise SettingsError("BONDGENOOT_DATABASE_URL is a SQLite file, which is for one server. Give a PostgreSQL.")
        url = DATABASE_URL
    reason = database_trouble(url)
    if reason:
        # Without its password.
        shown = sa.engine.make_url(url).render_as_string()
        raise BondgenootError(
            f"No database at {shown}: {reason}. Install PostgreSQL (apt-get install postgresql) and make a role and "
            "a database as docs/cluster.md says, or set BONDGENOOT_DATABASE_URL."
        )
    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=SECONDS_TO_ANSWER) as asked:
            asked.ping()
    except redis.exceptions.RedisError as error:
        raise BondgenootError(
            f"No Redis answers ({type(error).__name__}). Install it (apt-get install redis-server), which then listens "
            "on 127.0.0.1:6379, or set BONDGENOOT_REDIS_URL."
        ) from error
    return dataclasses.replace(settings, database_url=url, redis_url=redis_url)


def database_trouble(url: str) -> str:
    """Why the database cannot be used, in one line; '' when it can."""
    engine = sa.create_engine(url, connect_args={"connect_timeout": SECONDS_TO_ANSWER}, poolclass=sa.pool.NullPool)
    try:
        with engine.connect():
            return ""
    except sa.exc.OperationalError as error:
        return str(error.orig).strip().splitlines()[0]


def find_nginx() -> str:
    """Where nginx is.

    Raises:
        BondgenootError: it is not here.
    """
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:{MORE_PLACES}")
    if found is None:
        raise BondgenootError("make cluster needs nginx, which is not here: apt-get install nginx-light.")
    return found


def free_ports(count: int) -> list[int]:
    """Ports on loopback that are free now."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def write_configuration(nginx: str, plan: Plan, folder: Path) -> Path:
    """The template, filled in, in a folder that only this user can read; nginx has checked it.

    Raises:
        BondgenootError: nginx refuses it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "nginx.conf"
    path.write_text(
        fill_in(
            TEMPLATE.read_text(encoding="utf-8"),
            {
                "PROXY_FOLDER": str(folder),
                "PROXY_FRONT": f"127.0.0.1:{plan.front}",
                "PROXY_INSIDE": f"127.0.0.1:{plan.inside}",
                "PROXY_ACTIONS": f"127.0.0.1:{plan.actions}",
                "PROXY_SERVERS": upstream(f"127.0.0.1:{port}" for port in plan.servers),
                "PROXY_ACTION_SERVERS": upstream(f"127.0.0.1:{port}" for port in plan.action_servers),
            },
        ),
        encoding="utf-8",
    )
    checked = subprocess.run(
        [nginx, "-t", *arguments(path)], capture_output=True, text=True, errors="replace", check=False
    )
    if checked.returncode != 0:
        raise BondgenootError(f"nginx refuses {path}: {checked.stderr.strip()}")
    return path


def fill_in(template: str, values: Mapping[str, str]) -> str:
    """A template with its names in capitals replaced; a value that is missing is an error (KeyError)."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], template)


def upstream(addresses: Iterable[str]) -> str:
    """The lines of an nginx upstream."""
    return " ".join(f"server {address} max_fails=3 fail_timeout=2s;" for address in addresses)


def arguments(configuration: Path) -> list[str]:
    """What nginx is told besides what to do: it reads and writes nothing outside this folder."""
    return ["-p", str(configuration.parent), "-e", "stderr", "-c", str(configuration)]


def processes(settings: Settings, plan: Plan, model: Path, nginx: str, configuration: Path) -> list[Process]:
    """All processes with what each is told; they differ in ports only."""
    common = {
        **child_environment(settings),
        "BONDGENOOT_HOST": "127.0.0.1",
        "BONDGENOOT_DATABASE_URL": settings.database_url,
        "BONDGENOOT_REDIS_URL": str(settings.redis_url),
        "BONDGENOOT_PUBLIC_URL": settings.public_url,
        "BONDGENOOT_SERVER_URL": f"http://127.0.0.1:{plan.inside}",
        "BONDGENOOT_ACTIONS_URL": f"http://127.0.0.1:{plan.actions}",
    }
    made = [Process("nginx", again(f"{shlex.join([nginx, *arguments(configuration)])} -g 'daemon off;'"), common)]
    for number in range(EACH):
        own = {**common, "BONDGENOOT_PORT": str(plan.servers[number])}
        made += [
            Process(f"actions-{number + 1}", again(launcher.actions_command(plan.action_servers[number])), common),
            Process(f"server-{number + 1}", again(launcher.server_command(model)), own),
            Process(f"dispatcher-{number + 1}", again(launcher.DISPATCHER), common),
        ]
    return made


def again(command: str) -> str:
    """A shell command that runs this one again whenever it ends, as the supervisor of a real cluster does."""
    # Not in the shell's own place: the shell stays to see it end.
    return f"trap 'exit 0' TERM; while :; do ({command}); echo 'ended; it starts again'; sleep 1; done"


def _announce(plan: Plan) -> None:
    started = time.monotonic()
    waiting: Sequence[int] = plan.servers
    while time.monotonic() - started < launcher.SECONDS_TO_START:
        waiting = [port for port in waiting if not _is_ready(port)]
        if not waiting:
            print(
                f"\n  Bondgenoot's cluster is ready: http://localhost:{plan.front}   (Ctrl-C ends it)\n"
                f"  For scripts on this machine, REST and Rasa's interface: http://127.0.0.1:{plan.inside}\n",
                flush=True,
            )
            return
        time.sleep(0.5)
    print("Not all servers became ready; see the lines above.", flush=True)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False
