"""GET /health: whether the server can hold a conversation."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.turn import OnNewMessage


class HealthInput(InputChannel):
    """No channel to talk through, but Rasa lets only channels add routes."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "health"

    def url_prefix(self) -> str:
        """At the root, not under /webhooks/."""
        return "/health"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """200 when a model is loaded, 503 before that."""
        blueprint = Blueprint("bondgenoot_health")

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is not None and agent.is_ready():
                return response.json({"status": "ok"})
            return response.json({"status": "no model loaded"}, status=503)

        return blueprint
