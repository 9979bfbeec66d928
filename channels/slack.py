"""Slack: the Events API and buttons. Direct messages to the app only.

Rasa's own connector checks the signature too. What it does not do: tell a retry for other reasons than a time-out, keep
the person's channel for a follow-up, or put up with Slack being away.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.core.channels import slack as stock
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, now_seconds, refuse
from channels.sending import SendError

# What will not go away by waiting.
FINAL = frozenset({
    "channel_not_found", "is_archived", "account_inactive", "user_not_found", "not_in_channel", "cannot_dm_bot",
    "messages_tab_disabled",
})  # fmt: skip
LONGEST_ALT = 2000


class SlackInput(MessagingInput, stock.SlackInput):  # type: ignore[misc, unused-ignore]
    """See the module's docstring."""

    # Slack waits three seconds.
    patience = 2.0

    def __init__(self) -> None:
        """Read the settings."""
        MessagingInput.__init__(self)
        self._seen = signatures.Seen()

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "slack"

    def add_routes(self, blueprint: Blueprint) -> None:
        """One webhook for events and for buttons."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            if not self._is_signed(request):
                return refuse("slack: no signature, a wrong one, an old one, or one that was used before")
            try:
                if request.headers.get("content-type", "").startswith("application/json"):
                    body = json.loads(request.body)
                    if body.get("type") == "url_verification":
                        return response.json({"challenge": str(body["challenge"])})
                    incoming = self._from_event(body)
                else:
                    incoming = self._from_button(json.loads(request.form["payload"][0]))
            except (ValueError, KeyError, TypeError, IndexError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            if incoming is not None:
                await self.take(incoming)
            return response.text("")

    def _is_signed(self, request: Request) -> bool:
        proof = request.headers.get("x-slack-signature")
        is_signed = signatures.slack(
            self.options["BONDGENOOT_SLACK_SIGNING_SECRET"],
            request.headers.get("x-slack-request-timestamp"),
            proof,
            request.body,
            now_seconds(),
        )
        # Slack signs each retry anew; the same signature twice is somebody else's.
        return is_signed and self._seen.is_new(str(proof))

    def _from_event(self, body: dict[str, Any]) -> Incoming | None:
        event = body["event"]
        if body["type"] != "event_callback" or event.get("bot_id") or not event.get("user"):
            return None
        # A changed or deleted message is no new one; a file comes with its words.
        if event.get("subtype") not in (None, "file_share"):
            return None
        is_direct = event["type"] == "message" and event.get("channel_type") == "im"
        if not is_direct and event["type"] != "app_mention":
            return None
        where = {"channel": event["channel"]}
        if not is_direct:
            where["thread"] = event.get("thread_ts") or event["ts"]
        text = as_typed(str(event.get("text") or ""))
        return Incoming(f"{body.get('team_id', '')}:{event['user']}", body["event_id"], text, where, is_direct)

    def _from_button(self, payload: dict[str, Any]) -> Incoming | None:
        if payload["type"] != "block_actions" or not self._is_interactive_message(payload):
            return None
        action = payload["actions"][0]
        text = self._get_interactive_response(action)
        if text is None:
            return None
        where = {"channel": payload["channel"]["id"]}
        team = payload.get("team") or {}
        user = f"{team.get('id', '')}:{payload['user']['id']}"
        # Slack gives a press no id of its own; its moment is one.
        return Incoming(user, f"{where['channel']}-{action['action_ts']}", text, where)

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """chat.postMessage; see the base."""
        blocks: list[dict[str, Any]] = []
        if part.image:
            alt = part.text[:LONGEST_ALT] or "."
            blocks.append({"type": "image", "image_url": part.image, "alt_text": alt})
        if part.text:
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": part.text, "verbatim": False}})
        if part.buttons:
            elements = [
                {
                    "type": "button",
                    "action_id": f"choice_{place}",
                    "text": {"type": "plain_text", "text": button.title},
                    "value": button.payload,
                }
                for place, button in enumerate(part.buttons)
            ]
            blocks.append({"type": "actions", "elements": elements})
        body: dict[str, Any] = {"channel": where["channel"], "text": part.text, "blocks": blocks, "unfurl_links": False}
        if where.get("thread"):
            body["thread_ts"] = where["thread"]
        answer = await self.api.post(
            f"{self.options['BONDGENOOT_SLACK_API_URL']}/chat.postMessage",
            json=body,
            headers={"Authorization": f"Bearer {self.options['BONDGENOOT_SLACK_TOKEN']}"},
            final=(),
        )
        if not answer.get("ok"):
            reason = str(answer.get("error") or "no answer")
            raise SendError(reason, is_final=reason in FINAL)


def as_typed(text: str) -> str:
    """What a person typed: Slack marks mentions and links up, and escapes & < >."""
    text = re.sub(r"<@[A-Z0-9]+(\|[^>]*)?>", " ", text)
    text = re.sub(r"<(?:https?|mailto):[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<((?:https?|mailto):[^|>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
