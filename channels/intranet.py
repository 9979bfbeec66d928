"""The intranet channel: socket.io for the chat widget. The contract is docs/decisions/0009-the-intranet-channel.md."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio.exceptions import ConnectionRefusedError as Refused

from bondgenoot import channel_settings, keys, settings, texts, tokens
from bondgenoot.clock import Clock
from bondgenoot.store import addresses
from bondgenoot.store.database import connect
from bondgenoot.store.schema import Cipher
from channels import history, linking, pages
from channels.connections import Connection, Connections
from channels.exchange import Exchange, NotReadyError
from channels.local import LONGEST_MESSAGE, clean, has_local_host, has_own_origin, is_local_address
from channels.turn import OnNewMessage, RecentTurns, log_without_words
from channels.visitors import COOKIE, COOKIE_SECONDS, RateLimit, Visitors
from channels.windows import SocketBlueprint, Windows, as_unread, socket_server

PATH = "/chat"
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
REQUESTS_PER_MINUTE = 240

Answer = dict[str, Any]
Handler = Callable[[Any, str, Connection, Any], Awaitable[Answer]]


class LatestOutput(CollectingOutputChannel):
    """Where a follow-up speaks: it is stored like all else, and the person's open windows are told once it is."""

    def __init__(self, channel: IntranetInput) -> None:
        """`channel` tells the windows."""
        super().__init__()
        self._channel = channel

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return IntranetInput.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect it; nobody needs to be connected."""
        await super().send_response(recipient_id, message)
        self._channel.announce(recipient_id)


class IntranetInput(InputChannel):
    """Events, routes, and who may use them."""

    def __init__(self) -> None:
        """Refuse to start without a key that tells who people are, except on this machine alone."""
        self._settings = settings.load()
        self._verifier = tokens.verifier(self._settings)
        self._is_demo = keys.token_key() is None
        self._secret = keys.session_key(self._settings.home)
        self._visitors = Visitors(self._secret)
        self._engine = connect(self._settings.database_url)
        self._clock = Clock.from_settings(self._settings)
        self._exchange = Exchange(self.name(), texts.say("not_kept")[0])
        self._connections = Connections(self._expire)
        self._turns = RecentTurns()
        self._messages = RateLimit()
        self._requests = RateLimit(limit=REQUESTS_PER_MINUTE)
        self._announcing: dict[str, asyncio.Task[None]] = {}
        self._app: Sanic | None = None
        self._sio = socket_server(self._settings.redis_url, self._is_welcome_origin)
        self._windows = Windows(self._sio, self._engine)

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it, and the input channel in the conversation log."""
        return "intranet"

    def url_prefix(self) -> str:
        """At the root, not under /webhooks/."""
        return PATH

    def get_output_channel(self) -> OutputChannel:
        """For what the assistant says by itself."""
        return LatestOutput(self)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """All routes and events."""
        chat = SocketBlueprint(self._sio, "bondgenoot_chat")
        self._sio.on("connect", self._connect)
        self._sio.on("disconnect", self._disconnect)
        for event, handler in {
            "session_request": self._session_request,
            "user_uttered": self._user_uttered,
            "history": self._history,
            "read": self._read,
            "token": self._token,
        }.items():
            self._sio.on(event, self._answering(handler))
        self._add_routes(chat)
        return chat

    def announce(self, conversation: str) -> None:
        """Tell the person's windows what the assistant said by itself, as soon as that is stored."""
        if conversation not in self._announcing:
            task = asyncio.get_running_loop().create_task(self._announce(conversation))
            self._announcing[conversation] = task
            task.add_done_callback(lambda _done: self._announcing.pop(conversation, None))

    # ---- Who is there

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        # With demo identities everybody is let in, so a name that was rebound to this machine may not come.
        if self._is_demo and not is_local_address(environ.get("HTTP_HOST", "")):
            raise Refused("token_invalid")
        try:
            identity = self._verifier.verify(auth.get("token") if isinstance(auth, dict) else None)
        except tokens.TokenError as error:
            raise Refused(error.code) from None
        if self._agent() is None:
            raise Refused("not_ready")
        conversation = tokens.conversation_id(identity, self._secret)
        if not self._connections.admits(conversation):
            raise Refused("too_many_connections")
        self._connections.add(sid, conversation, identity.expires, identity.email)
        await self._sio.enter_room(sid, conversation)

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        self._connections.remove(sid)

    async def _expire(self, sid: str) -> None:
        await self._windows.emit("closing", {"reason": "token_expired"}, sid)
        await self._sio.disconnect(sid)

    async def _token(self, _agent: Any, sid: str, connection: Connection, data: Any) -> Answer:
        try:
            identity = self._verifier.verify(data.get("token") if isinstance(data, dict) else None)
        except tokens.TokenError as error:
            return refusal(error.code)
        if tokens.conversation_id(identity, self._secret) != connection.conversation:
            return refusal("token_invalid")
        self._connections.renew(sid, identity.expires)
        return {"ok": True, "expires_in": int(self._connections.seconds_left(sid))}

    # ---- What they ask

    def _answering(self, handler: Handler) -> Callable[..., Awaitable[Answer]]:
        async def on_event(sid: str, *arguments: Any) -> Answer:
            connection = self._connections.find(sid)
            if connection is None or not self._connections.seconds_left(sid):
                return refusal("token_expired")
            if wait := self._requests.wait(connection.conversation):
                return refusal("too_many", wait)
            agent = self._agent()
            if agent is None:
                return refusal("not_ready")
            try:
                return await handler(agent, sid, connection, arguments[0] if arguments else None)
            except Exception as error:
                log_without_words("An event of the chat failed", error)
                return refusal("failed")

        return on_event

    async def _session_request(self, agent: Any, sid: str, connection: Connection, _data: Any) -> Answer:
        conversation = connection.conversation
        try:
            so_far, is_new = await self._exchange.welcome(agent, conversation)
        except Exception as error:
            if not isinstance(error, NotReadyError):
                log_without_words("A welcome could not be said", error)
            await self._windows.emit("notice", {"code": "not_ready"}, sid)
            return refusal("not_ready")
        await self._offer_address(connection)
        await self._windows.emit("session_confirm", conversation, sid)
        if is_new:
            await self._windows.tell(conversation, so_far, 0)
        return {"ok": True}

    async def _offer_address(self, connection: Connection) -> None:
        """Where mails are switched on: keep the address for a day, so that the person can say yes to it."""
        if self._settings.email is None or not connection.email:
            return
        cipher, now = Cipher(keys.data_key(self._settings.home)), Clock.from_settings(self._settings).now()

        def work() -> None:
            with self._engine.begin() as opened:
                addresses.offer(opened, cipher, connection.conversation, connection.email, now)

        try:
            await asyncio.get_running_loop().run_in_executor(None, work)
        except sa.exc.SQLAlchemyError as error:
            # The chat goes on without; the next window offers it again.
            log_without_words("An address could not be kept", error)

    async def _user_uttered(self, agent: Any, sid: str, connection: Connection, data: Any) -> Answer:
        code, text, message_id = parse(data)
        if code:
            return refusal(code)
        key = (connection.conversation, message_id)
        turn = self._turns.find(key)
        if turn is None:
            if wait := self._messages.wait(connection.conversation):
                return refusal("too_many", wait)
            turn = self._turns.start(key, self._turn(agent, sid, connection.conversation, text, message_id))
        # Also when this window goes, the turn is finished and stored.
        return await asyncio.shield(turn)

    async def _turn(self, agent: Any, sid: str, conversation: str, text: str, message_id: str) -> Answer:
        if said := await self._link(conversation, text):
            # A code is shown here and kept nowhere: not in the conversation, not in other windows.
            so_far = await self._exchange.read(agent, conversation)
            for message in history.said([{"text": bubble} for bubble in said]):
                await self._windows.emit("bot_uttered", history.as_bot_uttered(message, so_far.log), sid)
            return {"ok": True, "log": so_far.log, "cursor": len(so_far.messages), "n": None}
        await self._windows.emit("typing", {"on": True}, conversation)
        outcome = await self._exchange.turn(agent, conversation, text, message_id)
        await self._windows.emit("typing", {"on": False}, conversation)
        await self._windows.tell_outcome(sid, conversation, outcome)
        place = outcome.history.place_of(message_id)
        numbers = {"log": outcome.history.log, "cursor": len(outcome.history.messages), "n": place}
        return {"ok": True, **numbers} if outcome.is_answered else {**refusal("failed"), **numbers}

    async def _link(self, conversation: str, text: str) -> tuple[str, ...] | None:
        """What to say to somebody who links or unlinks a messaging channel; None when that is not what they do."""
        if not channel_settings.load(self._settings.public_url):
            return None

        def work() -> tuple[str, ...] | None:
            with self._engine.begin() as connection:
                return linking.answer_in_widget(connection, self._secret, conversation, text, self._clock.now())

        return await asyncio.get_running_loop().run_in_executor(None, work)

    async def _history(self, agent: Any, _sid: str, connection: Connection, data: Any) -> Answer:
        after, log = (data.get("after", 0), data.get("log") or "") if isinstance(data, dict) else (0, "")
        if not is_count(after) or not isinstance(log, str):
            return refusal("bad_request")
        so_far = await self._exchange.read(agent, connection.conversation)
        return {"ok": True, **so_far.after(after, log), **await self._windows.counts(connection.conversation, so_far)}

    async def _read(self, agent: Any, sid: str, connection: Connection, data: Any) -> Answer:
        cursor = data.get("cursor") if isinstance(data, dict) else None
        if not is_count(cursor):
            return refusal("bad_request")
        so_far = await self._exchange.read(agent, connection.conversation)
        counts = await self._windows.counts(connection.conversation, so_far, min(cursor, len(so_far.messages)))
        await self._windows.emit("unread", as_unread(counts), connection.conversation, skip=sid)
        return {"ok": True, **counts}

    # ---- What they are told

    async def _announce(self, conversation: str) -> None:
        try:
            agent = self._agent()
            if agent is not None:
                so_far = await self._exchange.read_after_turn(agent, conversation)
                await self._windows.tell(conversation, so_far, so_far.trigger)
        except Exception as error:
            # It is stored, and shown when the person comes back.
            log_without_words("Open windows were not told what the assistant said", error)

    # ---- Routes

    def _add_routes(self, chat: Blueprint) -> None:
        defaults = pages.headers(self._settings.origins)

        async def secure(request: Request, answer: HTTPResponse) -> None:
            if request.path == PATH or request.path.startswith(f"{PATH}/"):
                for name, value in defaults.items():
                    answer.headers.setdefault(name, value)

        @chat.listener("before_server_start")
        async def remember_app(app: Sanic, _loop: Any) -> None:
            self._app = app
            # Also for what is said in these conversations on other channels.
            app.ctx.windows = self._windows
            # On the app: Rasa owns '/', and a blueprint's own middleware misses the 404s under its prefix.
            app.register_middleware(redirect_root, "request")
            app.register_middleware(secure, "response")  # type: ignore[arg-type]

        @chat.listener("before_server_stop")
        async def say_goodbye(_app: Sanic, _loop: Any) -> None:
            for sid in self._connections:
                await self._windows.emit("closing", {"reason": "shutdown"}, sid)
            await self._sio.shutdown()
            for task in asyncio.all_tasks():
                # Those of closed windows sleep on for 25 s, and complain when the server ends before.
                if getattr(task.get_coro(), "__qualname__", "") == "AsyncSocket._send_ping":
                    task.cancel()

        @chat.exception(Exception)
        async def apologise(request: Request, error: Exception) -> HTTPResponse:
            if not isinstance(error, SanicException):
                log_without_words("A request of the chat failed", error)
            status = getattr(error, "status_code", 500)
            return response.json({"error": "not_found" if status == 404 else "failed"}, status=status)

        @chat.get("/bondgenoot.js")
        async def widget(request: Request) -> HTTPResponse:
            return pages.widget(request)

        @chat.get("/")
        async def demo(request: Request) -> HTTPResponse:
            return self._demo_file(request, "index.html")

        @chat.get("/<name:str>")
        async def demo_file(request: Request, name: str) -> HTTPResponse:
            # Sanic also brings '/chat/' here, with an empty name.
            return self._demo_file(request, name or "index.html")

        @chat.post("/demo-token")
        async def demo_token(request: Request) -> HTTPResponse:
            # No page of another site can send this header without asking first, and it gets no permission.
            is_own = request.headers.get("x-requested-with") == "bondgenoot" and has_own_origin(request)
            if not self._is_demo:
                return response.json({"error": "not_found"}, status=404)
            if not has_local_host(request) or not is_own:
                return response.json({"error": "not_own_page"}, status=403)
            known = self._visitors.recognise(request.cookies.get(COOKIE))
            visitor = known or self._visitors.new()
            answer = response.json(
                {"token": tokens.demo_token(self._verifier, visitor), "expires_in": tokens.DEMO_SECONDS}
            )
            if known is None:
                answer.cookies[COOKIE] = self._visitors.cookie(visitor)
                # Strict: not sent when another site links here, so that only the page's own request sets it.
                answer.cookies[COOKIE].update(
                    {"httponly": True, "samesite": "Strict", "path": PATH, "max-age": COOKIE_SECONDS}
                )
            return answer

    def _demo_file(self, request: Request, name: str) -> HTTPResponse:
        if not self._is_demo:
            return response.text(pages.NO_DEMO, status=404)
        if not has_local_host(request):
            return response.json({"error": "not_local"}, status=403)
        return pages.demo_file(name) or response.json({"error": "not_found"}, status=404)

    def _agent(self) -> Any:
        """Rasa's agent, or None while no model is loaded."""
        agent = getattr(self._app.ctx, "agent", None) if self._app else None
        return agent if agent is not None and agent.is_ready() else None

    def _is_welcome_origin(self, origin: str | None, environ: dict[str, Any]) -> bool:
        if origin is None:
            return False  # No page: engineio asks this only to set headers then.
        return origin in self._settings.origins or origin.partition("://")[2] == environ.get("HTTP_HOST", "")


def parse(data: Any) -> tuple[str, str, str]:
    """What a client wrote: the code of what is wrong with it, or '', the text and the message's id."""
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        return "bad_request", "", ""
    # Stock widgets give no id.
    message_id = data.get("id") or str(uuid.uuid4())
    if not isinstance(message_id, str) or not CLIENT_ID.fullmatch(message_id):
        return "bad_request", "", ""
    text = clean(data["message"]).strip()
    if not text:
        return "empty", "", ""
    return ("too_long", "", "") if len(text) > LONGEST_MESSAGE else ("", text, message_id)


def refusal(code: str, wait: float = 0) -> Answer:
    """An answer that the widget has a sentence for."""
    return {"ok": False, "error": code, **({"retry_after": round(wait + 0.05, 1)} if wait else {})}


def is_count(value: Any) -> bool:
    """Whether it is a number of messages."""
    return type(value) is int and 0 <= value < 10**9


async def redirect_root(request: Request) -> HTTPResponse | None:
    """'/' is Rasa's 'Hello'; a person who opens it means the page."""
    return response.redirect(f"{PATH}/") if request.path == "/" and request.method in ("GET", "HEAD") else None
