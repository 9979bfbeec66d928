"""Facebook Messenger: a page's inbox.

Rasa's own connector checks the old SHA-1 signature, not in constant time, lets the caller choose the hash, answers a
wrong one with 200, and reads only the first message of a request.
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

VERSION = "v21.0"


class MessengerInput(MessagingInput):
    """See the module's docstring."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "messenger"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The webhook, and how Facebook verifies it."""

        @blueprint.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            given = request.args.get("hub.verify_token")
            if not signatures.same(given, self.options["BONDGENOOT_MESSENGER_VERIFY_TOKEN"]):
                return refuse("messenger: a wrong verify token")
            return response.text(request.args.get("hub.challenge") or "")

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            given = request.headers.get("x-hub-signature-256")
            if not signatures.sha256_of_body(self.options["BONDGENOOT_MESSENGER_APP_SECRET"], given, request.body):
                return refuse("messenger: no signature, or a wrong one")
            try:
                found = [
                    self._read(event) for entry in json.loads(request.body)["entry"] for event in entry["messaging"]
                ]
            except (ValueError, KeyError, TypeError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            for incoming in found:
                if incoming is not None:
                    await self.take(incoming)
            return response.text("EVENT_RECEIVED")

    def _read(self, event: dict[str, Any]) -> Incoming | None:
        user = str(event["sender"]["id"])
        where = {"to": user}
        if message := event.get("message"):
            if message.get("is_echo"):
                return None
            reply = message.get("quick_reply")
            text = str(reply["payload"] if reply else message.get("text") or "")
            return Incoming(user, str(message["mid"]), text, where)
        if press := event.get("postback"):
            return Incoming(user, str(press.get("mid") or event["timestamp"]), str(press["payload"]), where)
        return None  # Read, delivered, reacted: nothing that is said to us.

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """The Send API; see the base."""
        if part.image:
            attachment = {"type": "image", "payload": {"url": part.image, "is_reusable": False}}
            await self._post(where, {"attachment": attachment})
        if part.text:
            replies = [
                {"content_type": "text", "title": button.title, "payload": button.payload} for button in part.buttons
            ]
            await self._post(where, {"text": part.text, **({"quick_replies": replies} if replies else {})})

    async def _post(self, where: dict[str, Any], message: dict[str, Any]) -> None:
        await self.api.post(
            f"{self.options['BONDGENOOT_MESSENGER_API_URL']}/{VERSION}/me/messages",
            json={"recipient": {"id": where["to"]}, "messaging_type": "RESPONSE", "message": message},
            headers={"Authorization": f"Bearer {self.options['BONDGENOOT_MESSENGER_PAGE_TOKEN']}"},
        )
