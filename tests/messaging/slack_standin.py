"""Slack, from its documentation of the Events API, block kit and request signing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from standin import Sent, StandIn

from channels.messaging import MessagingInput
from channels.slack import SlackInput

SECRET, TOKEN = "slack-signing-secret-0123", "xoxb-1-2-abc"


class Slack(StandIn):
    name = "slack"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_SLACK_TOKEN", TOKEN)
        monkeypatch.setenv("BONDGENOOT_SLACK_SIGNING_SECRET", SECRET)
        monkeypatch.setenv("BONDGENOOT_SLACK_API_URL", self.address)

    def connector(self) -> MessagingInput:
        return SlackInput()

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.path == "/chat.postMessage"
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        buttons: list[tuple[str, str]] = []
        image, text = None, ""
        for block in body["blocks"]:
            if block["type"] == "section":
                assert 1 <= len(block["text"]["text"]) <= 3000 and block["text"]["type"] == "mrkdwn"
                text = block["text"]["text"]
            elif block["type"] == "image":
                assert 1 <= len(block["alt_text"]) <= 2000 and block["image_url"].startswith("http")
                image = block["image_url"]
            else:
                assert block["type"] == "actions" and 1 <= len(block["elements"]) <= 25
                for element in block["elements"]:
                    assert len(element["text"]["text"]) <= 75 and len(element["value"]) <= 2000
                    buttons.append((element["text"]["text"], element["value"]))
                assert len({element["action_id"] for element in block["elements"]}) == len(block["elements"])
        to = body["channel"] + (f"/{body['thread_ts']}" if "thread_ts" in body else "")
        self.sent.append(Sent(to, text, tuple(buttons), image))
        return {"ok": True, "channel": body["channel"], "ts": "1.1"}

    def signed(self, body: bytes, headers: dict[str, str], secret: str = SECRET, at: float = 0) -> dict[str, str]:
        moment = str(int(at or time.time()))
        digest = hmac.new(secret.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
        return {**headers, "X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}

    @staticmethod
    def event(number: int, **event: Any) -> tuple[bytes, dict[str, str]]:
        body = {
            "token": "verification",
            "team_id": "T1",
            "api_app_id": "A1",
            "type": "event_callback",
            "event_id": f"Ev{number:08}",
            "event_time": 1700000000 + number,
            "event": {"ts": f"1700000000.{number:06}", **event},
            "nonce": next(_nonce),
        }
        return json.dumps(body).encode(), {"Content-Type": "application/json"}

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        body, headers = self.event(number, type="message", channel_type="im", channel=f"D{user}", user=user, text=text)
        return body, headers

    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.event(number, type="app_mention", channel="CGENERAL", user=user, text=f"<@UBOT> {text}")

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        action = {"type": "button", "action_id": "choice_0", "value": payload, "action_ts": f"1700000000.{number:06}"}
        press = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user},
            "channel": {"id": f"D{user}"},
            "actions": [action],
        }
        body = urlencode({"payload": json.dumps(press)}).encode()
        return body, {"Content-Type": "application/x-www-form-urlencoded"}


# Two events with the same content have, at Slack, another signature as they have another second.
_nonce = iter(range(10**9))
