"""A stand-in for the server: speaks the contract, says what a test tells it to, and counts what arrives.

For what the real channel does not do on command: refusing, dying in the middle of a turn, answering late.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import socketio
from aiohttp import web

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "var" / "widget" / "bondgenoot.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Test</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="/chat/bondgenoot.js" data-token-url="/token" defer></script></head>
<body><main><h1>Gastpagina</h1><p><a href="#x">Een link</a></p></main></body></html>"""


class Double:
    """One server on a loopback port, in a thread of its own; it can stop and come back with what it knew."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.person = "anna"
        self.token_seconds = 3600
        self.token_status = 200
        self.tokens = 0
        self.refuse: str | None = None
        self.welcome: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.log = "log-1"
        self.read = 0
        self.received: list[tuple[str, str]] = []
        self.renewed = 0
        self.answers: list[dict[str, Any]] = []
        self.reply: Callable[[str], list[dict[str, Any]]] = lambda text: [{"text": f"Antwoord op {text}"}]
        self.delay = 0.0
        self.die_before_ack = False
        self._loop: asyncio.AbstractEventLoop | None = None

    # ---- Run

    def start(self) -> None:
        ready = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._serve())
            ready.set()
            self._loop.run_forever()
            self._loop.run_until_complete(self._runner.cleanup())
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.05))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        if self._loop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def emit(self, event: str, payload: Any) -> None:
        """To everybody who is connected."""
        assert self._loop
        asyncio.run_coroutine_threadsafe(self.io.emit(event, payload), self._loop).result(5)

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """A follow-up: a message that nobody asked for."""
        message = self._add("bot", text, **more)
        self.emit("bot_uttered", message)
        return message

    def close(self, reason: str) -> None:
        """Tell why, then end all connections."""
        assert self._loop

        async def end() -> None:
            await self.io.emit("closing", {"reason": reason})
            for sid in list(self.sids):
                await self.io.disconnect(sid)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(5)

    def add(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        """Something that was said before."""
        return self._add(who, text, **more)

    # ---- Serve

    async def _serve(self) -> None:
        self.io = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*", transports=["websocket"])
        self.sids: set[str] = set()
        for name in ("connect", "disconnect", "session_request", "user_uttered", "history", "read", "token"):
            self.io.on(name, getattr(self, f"_{name}"))
        app = web.Application()
        app.router.add_get("/", lambda _: _answer(PAGE, "text/html"))
        app.router.add_post("/token", self._token_page)
        app.router.add_get("/chat/bondgenoot.js", lambda _: _answer(WIDGET.read_text(), "text/javascript"))
        app.router.add_get("/chat/files/kaart.svg", lambda _: _answer(PICTURE, "image/svg+xml"))
        self.io.attach(app, "chat/socket.io")
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def _token_page(self, request: web.Request) -> web.Response:
        self.tokens += 1
        if self.token_status != 200 or request.headers.get("X-Requested-With") != "bondgenoot":
            return web.Response(status=self.token_status if self.token_status != 200 else 403)
        now = datetime.datetime.now(datetime.timezone.utc)
        until = now + datetime.timedelta(seconds=self.token_seconds)
        token = jwt.encode({"sub": self.person, "iat": now, "exp": until}, "k" * 32, "HS256")
        return web.json_response({"token": token})

    async def _connect(self, sid: str, _environ: Any, _auth: Any = None) -> None:
        if self.refuse:
            raise socketio.exceptions.ConnectionRefusedError(self.refuse)
        self.sids.add(sid)

    async def _disconnect(self, sid: str, *_: Any) -> None:
        self.sids.discard(sid)

    async def _session_request(self, sid: str, _data: Any = None) -> None:
        await self.io.emit("session_confirm", "conversation", to=sid)
        if not self.messages:
            for message in self.welcome:
                await self.io.emit("bot_uttered", self._add("bot", **message), to=sid)

    async def _history(self, _sid: str, data: dict[str, Any]) -> dict[str, Any]:
        after, is_reset = data["after"], bool(data.get("log")) and data["log"] != self.log
        new = self.messages if is_reset else self.messages[after:]
        answer = {"messages": new, "cursor": len(self.messages), "log": self.log, "unread": 0, "read": self.read}
        return {**answer, "reset": True} if is_reset else answer

    async def _read(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        self.read = max(self.read, data["cursor"])
        await self.io.emit("unread", {"count": 0, "read": self.read}, skip_sid=sid)
        return {"ok": True, "unread": 0}

    async def _token(self, _sid: str, _data: dict[str, Any]) -> dict[str, Any]:
        self.renewed += 1
        return {"ok": True, "expires_in": 3600}

    async def _user_uttered(self, sid: str, data: dict[str, Any]) -> dict[str, Any]:
        self.received.append((data["id"], data["message"]))
        if self.answers:
            return self.answers.pop(0)
        if not any(message.get("id") == data["id"] for message in self.messages):
            await self.io.emit("user_message", self._add("user", data["message"], id=data["id"]), skip_sid=sid)
            await self.io.emit("typing", {"on": True})
            await asyncio.sleep(self.delay)
            for message in self.reply(data["message"]):
                await self.io.emit("bot_uttered", self._add("bot", **message))
            await self.io.emit("typing", {"on": False})
        if self.die_before_ack:
            self.die_before_ack = False
            await self.io.disconnect(sid)
        return {"ok": True}

    def _add(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        base = {"n": len(self.messages), "from": who, "text": text, "buttons": [], "image": None, "ui": None, "at": at}
        self.messages.append({**base, **more})
        return self.messages[-1]


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="#cde"/></svg>'


async def _answer(body: str, content_type: str) -> web.Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=body, content_type=content_type, charset="utf-8", headers=headers)


if __name__ == "__main__":
    import sys

    double = Double(int(sys.argv[1]))
    double.welcome = json.loads(sys.argv[2]) if len(sys.argv) > 2 else [{"text": "Hallo"}]
    double.start()
    double._thread.join()
