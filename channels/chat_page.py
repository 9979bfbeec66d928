"""The local chat page, http://localhost:5005/chat/: one visitor, one conversation, read from the tracker."""

from __future__ import annotations

import asyncio
import html
import json
import re
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import keys
from channels import history
from channels.local import LARGEST_BODY, LONGEST_MESSAGE, clean, has_local_host, has_own_origin, require_local
from channels.turn import OnNewMessage, RecentTurns, log_without_words, take_turn
from channels.visitors import COOKIE, COOKIE_SECONDS, RateLimit, Visitors

PAGE = Path(__file__).parent / "page"
STATIC = {
    "chat.css": "text/css; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class ChatPageInput(InputChannel):
    """The page, its files, and the three requests it makes."""

    def __init__(self) -> None:
        """Refuse to start on a network address: there is no sign-in here."""
        loaded = require_local(self.name())
        self._visitors = Visitors(keys.session_key(loaded.home))
        self._rate = RateLimit()
        self._turns = RecentTurns()
        self._texts: dict[str, str] = json.loads((PAGE / "texts.nl.json").read_text(encoding="utf-8"))

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it, and the input channel in the tracker."""
        return "chat"

    def url_prefix(self) -> str:
        """At the root, not under /webhooks/."""
        return "/chat"

    def get_output_channel(self) -> OutputChannel:
        """A collector: what a follow-up says is kept in the tracker, where the page finds it."""
        return CollectingOutputChannel()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """All routes."""
        chat = Blueprint("bondgenoot_chat")
        page = fill_in((PAGE / "page.html").read_text(encoding="utf-8"), self._texts)
        files = {name: (PAGE / name).read_bytes() for name in STATIC}

        @chat.listener("before_server_start")
        async def add_middleware(app: Sanic, _loop: Any) -> None:
            # On the app: Rasa owns '/', and a blueprint's own middleware misses the 404s under its prefix.
            app.register_middleware(redirect_root, "request")
            app.register_middleware(secure, "response")  # type: ignore[arg-type]

        @chat.middleware("request")
        async def at_the_door(request: Request) -> HTTPResponse | None:
            if not has_local_host(request):
                return refuse(403, "not_local")
            # No page of another site can send this header without asking first, and it gets no permission.
            is_own = request.headers.get("x-requested-with") == "bondgenoot" and has_own_origin(request)
            return refuse(403, "not_own_page") if request.method == "POST" and not is_own else None

        @chat.exception(Exception)
        async def apologise(request: Request, error: Exception) -> HTTPResponse:
            if not isinstance(error, SanicException):
                log_without_words("A request of the chat page failed", error)
            return refuse(getattr(error, "status_code", 500), "failed")

        @chat.get("/")
        async def show(request: Request) -> HTTPResponse:
            return response.html(page)

        @chat.get("/static/<name:str>")
        async def static(request: Request, name: str) -> HTTPResponse:
            if name not in files:
                return refuse(404, "not_found")
            return response.raw(files[name], content_type=STATIC[name])

        @chat.post("/open", stream=True)
        async def open_conversation(request: Request) -> HTTPResponse:
            visitor, agent = self._visitor(request), agent_of(request)
            if agent is None:
                return self._answer(request, visitor, {"error": "not_ready"}, 503)
            await bounded_body(request)
            conversation = self._visitors.conversation_id(visitor)
            so_far = await self._history(agent, conversation)
            if not so_far.messages:
                await welcome(agent, conversation)
                so_far = await self._history(agent, conversation)
            if not so_far.messages:
                return self._answer(request, visitor, {"error": "not_ready"}, 503)
            return self._answer(request, visitor, so_far.after(0))

        @chat.get("/messages")
        async def messages(request: Request) -> HTTPResponse:
            visitor, agent = self._visitor(request), agent_of(request)
            if agent is None:
                return self._answer(request, visitor, {"error": "not_ready"}, 503)
            after = request.args.get("after", "0")
            if not (after.isascii() and after.isdigit()) or len(after) > 9:
                return self._answer(request, visitor, {"error": "bad_request"}, 400)
            so_far = await self._history(agent, self._visitors.conversation_id(visitor))
            return self._answer(request, visitor, so_far.after(int(after), request.args.get("log", "")))

        @chat.post("/messages", stream=True)
        async def send(request: Request) -> HTTPResponse:
            visitor, agent = self._visitor(request), agent_of(request)
            refused, data = parse(await bounded_body(request))
            if refused:
                return self._answer(request, visitor, {"error": refused[1]}, refused[0])
            if agent is None:
                return self._answer(request, visitor, {"error": "not_ready"}, 503)
            conversation = self._visitors.conversation_id(visitor)
            key = (conversation, data["id"])
            turn = self._turns.find(key)
            if turn is None:
                if not self._rate.allows(visitor):
                    return self._answer(request, visitor, {"error": "too_many"}, 429)
                turn = self._turns.start(key, self._turn(agent, on_new_message, conversation, data))
            return self._answer(request, visitor, await asyncio.shield(turn))

        return chat

    async def _turn(
        self, agent: Any, on_new_message: OnNewMessage, conversation: str, data: dict[str, Any]
    ) -> dict[str, Any]:
        channel = CollectingOutputChannel()
        answered = await take_turn(
            on_new_message,
            UserMessage(data["text"], channel, conversation, input_channel=self.name(), message_id=data["id"]),
        )
        try:
            so_far = await self._history(agent, conversation)
        except Exception as error:
            # What was said is stored, or was not said: the page asks for it again in a few seconds.
            log_without_words("A conversation could not be read", error)
            return {"messages": [], "cursor": data["after"] or 0, "log": data["log"], "failed": True}
        after = so_far.place_of(data["id"]) if data["after"] is None else data["after"]
        answer = so_far.after(after, data["log"])
        if not answered:
            answer["messages"] += history.said(channel.messages)
            answer["failed"] = True
        return answer

    async def _history(self, agent: Any, conversation: str) -> history.History:
        tracker = await agent.tracker_store.retrieve_full_tracker(conversation)
        return history.read(tracker, self._texts["not_kept"])

    def _visitor(self, request: Request) -> str:
        return self._visitors.recognise(request.cookies.get(COOKIE)) or self._visitors.new()

    def _answer(self, request: Request, visitor: str, body: dict[str, Any], status: int = 200) -> HTTPResponse:
        answer = response.json(body, status=status)
        if self._visitors.recognise(request.cookies.get(COOKIE)) is None:
            answer.cookies[COOKIE] = self._visitors.cookie(visitor)
            # Strict: not sent when another site links here. So the page itself never sets it, only its own
            # requests do; otherwise following a link would replace the visitor and lose the conversation.
            answer.cookies[COOKIE].update(
                {"httponly": True, "samesite": "Strict", "path": "/chat", "max-age": COOKIE_SECONDS}
            )
        return answer


async def welcome(agent: Any, conversation: str) -> None:
    """Start a new conversation, and keep it only when the welcome was said, so that it can be said later."""
    async with agent.lock_store.lock(conversation):
        channel = CollectingOutputChannel()
        tracker = await agent.processor.fetch_tracker_with_initial_session(conversation, channel)
        # Silence: another request was first, or the action server is not there yet.
        if channel.messages:
            await agent.tracker_store.save(tracker)


def parse(body: bytes | None) -> tuple[tuple[int, str] | None, dict[str, Any]]:
    """What the page sent, or status and code of what is wrong with it; the page says it in Dutch."""
    bad = (400, "bad_request")
    if body is None:
        return (413, "too_long"), {}
    try:
        data = json.loads(body)
    except ValueError:
        return bad, {}
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return bad, {}
    if not isinstance(data.get("id"), str) or not CLIENT_ID.fullmatch(data["id"]):
        return bad, {}
    after, log = data.get("after"), data.get("log", "")
    if not (after is None or (type(after) is int and 0 <= after < 10**9)) or not isinstance(log, str):
        return bad, {}
    text = clean(data["text"]).strip()
    if not text:
        return (400, "empty"), {}
    if len(text) > LONGEST_MESSAGE:
        return (400, "too_long"), {}
    return None, {"text": text, "id": data["id"], "after": after, "log": log}


async def bounded_body(request: Request) -> bytes | None:
    """The body, or None as soon as it proves too large; Rasa itself would read up to 100 MB first."""
    body = b""
    if request.stream is None or not request.stream.request_body:
        return body
    async for chunk in request.stream:
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def agent_of(request: Request) -> Any:
    """Rasa's agent, or None while no model is loaded."""
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def refuse(status: int, code: str) -> HTTPResponse:
    """An error that the page has a sentence for."""
    return response.json({"error": code}, status=status)


def fill_in(page: str, texts: dict[str, str]) -> str:
    """The page with its texts; the script gets them as data."""
    # A text must not be able to close the script element that carries it.
    data = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
    page = re.sub(r"{{(\w+)}}", lambda match: html.escape(texts[match[1]]), page)
    return page.replace("[[texts]]", data)


async def redirect_root(request: Request) -> HTTPResponse | None:
    """'/' is Rasa's 'Hello'; a person who opens it means the page."""
    return response.redirect("/chat/") if request.path == "/" and request.method in ("GET", "HEAD") else None


async def secure(request: Request, answer: HTTPResponse) -> None:
    """Security headers on everything under /chat, errors included."""
    if request.path == "/chat" or request.path.startswith("/chat/"):
        answer.headers.update(HEADERS)
