"""Stands between two processes and lets a test act at an exact moment of their conversation."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = {"content-type", "accept", "authorization"}


class Dropped(Exception):  # noqa: N818 - nothing went wrong
    """Raised by a hook: say nothing more on this connection."""


def _nothing(_body: bytes) -> None:
    return None


class Proxy(ThreadingHTTPServer):
    """Forwards POSTs to a port. `on_request` sees the body before the target does, `on_response` before the caller."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.on_request: Callable[[bytes], None] = _nothing
        self.on_response: Callable[[bytes], None] = _nothing
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def forget_hooks(self) -> None:
        self.on_request = self.on_response = _nothing

    def handle_error(self, *_: object) -> None:
        """The other side was killed; that is what this is for."""


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.server.on_request(body)
            connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=90)
            headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            answer = response.read()
            self.server.on_response(body)
        except (Dropped, OSError, http.client.HTTPException):
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(response.status)
        self.send_header("Content-Type", response.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""
