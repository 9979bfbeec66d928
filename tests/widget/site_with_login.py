"""An intranet with its own login, and on another address the real channel with a scripted agent."""

from __future__ import annotations

import asyncio
import http.server
import json
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import jwt
from chat_window import ISSUER, SECRET
from playwright.sync_api import BrowserContext, Locator, Page
from rasa.core import channels as rasa_channels
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.server import create_app
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic
from services import free_port

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "channels"))

from scripted import ScriptedAgent, ScriptedProcessor, follow_up  # noqa: E402

from channels.health import HealthInput  # noqa: E402
from channels.intranet import IntranetInput  # noqa: E402

CHAT = "bondgenoot-chat"
MENU = [
    {"title": "Een dilemma bekijken", "payload": "/start_dilemma"},
    {"title": "De zelfscan", "payload": "/start_scan"},
]
WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));"""


class Processor(ScriptedProcessor):
    """Says what a test put under `replies`; everything else is answered with an echo."""

    def __init__(self, agent: ScriptedAgent) -> None:
        super().__init__(agent)
        self.replies: dict[str, list[dict[str, Any]]] = {}
        self.welcome: list[dict[str, Any]] = [
            {"text": "Hallo, ik ben Bondgenoot."},
            {"text": "Wat wil je doen?", "buttons": MENU},
        ]

    async def handle_message(self, message: UserMessage) -> None:
        self.agent.turns.append(message)
        tracker = await self.agent.tracker_store.get_or_create_tracker(message.sender_id)
        intent = {"name": "crisis" if message.text == "geheim" else "answer"}
        tracker.update(
            UserUttered(message.text, intent, input_channel=message.input_channel, message_id=message.message_id)
        )
        if message.text == "stuk":
            raise RuntimeError("cannot answer")
        if message.text == "traag":
            await asyncio.sleep(1)
        if message.text == "wis":
            tracker.update(SlotSet("erase_conversation", True))
        for reply in self.replies.get(message.text, [{"text": f"Antwoord op {message.text}"}]):
            await self.utter(tracker, message.output_channel, **reply)
        await self.agent.tracker_store.save(tracker)

    async def utter(self, tracker: Any, channel: Any, text: str, ui: Any = None, **data: Any) -> None:
        event = BotUttered(text, {"buttons": [], **data}, {"ui": ui} if ui else {})
        tracker.update(event)
        await channel.send_response(tracker.sender_id, event.message())

    async def say(self, tracker: Any, channel: Any, text: str, buttons: Any = None) -> None:
        for reply in self.welcome if text == "Welkom" else [{"text": text}]:
            await self.utter(tracker, channel, **reply)


class Chat:
    """A window of somebody, as they see it. Watches what must never happen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.hosts.add(_host(request.url)))
        page.on("websocket", lambda opened: self.hosts.add(_host(opened.url)))
        page.add_init_script(WATCH)

    def visit(self) -> Chat:
        self.page.goto(self.url)
        self.launcher.wait_for(state="attached")
        return self

    def open(self) -> Chat:
        self.launcher.click()
        self.input.wait_for()
        return self

    def write(self, text: str) -> None:
        self.input.focus()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def wait_for(self, text: str) -> Locator:
        """The bubble that says it, once it is there."""
        found = self.page.locator(f"{CHAT} .bubble", has_text=text).last
        found.wait_for()
        return found

    def texts(self) -> list[str]:
        """What stands in the log, from top to bottom, without who says it."""
        return [
            " ".join(bubble.locator("p").all_inner_texts()) for bubble in self.page.locator(f"{CHAT} .bubble").all()
        ]

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def launcher(self) -> Locator:
        return self.page.locator(f"{CHAT} .launcher")

    @property
    def input(self) -> Locator:
        return self.page.locator(f"{CHAT} textarea")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def notice(self) -> Locator:
        return self.page.locator(f"{CHAT} .notice")

    def focused(self) -> str:
        """The accessible name, or the tag, of what has the focus."""
        return self.page.evaluate(
            """() => { let element = document.activeElement;
            while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            return element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent.trim().slice(0, 60); }"""
        )

    def check(self) -> None:
        """Nothing was blocked, nothing broke, nobody else was asked for anything."""
        assert not self.errors
        if self.page.url.startswith("http"):
            assert self.page.evaluate("window.violations") == []
        assert self.hosts <= {"127.0.0.1"}, self.hosts


def _host(url: str) -> str:
    return url.split("/")[2].split(":")[0] if "://" in url else ""


class Site:
    """Both servers. The channel can be stopped and started again; what was said stays."""

    def __init__(self) -> None:
        self.port, self.host_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.host_port}"
        self.agent = ScriptedAgent()
        self.dialogue = Processor(self.agent)
        self.agent.processor = self.dialogue
        self.attributes = ""
        # The tag as a guide shows it, instead of one with `attributes`.
        self.tag = ""
        self.signed_in = True
        # What the login makes of its claims; a test may have it make something else.
        self.sign: Callable[[dict[str, Any]], str] = lambda claims: jwt.encode(claims, SECRET, "HS256")
        self.tokens_given = 0
        # The address of another token endpoint, which this site passes requests on to after its own login.
        self.token_endpoint = ""
        self.token_seconds = 600
        self._loop: asyncio.AbstractEventLoop | None = None
        os.environ["BONDGENOOT_ORIGINS"] = self.url
        self._host = http.server.ThreadingHTTPServer(("127.0.0.1", self.host_port), self._handler())
        threading.Thread(target=self._host.serve_forever, args=(0.05,), daemon=True).start()

    def start(self) -> None:
        """Serve; returns when people can connect."""
        ready: Future[None] = Future()

        def run() -> None:
            try:
                self._loop = asyncio.new_event_loop()
                asyncio.set_event_loop(self._loop)
                self._loop.run_until_complete(self._serve())
            except BaseException as error:
                ready.set_exception(error)
                return
            ready.set_result(None)
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.result(30)

    async def _serve(self) -> None:
        Sanic.test_mode = True
        # Locks belong to an event loop.
        self.agent.lock_store = InMemoryLockStore()
        app = create_app(agent=self.agent, cors_origins=None, auth_token="token")
        rasa_channels.channel.register([IntranetInput(), HealthInput()], app, route="/webhooks/")
        listening = socket.create_server(("127.0.0.1", self.port))
        self._server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()

    def stop(self) -> None:
        """End all connections, as a restart does."""
        if not self._loop:
            return

        async def end() -> None:
            await self._server.before_stop()
            self._server.close()
            await self._server.wait_closed()
            for connection in list(self._server.connections):
                connection.abort() if hasattr(connection, "abort") else connection.close()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop = None

    def close(self) -> None:
        self.stop()
        self._host.shutdown()
        self._host.server_close()
        os.environ.pop("BONDGENOOT_ORIGINS", None)

    def follow_up(self, conversation: str) -> None:
        """The assistant comes back on a promise."""
        assert self._loop
        told = follow_up(f"http://127.0.0.1:{self.port}", conversation)
        asyncio.run_coroutine_threadsafe(told, self._loop).result(20)

    def conversations(self) -> list[str]:
        assert self._loop
        return asyncio.run_coroutine_threadsafe(self.agent.conversations(), self._loop).result(10)

    def said_by_people(self) -> list[str]:
        return [message.text for message in self.agent.turns]

    def chat(self, context: BrowserContext, person: str = "anna") -> Chat:
        """A window of somebody who is signed in on the intranet."""
        context.add_cookies([{"name": "person", "value": person, "url": self.url}])
        return Chat(context.new_page(), self.url)

    def _handler(site) -> type[http.server.BaseHTTPRequestHandler]:  # noqa: N805
        class Intranet(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                channel = f"http://127.0.0.1:{site.port}"
                policy = (
                    f"default-src 'none'; script-src {channel}; style-src 'self'; img-src {channel}; base-uri 'none'; "
                    f"connect-src 'self' {channel} {channel.replace('http', 'ws')}; require-trusted-types-for 'script'"
                )
                tag = site.tag or TAG.format(attributes=site.attributes)
                page = PAGE.format(tag=tag.replace("https://chat.example", channel))
                self.answer(200 if self.path in ("/", "/ander") else 404, page, "text/html", policy)

            def do_POST(self) -> None:
                who = (self.headers.get("Cookie") or "").partition("person=")[2]
                if site.token_endpoint:
                    return self.pass_on(who)
                if not site.signed_in or not who or self.headers.get("X-Requested-With") != "bondgenoot":
                    return self.answer(401, "{}", "application/json")
                now = int(time.time())
                claims = {"iss": ISSUER, "aud": "bondgenoot", "sub": who, "iat": now, "exp": now + site.token_seconds}
                site.tokens_given += 1
                self.answer(200, json.dumps({"token": site.sign(claims)}), "application/json")

            def pass_on(self, who: str) -> None:
                headers = {**self.headers, "X-Forwarded-User": who}
                request = urllib.request.Request(site.token_endpoint + self.path, b"", headers, method=self.command)
                try:
                    with urllib.request.urlopen(request) as answer:
                        self.answer(answer.status, answer.read().decode(), answer.headers.get_content_type())
                except urllib.error.HTTPError as refusal:
                    self.answer(refusal.code, refusal.read().decode(), refusal.headers.get_content_type())

            def answer(self, status: int, body: str, kind: str, policy: str = "") -> None:
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        return Intranet


TAG = '<script src="https://chat.example/chat/bondgenoot.js" data-token-url="/api/chat-token" {attributes} defer></script>'
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Intranet</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{tag}</head>
<body><main><h1>Intranet</h1><p><a href="/ander">Een andere pagina</a></p></main></body></html>"""
