"""Rasa's REST channel for this machine only, with limits at the door and an apology instead of silence."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.local import LARGEST_BODY, LONGEST_MESSAGE, clean, has_local_origin, require_local
from channels.turn import OnNewMessage, take_turn

LONGEST_SENDER = 200


class LocalRestInput(RestInput):
    """POST /webhooks/rest/webhook as in stock Rasa. Callers say who they are, hence on this machine only."""

    def __init__(self) -> None:
        """Refuse to start on a network address."""
        require_local(self.name())

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LocalRestInput:
        """Rasa's factory."""
        return cls()

    def get_output_channel(self) -> OutputChannel:
        """A collector: trigger_intent returns what was said, and the conversation keeps it."""
        return CollectingOutputChannel()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Stock routes behind the checks of `refusal`."""

        async def never_silent(message: UserMessage) -> None:
            await take_turn(on_new_message, message)

        stock = super().blueprint(never_silent)

        @stock.middleware("request")
        async def at_the_door(request: Request) -> HTTPResponse | None:
            if request.method != "POST":
                return None
            refused = refusal(request)
            return response.json({"error": refused[1]}, status=refused[0]) if refused else None

        return stock

    def _extract_message(self, req: Request) -> str:
        return clean(req.json["message"])


def refusal(request: Request) -> tuple[int, str] | None:
    """Status and reason when a request is not to reach the dialogue."""
    if not has_local_origin(request):
        # Any web page may post to loopback; only pages on this machine are welcome.
        return 403, "Requests from pages of other hosts are refused."
    if len(request.body) > LARGEST_BODY:
        return 413, f"The body is larger than {LARGEST_BODY} bytes."
    try:
        body = json.loads(request.body)
    except ValueError:
        return 400, "The body is not valid JSON."
    if not isinstance(body, dict):
        return 400, 'The body must be a JSON object: {"sender": "...", "message": "..."}.'
    sender, message = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not sender.strip():
        return 400, "'sender' must be a non-empty string: the id of the conversation."
    if len(sender) > LONGEST_SENDER:
        return 400, f"'sender' is longer than {LONGEST_SENDER} characters."
    if not isinstance(message, str):
        return 400, "'message' must be a string."
    if len(message) > LONGEST_MESSAGE:
        return 400, f"'message' is longer than {LONGEST_MESSAGE} characters."
    if not isinstance(body.get("metadata"), (dict, type(None))):
        return 400, "'metadata' must be an object."
    if not isinstance(body.get("input_channel"), (str, type(None))):
        return 400, "'input_channel' must be a string."
    return None
