"""Rocket.Chat: an outgoing webhook for direct messages to a bot, and its REST API.

Rasa's own connector asks no caller for proof, takes the room for the person, and blocks the loop with each message.
"""

from __future__ import annotations

import json
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, refuse
from channels.sending import SendError


class RocketChatInput(MessagingInput):
    """See the module's docstring."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "rocketchat"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The outgoing webhook of Rocket.Chat."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            try:
                body = json.loads(request.body)
                given = body.get("token")
            except (ValueError, AttributeError):
                given = None
            if not signatures.same(given, self.options["BONDGENOOT_ROCKETCHAT_WEBHOOK_TOKEN"]):
                return refuse("rocketchat: no token, or a wrong one")
            try:
                incoming = self._read(body)
            except (KeyError, TypeError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            if incoming is not None:
                await self.take(incoming)
            return response.json({})

    def _read(self, body: dict[str, Any]) -> Incoming | None:
        user, bot = str(body["user_id"]), self.options["BONDGENOOT_ROCKETCHAT_USER_ID"]
        if user == bot or body.get("bot"):
            return None
        room = str(body["channel_id"])
        # The room of two people is named by their ids, one after the other. A webhook that was made too wide brings
        # what others say to each other: that is none of our business.
        if room not in (user + bot, bot + user):
            return None
        return Incoming(user, str(body["message_id"]), str(body.get("text") or ""), {"room": room})

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """chat.postMessage; see the base."""
        body: dict[str, Any] = {"roomId": where["room"], "text": part.text}
        if part.image:
            body["attachments"] = [{"image_url": part.image}]
        elif part.buttons:
            actions = [
                {"type": "button", "text": button.title, "msg": button.payload, "msg_in_chat_window": True}
                for button in part.buttons
            ]
            body["attachments"] = [{"actions": actions}]
        answer = await self.api.post(
            f"{self.options['BONDGENOOT_ROCKETCHAT_URL']}/api/v1/chat.postMessage",
            json=body,
            headers={
                "X-Auth-Token": self.options["BONDGENOOT_ROCKETCHAT_TOKEN"],
                "X-User-Id": self.options["BONDGENOOT_ROCKETCHAT_USER_ID"],
            },
        )
        if not answer.get("success"):
            raise SendError("rocketchat refused")
