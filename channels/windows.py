"""The open windows of people: what they are told, on this server and, through Redis, on all others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sanic import Blueprint, Sanic
from socketio import AsyncManager, AsyncRedisManager, AsyncServer

from bondgenoot.store import read_cursors
from channels import history
from channels.exchange import Outcome
from channels.history import History
from channels.turn import log_without_words

SOCKET_PATH = "chat/socket.io"
# The longest message fits in it in every way to write JSON; the connection of who sends more is ended.
LARGEST_PACKET = 256 * 1024
# Seconds to hand a message to the windows; a Redis that does not answer must not hold a turn.
PATIENCE = 3


def socket_server(redis: str | None, is_welcome_origin: Callable[[str | None, dict[str, Any]], bool]) -> AsyncServer:
    """The socket.io server; those of several servers are one through Redis."""
    return AsyncServer(
        async_mode="sanic",
        client_manager=(
            AsyncRedisManager(redis, channel="bondgenoot-chat", redis_options={"socket_connect_timeout": PATIENCE})
            if redis
            else AsyncManager()
        ),
        # Long polling would need a load balancer that sends a person to the same server each time.
        transports=["websocket"],
        max_http_buffer_size=LARGEST_PACKET,
        cors_allowed_origins=is_welcome_origin,
    )


class SocketBlueprint(Blueprint):
    """A blueprint that brings its socket.io server with it; a route can only be added before sanic starts."""

    def __init__(self, sio: AsyncServer, name: str) -> None:
        super().__init__(name)
        self.ctx.sio = sio

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Sanic calls this once, with the app."""
        # What is larger is not even read.
        app.config.WEBSOCKET_MAX_SIZE = LARGEST_PACKET
        self.ctx.sio.attach(app, SOCKET_PATH)
        super().register(app, options)


class Windows:
    """Every window of a person is in the room of their conversation."""

    def __init__(self, sio: AsyncServer, engine: sa.engine.Engine) -> None:
        """`engine` holds how far people have read."""
        self._sio, self._engine = sio, engine

    async def tell_outcome(self, sid: str, conversation: str, outcome: Outcome) -> None:
        """Tell how a turn ended that was asked for in the window `sid`."""
        for message in outcome.unlogged:
            await self.emit("bot_uttered", history.as_bot_uttered(message, outcome.history.log), sid)
        if outcome.is_repeated:
            await self.tell(conversation, outcome.history, outcome.since, author=sid, to=sid)
        else:
            await self.tell(conversation, outcome.history, outcome.since, author=sid)

    async def tell(
        self, conversation: str, so_far: History, since: int, author: str | None = None, to: str | None = None
    ) -> None:
        """Tell the messages from number `since` on; what the person wrote not to `author`, where they wrote it."""
        for message in so_far.messages[since:]:
            if message["from"] == "bot":
                await self.emit("bot_uttered", history.as_bot_uttered(message, so_far.log), to or conversation)
            elif to is None:
                await self.emit("user_message", {**message, "log": so_far.log}, conversation, skip=author)
        if so_far.messages[since:]:
            try:
                counts = await self.counts(conversation, so_far)
            except sa.exc.SQLAlchemyError as error:
                log_without_words("What was read is not known", error)
                return
            await self.emit("unread", as_unread(counts), to or conversation)

    async def emit(self, event: str, data: Any, room: str, skip: str | None = None) -> None:
        """Send one event to a window or to all in a room. Never raises."""
        try:
            await asyncio.wait_for(self._sio.emit(event, data, to=room, skip_sid=skip), PATIENCE)
        except Exception as error:
            # Nothing depends on it: who misses a message finds it in the history.
            log_without_words("A window was not told", error)

    async def counts(self, conversation: str, so_far: History, cursor: int | None = None) -> dict[str, int]:
        """How much is read and unread, after reading up to `cursor` if that is given."""

        def work() -> int:
            with self._engine.begin() as connection:
                if cursor is None:
                    return read_cursors.find(connection, conversation, so_far.log)
                return read_cursors.advance(connection, conversation, so_far.log, cursor)

        try:
            read = await asyncio.get_running_loop().run_in_executor(None, work)
        except sa.exc.IntegrityError:
            # Another window said so at the same moment.
            read = await asyncio.get_running_loop().run_in_executor(None, work)
        return {"unread": so_far.unread(read), "read": read}


def as_unread(counts: dict[str, int]) -> dict[str, int]:
    """The event that tells how much is unread."""
    return {"count": counts["unread"], "read": counts["read"]}
