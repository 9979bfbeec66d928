"""Mattermost: a bot account with a token. Direct messages come over its event stream, pressed buttons as calls.

Rasa's own connector hears outgoing webhooks, which exist in open channels only, and asks no caller for proof.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections import OrderedDict
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import texts
from bondgenoot.rendering import Button, Part
from channels import signatures
from channels.mattermost_events import Events, Post
from channels.messaging import Incoming, MessagingInput, now_seconds, refuse
from channels.turn import log_without_words

# How long a button can be pressed. A question that waits longer is answered in words.
BUTTON_SECONDS = 30 * 24 * 3600
MOST_ROOMS = 1000


class MattermostInput(MessagingInput):
    """See the module's docstring."""

    def __init__(self) -> None:
        """Read the settings."""
        super().__init__()
        self._rooms: OrderedDict[str, str] = OrderedDict()
        self._reading: asyncio.Task[None] | None = None
        self._events = Events(
            self.options["BONDGENOOT_MATTERMOST_URL"],
            self.options["BONDGENOOT_MATTERMOST_TOKEN"],
            self.api,
            (self.name(), self.deliveries, self.clock),
            lambda: self._agent() is not None,
            self._handle_post,
        )

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "mattermost"

    async def started(self) -> None:
        """Begin to read what people write."""
        self._reading = asyncio.get_running_loop().create_task(self._events.run())

    async def stopping(self) -> None:
        """Let another server read."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
            self._reading = None
            try:
                await self._events.release()
            except Exception as error:
                # Then the others wait until the lease is over.
                log_without_words("Mattermost could not be left to another server", error)

    async def _handle_post(self, post: Post) -> None:
        if post.is_direct:
            self._remember_room(post.user, post.channel)
        where = {"user": post.user} if post.is_direct else {"channel": post.channel, "root": post.root}
        await self.take(Incoming(post.user, post.id, post.text, where, post.is_direct))
        # Nobody waits for our answer, and it is read again if this server ends before it is given.
        if turn := self._turns.find((post.user, post.id)):
            await asyncio.wait({turn})

    # ---- Buttons

    def add_routes(self, blueprint: Blueprint) -> None:
        """Where Mattermost calls when a button is pressed; nothing else may call."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            try:
                body = json.loads(request.body)
                user, context = str(body["user_id"]), body["context"]
                press, choice, until = str(context["press"]), str(context["choice"]), int(context["until"])
                is_ours = signatures.same(context["proof"], self._proof(user, press, choice, until))
            except (ValueError, KeyError, TypeError, AttributeError):
                is_ours = False
            if not is_ours:
                return refuse("mattermost: no button of ours for this person")
            if until < now_seconds():
                return whisper("channel_button_old")
            if self._turns.find((user, press)):
                return whisper("channel_button_used")
            # The press is the message's id: on every server, and also later, it does what it does once.
            await self.take(Incoming(user, press, choice, {"user": user}))
            return response.json({})

    def _action(self, user: str, place: int, button: Button) -> dict[str, Any]:
        press, until = secrets.token_urlsafe(16), int(now_seconds()) + BUTTON_SECONDS
        proof = self._proof(user, press, button.payload, until)
        return {
            "id": f"choice{place}",
            "name": button.title,
            "type": "button",
            "integration": {
                "url": f"{self._settings.public_url}/webhooks/mattermost/webhook",
                # Stays at the Mattermost server; it is in nobody's browser.
                "context": {"press": press, "choice": button.payload, "until": until, "proof": proof},
            },
        }

    def _proof(self, user: str, press: str, choice: str, until: int) -> str:
        return signatures.of_parts(self._secret, "mattermost-button", user, press, choice, str(until))

    # ---- Sending

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """Create a post; see the base."""
        post: dict[str, Any] = {"message": part.text}
        if "user" in where:
            post["channel_id"] = await self._room(where["user"])
        else:
            post |= {"channel_id": where["channel"], "root_id": where["root"]}
        if part.image:
            post["props"] = {"attachments": [{"fallback": part.text, "image_url": part.image}]}
        elif part.buttons:
            actions = [self._action(where["user"], place, button) for place, button in enumerate(part.buttons)]
            post["props"] = {"attachments": [{"actions": actions}]}
        await self._post("posts", post)

    async def _room(self, user: str) -> str:
        """The direct channel of the bot and somebody, made when there is none."""
        if user not in self._rooms:
            channel = await self._post("channels/direct", [await self._events.know_bot(), user])
            self._remember_room(user, str(channel["id"]))
        return self._rooms[user]

    def _remember_room(self, user: str, channel: str) -> None:
        self._rooms[user] = channel
        self._rooms.move_to_end(user)
        while len(self._rooms) > MOST_ROOMS:
            self._rooms.popitem(last=False)

    async def _post(self, path: str, body: Any) -> Any:
        address = f"{self.options['BONDGENOOT_MATTERMOST_URL']}/api/v4/{path}"
        return await self.api.post(address, json=body, headers=self._events.headers())


def whisper(key: str) -> HTTPResponse:
    """A sentence that only who pressed sees, and that stands nowhere."""
    return response.json({"ephemeral_text": " ".join(texts.say(key))})
