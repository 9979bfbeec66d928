"""The real nginx with the configuration of the cluster, before servers that do as they are told."""

from __future__ import annotations

import contextlib
import http.server
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import services

from bondgenoot import cluster


class Upstream:
    """A server that counts its requests, and answers or hangs up in the middle."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str]] = []
        self.hangs_up = False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append((self.command, self.path, self.headers.get("Host") or ""))
                if outer.hangs_up:
                    self.close_connection = True
                    return
                body = str(outer.port).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Be away: connections are refused."""
        self._server.shutdown()
        self._server.server_close()


class Proxy:
    """nginx before two servers and two action servers."""

    def __init__(self, folder: Path) -> None:
        self.servers, self.actions = [Upstream(), Upstream()], [Upstream(), Upstream()]
        front, inside, actions = cluster.free_ports(3)
        ports = tuple(one.port for one in self.servers), tuple(one.port for one in self.actions)
        self.plan = cluster.Plan(front, inside, actions, *ports)
        program = services.nginx()
        self.configuration = cluster.write_configuration(program, self.plan, folder)
        self.log = folder.with_suffix(".log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [program, *cluster.arguments(self.configuration), "-g", "daemon off;"], stderr=log
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.ask(front, "/health")
                break
            time.sleep(0.05)
        for one in self.servers:
            one.seen.clear()

    def ask(self, port: int, path: str, body: bytes | None = None, host: str = "localhost:5005") -> tuple[int, str]:
        """Status and text."""
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        for one in [*self.servers, *self.actions]:
            with contextlib.suppress(OSError):
                one.close()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    made = Proxy(tmp_path / "cluster")
    yield made
    made.stop()


def test_people_reach_the_chat_and_nothing_of_rasas_own(proxy: Proxy) -> None:
    front = proxy.plan.front
    for path in (
        "/chat/",
        "/chat/bondgenoot.js",
        "/chat/files/x/y.ics",
        "/unsubscribe?a=1",
        "/webhooks/slack/webhook",
        "/health",
    ):
        assert proxy.ask(front, path)[0] == 200, path
    for path in ("/conversations/anna/tracker", "/model", "/status", "/webhooks/rest/webhook", "/domain", "/version"):
        assert proxy.ask(front, path)[0] == 404, path
    assert proxy.ask(front, "/webhooks/rest/webhook", b"{}")[0] == 404
    seen = [path for one in proxy.servers for _, path, _ in one.seen]
    assert len(seen) == 6 and not any("conversations" in path or "rest" in path for path in seen)
    # With its port, or the chat takes its own page for another site's.
    assert {host for one in proxy.servers for *_, host in one.seen} == {"localhost:5005"}


def test_a_message_goes_to_the_other_server_when_one_cannot_be_reached(proxy: Proxy) -> None:
    proxy.servers[0].close()
    for _ in range(6):
        answer = proxy.ask(proxy.plan.inside, "/webhooks/rest/webhook", b"{}")
        assert answer == (200, str(proxy.servers[1].port))
    assert len(proxy.servers[1].seen) == 6


def test_a_message_that_a_server_may_have_begun_is_not_sent_to_the_other(proxy: Proxy) -> None:
    for one in proxy.servers:
        one.hangs_up = True
    for door in (proxy.plan.front, proxy.plan.inside):
        assert proxy.ask(door, "/webhooks/slack/webhook", b"{}")[0] == 502
    assert sum(len(one.seen) for one in proxy.servers) == 2


def test_an_action_is_run_by_the_other_when_one_dies_in_the_middle(proxy: Proxy) -> None:
    proxy.actions[0].hangs_up = True
    for _ in range(2):
        answer = proxy.ask(proxy.plan.actions, "/webhook", b"{}" * 300_000)
        assert answer == (200, str(proxy.actions[1].port))
    assert proxy.actions[0].seen and len(proxy.actions[1].seen) == 2
    proxy.actions[0].close()
    assert proxy.ask(proxy.plan.actions, "/webhook", b"{}") == (200, str(proxy.actions[1].port))
    assert not any(one.seen for one in proxy.servers)


def test_it_runs_from_a_folder_of_its_own_on_loopback_and_writes_nothing_down(proxy: Proxy) -> None:
    folder = proxy.configuration.parent
    assert folder.stat().st_mode & 0o077 == 0
    for one in proxy.servers:
        one.hangs_up = True
    assert proxy.ask(proxy.plan.front, "/chat/files/a-secret-address/x.ics")[0] == 502
    assert proxy.ask(proxy.plan.inside, "/conversations/anna/trigger_intent?token=a-secret-address", b"{}")[0] == 502
    assert "a-secret-address" not in proxy.log.read_text()
    proxy.ask(proxy.plan.actions, "/webhook", b"what somebody wrote" * 100_000)
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in left} == {"nginx.conf", "nginx.pid"}
    listening = proxy.configuration.read_text(encoding="utf-8").split("listen ")[1:]
    assert [line.startswith("127.0.0.1:") for line in listening] == [True] * 3
