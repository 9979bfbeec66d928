"""The files of the channel: the widget's script, and a demo page that carries it."""

from __future__ import annotations

import hashlib

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.settings import ROOT

WIDGET = ROOT / "var" / "widget" / "bondgenoot.js"
DEMO = ROOT / "widget" / "demo"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
NOT_BUILT = "The widget is not built yet: run 'make start', or 'make widget' while developing."
NO_DEMO = "People sign in on their own page here; the widget is at /chat/bondgenoot.js. See docs/operators.md."


def headers(origins: tuple[str, ...]) -> dict[str, str]:
    """Security headers for everything under /chat; a page of `origins` may hold the demo page in a frame."""
    return {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
        f"frame-ancestors {' '.join(origins) or chr(39) + 'none' + chr(39)}",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def widget(request: Request) -> HTTPResponse:
    """The script for every page that carries the widget, on whatever host."""
    if not WIDGET.is_file():
        return response.text(NOT_BUILT, status=503)
    body = WIDGET.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Asked for again at each page, answered with 304: a new version is there at once.
    own = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return response.empty(status=304, headers=own)
    return response.raw(body, headers=own, content_type=TYPES[".js"])


def demo_file(name: str) -> HTTPResponse | None:
    """A file of the demo page, None if there is no such file."""
    path = DEMO / name
    if "/" in name or "\\" in name or name.startswith(".") or path.suffix not in TYPES or not path.is_file():
        return None
    return response.raw(path.read_bytes(), content_type=TYPES[path.suffix])
