"""Webex: a bot with a webhook for created messages. Direct rooms only; choices are numbered.

Rasa's own connector asks no caller for proof, and blocks the loop with three calls for each message.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, refuse
from channels.sending import SendError


class WebexInput(MessagingInput):
    """See the module's docstring."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "webex"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The webhook."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            given = request.headers.get("x-spark-signature")
            if not signatures.sha1_of_body(self.options["BONDGENOOT_WEBEX_SECRET"], given, request.body):
                return refuse("webex: no signature, or a wrong one")
            try:
                body = json.loads(request.body)
                incoming = (
                    await self._read(body) if (body["resource"], body["event"]) == ("messages", "created") else None
                )
            except SendError:
                # Without the words there is nothing to answer; Webex does not send it again, but a person does.
                return response.json({"error": "unreachable"}, status=503)
            except (ValueError, KeyError, TypeError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            if incoming is not None:
                await self.take(incoming)
            return response.json({})

    async def _read(self, body: dict[str, Any]) -> Incoming | None:
        data = body["data"]
        # Who made the webhook is the bot; what it says itself comes by too.
        if data["personId"] == body["createdBy"]:
            return None
        message_id, is_direct = str(data["id"]), data["roomType"] == "direct"
        # The webhook leaves the words out; they are read with the bot's own token.
        message = await self.api.get(f"{self._url()}/messages/{quote(message_id, safe='')}", self._headers())
        text = str(message.get("text") or "")
        return Incoming(str(data["personId"]), message_id, text, {"room": data["roomId"]}, is_direct)

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """Create a message; see the base."""
        body: dict[str, Any] = {"roomId": where["room"], "markdown": part.text}
        if part.image:
            body["files"] = [part.image]
        await self.api.post(f"{self._url()}/messages", json=body, headers=self._headers())

    def _url(self) -> str:
        return self.options["BONDGENOOT_WEBEX_API_URL"]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.options['BONDGENOOT_WEBEX_TOKEN']}"}
