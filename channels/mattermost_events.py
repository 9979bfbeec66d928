"""Mattermost's event stream: what people write to the bot, read by one server at a time, none of it twice or never.

Outgoing webhooks do not work in direct messages. On this stream it is we who call, so nobody has to prove anything.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bondgenoot.clock import Clock
from bondgenoot.store import readers
from channels.deliveries import Deliveries
from channels.sending import Api, SendError
from channels.turn import log_without_words

logger = logging.getLogger(__name__)

# Between two looks whether the server that reads is still there; it renews three times in its lease.
LOOK_SECONDS = readers.LEASE.total_seconds() / 3
# After a broken connection: so long, then twice as long each time, up to the last.
FIRST_PAUSE, LAST_PAUSE = 1.0, 60.0
# A connection on which nothing comes for so long is tried with a ping.
HEARTBEAT_SECONDS = 30.0
# The most that is read back of one conversation: twenty pages of sixty posts.
PAGE, PAGES = 60, 20
LARGEST_EVENT = 1024 * 1024


class NotLetInError(Exception):
    """Mattermost refuses the token."""


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wrote. `at` is Mattermost's own time in milliseconds."""

    id: str
    at: int
    user: str
    channel: str
    text: str
    root: str
    is_direct: bool


class Events:
    """Reads for ever, with the bot's token. `handle` gets each post once it is there, and ends when it is answered."""

    def __init__(
        self,
        url: str,
        token: str,
        api: Api,
        store: tuple[str, Deliveries, Clock],
        is_ready: Callable[[], bool],
        handle: Callable[[Post], Awaitable[None]],
    ) -> None:
        """`url` is the server's; `store` names the channel and says where it is kept who reads, and how far."""
        self._url, self._token, self._api = url, token, api
        self._channel, self._deliveries, self._clock = store
        self._is_ready, self._handle = is_ready, handle
        self._holder = uuid.uuid4().hex
        self._failures = 0
        self._newest: int | None = None
        self._open: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.bot = ""

    async def run(self) -> None:
        """Read until cancelled; whatever breaks is tried again."""
        while True:
            try:
                # Nobody is told that we are not ready: what they write waits at Mattermost.
                if not self._is_ready() or not await self._claim():
                    await asyncio.sleep(LOOK_SECONDS)
                    continue
                await self._read()
            except (SendError, NotLetInError, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                reason = str(error) if isinstance(error, (SendError, NotLetInError)) else type(error).__name__
                logger.warning("The event stream of Mattermost cannot be read: %s", reason)
            except Exception as error:
                log_without_words("The event stream of Mattermost broke", error)
            self._failures += 1
            await asyncio.sleep(min(FIRST_PAUSE * 2 ** min(self._failures - 1, 10), LAST_PAUSE))

    async def release(self) -> None:
        """Let another server read at once; what is not answered yet, it reads again."""
        await self._advance()
        await self._deliveries.run(readers.release, self._channel, self._holder)

    def headers(self) -> dict[str, str]:
        """The bot's own proof."""
        return {"Authorization": f"Bearer {self._token}"}

    async def _claim(self) -> bool:
        return await self._deliveries.run(readers.claim, self._channel, self._holder, self._clock.now())

    # ---- One connection

    async def _read(self) -> None:
        await self.know_bot()
        address = "ws" + self._url.removeprefix("http") + "/api/v4/websocket"
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(address, heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST_EVENT) as socket,
        ):
            challenge = {"seq": 1, "action": "authentication_challenge", "data": {"token": self._token}}
            await socket.send_json(challenge)
            renewing = asyncio.get_running_loop().create_task(self._renew(socket))
            try:
                async for frame in socket:
                    if frame.type is aiohttp.WSMsgType.TEXT:
                        await self._hear(frame.data)
            finally:
                renewing.cancel()

    async def know_bot(self) -> str:
        """The bot's own user id.

        Raises:
            SendError: Mattermost cannot be asked.
        """
        if not self.bot:
            me = await self._api.get(f"{self._url}/api/v4/users/me", self.headers())
            self.bot = str(me["id"])
        return self.bot

    async def _renew(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Keep the lease; end the connection when another server has it."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if await self._claim():
                    continue
                logger.warning("Another server reads Mattermost now.")
            except Exception as error:
                log_without_words("It cannot be said who reads Mattermost", error)
            await socket.close()
            return

    async def _hear(self, frame: str) -> None:
        try:
            event = json.loads(frame)
            if event.get("status") == "FAIL":
                raise NotLetInError("the token was refused")
            if event.get("event") == "hello":
                # From here on what is written comes by; what was written before is asked for.
                self._failures = 0
                await self._catch_up()
            elif event.get("event") == "posted":
                data = event["data"]
                mentions = json.loads(data.get("mentions") or "[]")
                self._begin(json.loads(data["post"]), data["channel_type"], data.get("channel_name"), mentions)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log_without_words("An event of Mattermost was not understood", error)

    # ---- What was written

    async def _catch_up(self) -> None:
        """Answer what was written while nobody read. At the very first time, what is there already is passed over."""
        position = await self._deliveries.run(readers.position, self._channel)
        found = await self._api.get(f"{self._url}/api/v4/users/{self.bot}/channels", self.headers())
        direct = [channel for channel in found if channel["type"] == "D"]
        if position is None:
            self._newest = max((int(channel["last_post_at"]) for channel in direct), default=0)
            await self._advance()
            return
        missed = [
            (post, channel["name"])
            for channel in direct
            if int(channel["last_post_at"]) > position
            for post in await self._posts_after(channel["id"], position)
        ]
        for post, name in sorted(missed, key=lambda each: int(each[0]["create_at"])):
            self._begin(post, "D", name, [])

    async def _posts_after(self, channel: str, position: int) -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = []
        for page in range(PAGES):
            address = f"{self._url}/api/v4/channels/{channel}/posts?page={page}&per_page={PAGE}"
            answer = await self._api.get(address, self.headers())
            # Newest first. Mattermost's own 'since' also brings what was only changed since, and not always all.
            page_of = [answer["posts"][name] for name in answer["order"]]
            new = [post for post in page_of if int(post["create_at"]) > position]
            posts += new
            if len(new) < PAGE:
                break
        return posts

    def _begin(self, post: dict[str, Any], channel_type: str, name: str | None, mentions: list[str]) -> None:
        at, user = int(post["create_at"]), str(post["user_id"])
        is_direct = channel_type == "D" and set((name or "").split("__")) == {self.bot, user}
        if channel_type == "D":
            # Also what the bot itself said: it needs not be asked for again.
            self._newest = max(self._newest or 0, at)
        props = post.get("props") or {}
        is_from_program = any(str(props.get(mark)).lower() == "true" for mark in ("from_bot", "from_webhook"))
        # Who came and went has a type; what a program says is no person's; elsewhere only who calls us is answered.
        if user == self.bot or post.get("type") or is_from_program or not (is_direct or self.bot in mentions):
            return
        root = str(post.get("root_id") or post["id"])
        said = Post(str(post["id"]), at, user, str(post["channel_id"]), str(post["message"]), root, is_direct)
        self._open[said.id] = at
        task = asyncio.get_running_loop().create_task(self._answer(said))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, post: Post) -> None:
        try:
            await self._handle(post)
        except Exception as error:
            log_without_words("What somebody wrote on Mattermost could not be handled", error)
        # Not when it was cancelled: then it is still to be answered, by whoever reads next.
        self._open.pop(post.id, None)
        try:
            await self._advance()
        except Exception as error:
            # Then it is read again after the next start, and known by its id.
            log_without_words("It could not be kept how far Mattermost was read", error)

    async def _advance(self) -> None:
        position = min(self._open.values()) - 1 if self._open else self._newest
        if position is not None:
            await self._deliveries.run(readers.advance, self._channel, self._holder, position)
