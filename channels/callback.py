"""Another program of the organisation: it posts what people say and takes what we say, both sides signed.

Rasa's own connector asks no caller for proof and signs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, now_seconds, refuse

SIGNATURE, TIMESTAMP = "x-bondgenoot-signature", "x-bondgenoot-timestamp"


class CallbackInput(MessagingInput):
    """See the module's docstring. The signature is Slack's scheme: 'v0:', the moment, ':' and the body."""

    def __init__(self) -> None:
        """Read the settings."""
        super().__init__()
        self._seen = signatures.Seen()

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "callback"

    def add_routes(self, blueprint: Blueprint) -> None:
        """POST {"user": ..., "id": ..., "text": ...}; a user is an id that the program vouches for."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            proof, moment = request.headers.get(SIGNATURE), request.headers.get(TIMESTAMP)
            if not signatures.slack(self._key(), moment, proof, request.body, now_seconds()):
                return refuse("callback: no signature, a wrong one, or an old one")
            if not self._seen.is_new(str(proof)):
                return refuse("callback: a signature that was used before")
            try:
                body = json.loads(request.body)
                user, message_id, text = body["user"], body["id"], body["text"]
            except (ValueError, KeyError, TypeError):
                return response.json({"error": "not_understood"}, status=400)
            if not all(isinstance(each, str) and each for each in (user, message_id)) or not isinstance(text, str):
                return response.json({"error": "not_understood"}, status=400)
            await self.take(Incoming(user, message_id, text, {"user": user}))
            return response.json({"ok": True})

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """POST {"user", "text", "buttons", "image"}; see the base."""
        buttons = [{"title": each.title, "payload": each.payload} for each in part.buttons]
        body = json.dumps({"user": where["user"], "text": part.text, "buttons": buttons, "image": part.image})
        moment = str(int(now_seconds()))
        digest = hmac.new(self._key().encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", TIMESTAMP: moment, SIGNATURE: f"v0={digest}"}
        await self.api.post(self.options["BONDGENOOT_CALLBACK_URL"], body=body, headers=headers)

    def _key(self) -> str:
        return self.options["BONDGENOOT_CALLBACK_SECRET"]
