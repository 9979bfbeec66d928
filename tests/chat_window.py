"""A window with the chat, and the tokens that open it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import jwt
import socketio

# The client of python-socketio wants a newer aiohttp than Rasa allows; this is all that it needs of it.
if not hasattr(aiohttp, "ClientWSTimeout"):
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close

SECRET = "een-geheim-van-minstens-32-tekens-lang"
ISSUER = "https://login.example"


def token_for(subject: Any = "an", key: Any = SECRET, algorithm: str | None = "HS256", **claims: Any) -> str:
    """A token as an organisation's login makes it; a claim that is None is left out."""
    claims = {"iss": ISSUER, "aud": "bondgenoot", "sub": subject, "exp": int(time.time()) + 600, **claims}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=algorithm)


class Window:
    """A window with the widget: a real socket.io client that writes down what it is told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[tuple[str, Any]] = []
        self.refused: Any = None
        self.client = socketio.AsyncClient(reconnection=False)
        for event in ("session_confirm", "bot_uttered", "user_message", "typing", "unread", "notice", "closing"):
            self.client.on(event, self._hear(event))
        self.client.on("connect_error", self._refuse)

    def _hear(self, event: str) -> Any:
        async def hear(data: Any) -> None:
            self.heard.append((event, data))

        return hear

    async def _refuse(self, data: Any) -> None:
        self.refused = data["message"] if isinstance(data, dict) else data

    async def open(self, token: Any = None, auth: Any = ..., **kwargs: Any) -> Window:
        await self.client.connect(
            self.url,
            socketio_path="chat/socket.io",
            transports=["websocket"],
            auth={"token": token_for() if token is None else token} if auth is ... else auth,
            **kwargs,
        )
        return self

    async def refusal(self, token: Any = None, auth: Any = ..., **kwargs: Any) -> str:
        """The code that the server refuses this token with."""
        try:
            await self.open(token, auth, **kwargs)
        except socketio.exceptions.ConnectionError:
            return str(self.refused)
        return "let in"

    async def begin(self, token: Any = None) -> Window:
        await self.open(token)
        assert (await self.ask("session_request", None))["ok"]
        return self

    async def ask(self, event: str, data: Any) -> Any:
        return await self.client.call(event, data, timeout=30)

    async def write(self, message: Any, client_id: str = "client-0001") -> Any:
        return await self.ask("user_uttered", {"message": message, "id": client_id})

    async def history(self, after: int = 0, **more: Any) -> Any:
        return await self.ask("history", {"after": after, **more})

    async def until(self, event: str, count: int = 1) -> list[Any]:
        """What was told by `event`, as soon as it was told `count` times."""
        for _ in range(500):
            if len(told := self.told(event)) >= count:
                return told
            await asyncio.sleep(0.01)
        raise AssertionError(f"{event} came {len(self.told(event))} times instead of {count}: {self.heard}")

    def told(self, event: str) -> list[Any]:
        return [data for name, data in self.heard if name == event]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.told("bot_uttered")]

    async def close(self) -> None:
        await self.client.disconnect()
