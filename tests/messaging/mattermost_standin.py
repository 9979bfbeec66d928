"""Mattermost, from the documentation of its REST API 4, its WebSocket events and its message buttons."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from standin import Sent, StandIn

from channels.mattermost import MattermostInput
from channels.messaging import Incoming, MessagingInput

TOKEN, BOT = "bot-token", "bot0000000000000000000000id"
HEADERS = {"Content-Type": "application/json"}
# 2026, in milliseconds, as Mattermost counts.
START = 1_790_000_000_000


def id_of(name: str) -> str:
    """Ids of Mattermost are 26 letters and digits."""
    return hashlib.sha256(name.encode()).hexdigest()[:26]


class Mattermost(StandIn):
    name = "mattermost"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.is_here = True
        self.accepts_token = True
        self._taken: dict[str, int] = {}
        self._latest: MattermostInput | None = None
        self._seq = 0
        self._pongs = asyncio.Event()

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_MATTERMOST_URL", self.address)
        monkeypatch.setenv("BONDGENOOT_MATTERMOST_TOKEN", TOKEN)

    def connector(self) -> MessagingInput:
        """A connector, as in a server of its own; the one before ends, as a server does that is told to."""
        if self._latest is not None:
            asyncio.get_running_loop().create_task(self._latest.stopping())
            self.sockets.clear()
            # Until something is written, so that what was not answered yet is not read before a test looks.
            self.is_here = False
        connector = self._latest = MattermostInput()
        take = connector.take

        async def noted(incoming: Incoming) -> None:
            try:
                await take(incoming)
            finally:
                self._taken[incoming.message_id] = self._taken.get(incoming.message_id, 0) + 1

        connector.take = noted  # type: ignore[method-assign]
        return connector

    # ---- The API

    async def _serve(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]
        if request.path == "/api/v4/websocket":
            return await self._stream(request) if self.is_here else web.Response(status=503)
        return await super()._serve(request)

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        challenge = await socket.receive_json()
        assert challenge["action"] == "authentication_challenge" and challenge["seq"] == 1
        if challenge["data"] != {"token": TOKEN} or not self.accepts_token:
            await socket.send_json({"status": "FAIL", "error": {"id": "api.web_socket.auth"}, "seq_reply": 1})
            await socket.close()
            return socket
        broadcast = {"omit_users": None, "user_id": BOT, "channel_id": "", "team_id": ""}
        await socket.send_json({"event": "hello", "data": {"server_version": "9"}, "broadcast": broadcast, "seq": 0})
        await socket.send_json({"status": "OK", "seq_reply": 1})
        self.sockets.append(socket)
        async for frame in socket:
            if frame.type is WSMsgType.PONG:
                self._pongs.set()
            elif frame.type is WSMsgType.PING:
                await socket.pong(frame.data)
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    def is_sending(self, path: str) -> bool:
        return path == "/api/v4/posts"

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        path = request.path.removeprefix("/api/v4/")
        if path == "users/me":
            return {"id": BOT, "username": "bondgenoot", "is_bot": True}
        if path == f"users/{BOT}/channels":
            return [self._channel(user) for user in {post["channel_id"]: post["user"] for post in self.posts}.values()]
        if path == "channels/direct":
            assert body[0] == BOT and len(body) == 2
            return {"id": self._room(body[1]), "type": "D", "name": f"{BOT}__{body[1]}"}
        if path.startswith("channels/"):
            channel = path.split("/")[1]
            page, size = int(request.query["page"]), int(request.query["per_page"])
            newest = [post for post in reversed(self.posts) if post["channel_id"] == channel]
            shown = newest[page * size : (page + 1) * size]
            return {"order": [post["id"] for post in shown], "posts": {post["id"]: post for post in shown}}
        assert path == "posts" and len(body["message"]) <= 16383
        (attachment,) = (body.get("props") or {"attachments": [{}]})["attachments"]
        buttons = []
        for action in attachment.get("actions", []):
            assert action["type"] == "button" and action["id"].isalnum() and action["name"]
            assert action["integration"]["url"] == "https://bondgenoot.example/webhooks/mattermost/webhook"
            buttons.append((action["name"], json.dumps(action["integration"]["context"])))
        assert body["message"] or buttons or attachment.get("image_url")
        to = body["channel_id"] + (f"/{body['root_id']}" if "root_id" in body else "")
        self.sent.append(Sent(to, body["message"], tuple(buttons), attachment.get("image_url")))
        return {"id": id_of(f"ours {len(self.sent)}"), "channel_id": body["channel_id"]}

    def _channel(self, user: str) -> dict[str, Any]:
        room = self._room(user)
        last = max(post["create_at"] for post in self.posts if post["channel_id"] == room)
        return {"id": room, "type": "D", "name": f"{BOT}__{user}", "last_post_at": last}

    @staticmethod
    def _room(user: str) -> str:
        return id_of(f"room of {user}")

    # ---- What happens there

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        """On the stream there is nothing to prove; the mark says that it comes over the stream, or of a button."""
        return {**headers, "X-Proof": "of the server itself"}

    async def call(self, body: bytes, headers: dict[str, str]) -> int:
        """What the server itself says goes over the stream. Who is not the server can only call the webhook."""
        headers = dict(headers)
        is_real = headers.pop("X-Proof", "") == "of the server itself"
        if not is_real or b'"context"' in body:
            return await super().call(body, headers)
        event = self._post_in(body)
        number = event["id"] if event else ""
        before = self._taken.get(number, 0)
        await self.push(body)
        while event and self._taken.get(number, 0) == before:
            await asyncio.sleep(0.005)
        return 200

    @staticmethod
    def _post_in(body: bytes) -> dict[str, Any] | None:
        try:
            return json.loads(json.loads(body)["data"]["post"])  # type: ignore[no-any-return]
        except (ValueError, KeyError, TypeError):
            return None

    async def push(self, body: bytes) -> None:
        """Over the stream, once somebody listens; it has been read when this ends."""
        self.is_here = True
        while not self.sockets:
            await asyncio.sleep(0.005)
        self._pongs.clear()
        await self.sockets[-1].send_str(body.decode("utf-8", "replace"))
        await self.sockets[-1].ping()
        await self._pongs.wait()

    def writes(self, text: str, user: str, number: int, **post: Any) -> dict[str, Any]:
        """A post that stands in a direct channel, whoever listens."""
        name = id_of(user)
        written = {
            "id": id_of(f"post {number}"),
            "create_at": START + number,
            "update_at": START + number,
            "delete_at": 0,
            "user_id": name,
            "channel_id": self._room(name),
            "root_id": "",
            "message": text,
            "type": "",
            "props": {},
            **post,
        }
        if not any(each["id"] == written["id"] for each in self.posts):
            self.posts.append({**written, "user": name})
        return written

    def event(self, post: dict[str, Any], channel_type: str = "D", **data: Any) -> bytes:
        self._seq += 1
        told = {
            "channel_type": channel_type,
            "channel_name": f"{BOT}__{post['user_id']}" if channel_type == "D" else "algemeen",
            "post": json.dumps(post),
            "sender_name": "@an",
            "team_id": "",
            **data,
        }
        broadcast = {"omit_users": None, "user_id": "", "channel_id": post["channel_id"], "team_id": ""}
        return json.dumps({"event": "posted", "data": told, "broadcast": broadcast, "seq": self._seq}).encode()

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.event(self.writes(text, user, number), mentions=json.dumps([BOT])), HEADERS

    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        post = {**self.writes(f"@bondgenoot {text}", user, number), "channel_id": id_of("algemeen")}
        self.posts.clear()
        return self.event(post, "O", mentions=json.dumps([BOT])), HEADERS

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        body = {
            "user_id": id_of(user),
            "user_name": "an",
            "channel_id": self._room(id_of(user)),
            "team_id": "",
            "post_id": id_of("ours 1"),
            "trigger_id": f"trigger{number}",
            "type": "button",
            "data_source": "",
            "context": json.loads(payload),
        }
        return json.dumps(body).encode(), HEADERS
