"""Twilio, Messenger, Rocket.Chat, Webex, from the documentation of their APIs and webhooks; a program of one's own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from aiohttp import web
from standin import Sent, StandIn

from channels.callback import CallbackInput
from channels.messaging import MessagingInput
from channels.messenger import MessengerInput
from channels.rocketchat import RocketChatInput
from channels.twilio import TwilioInput
from channels.webex import WebexInput

JSON = {"Content-Type": "application/json"}


class Sms(StandIn):
    name = "twilio"
    number, prefix = "+3225551234", ""

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_TWILIO_ACCOUNT_SID", "AC123")
        monkeypatch.setenv("BONDGENOOT_TWILIO_AUTH_TOKEN", "twilio-token")
        monkeypatch.setenv("BONDGENOOT_TWILIO_NUMBER", self.prefix + self.number)
        monkeypatch.setenv("BONDGENOOT_TWILIO_API_URL", self.address)

    def connector(self) -> MessagingInput:
        return TwilioInput()

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.path == "/2010-04-01/Accounts/AC123/Messages.json"
        expected = base64.b64encode(b"AC123:twilio-token").decode()
        assert request.headers["Authorization"] == f"Basic {expected}"
        assert body["From"] == self.prefix + self.number and body["To"].startswith(self.prefix + "+32")
        assert ("ContentSid" in body) or 1 <= len(body["Body"]) <= 1600
        self.sent.append(
            Sent(body["To"], body.get("Body") or f"template {body['ContentSid']}", image=body.get("MediaUrl"))
        )
        return {"sid": f"SM{len(self.sent)}", "status": "queued"}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        text = "https://bondgenoot.example/webhooks/twilio/webhook"
        text += "".join(
            name + value for name, value in sorted(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        )
        digest = hmac.new(b"twilio-token", text.encode(), hashlib.sha1).digest()
        return {**headers, "X-Twilio-Signature": base64.b64encode(digest).decode()}

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        told = {
            "MessageSid": f"SM{number:032}",
            "AccountSid": "AC123",
            "From": f"{self.prefix}+32{int(hashlib.sha256(user.encode()).hexdigest(), 16) % 10**9:09}",
            "To": self.prefix + self.number,
            "Body": text,
            "NumMedia": "0",
            "FromCity": "",
        }
        return urlencode(told).encode(), {"Content-Type": "application/x-www-form-urlencoded"}

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        raise AssertionError("there are no buttons")

    def in_a_group(self, text: str, user: str, number: int) -> Any:
        return None


class WhatsApp(Sms):
    prefix = "whatsapp:"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().configure(monkeypatch)
        monkeypatch.setenv("BONDGENOOT_TWILIO_TEMPLATE", "HX1")


class Messenger(StandIn):
    name = "messenger"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_MESSENGER_APP_SECRET", "app-secret")
        monkeypatch.setenv("BONDGENOOT_MESSENGER_PAGE_TOKEN", "page-token")
        monkeypatch.setenv("BONDGENOOT_MESSENGER_VERIFY_TOKEN", "verify-token")
        monkeypatch.setenv("BONDGENOOT_MESSENGER_API_URL", self.address)

    def connector(self) -> MessagingInput:
        return MessengerInput()

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.path.endswith("/me/messages")
        assert request.headers["Authorization"] == "Bearer page-token" and body["messaging_type"] == "RESPONSE"
        message = body["message"]
        replies = message.get("quick_replies", [])
        assert len(replies) <= 13 and all(len(each["title"]) <= 20 and each["payload"] for each in replies)
        image = message["attachment"]["payload"]["url"] if "attachment" in message else None
        assert image or 1 <= len(message["text"]) <= 2000
        buttons = tuple((each["title"], each["payload"]) for each in replies)
        self.sent.append(Sent(body["recipient"]["id"], message.get("text", ""), buttons, image))
        return {"recipient_id": body["recipient"]["id"], "message_id": f"m{len(self.sent)}"}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "X-Hub-Signature-256": "sha256=" + hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()}

    @staticmethod
    def _event(user: str, number: int, **message: Any) -> tuple[bytes, dict[str, str]]:
        event = {
            "sender": {"id": f"psid-{hashlib.sha256(user.encode()).hexdigest()[:12]}"},
            "recipient": {"id": "page"},
            "timestamp": 1700000000 + number,
            "message": {"mid": f"mid.{number}", **message},
        }
        return json.dumps({"object": "page", "entry": [{"id": "page", "messaging": [event]}]}).encode(), JSON

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._event(user, number, text=text)

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._event(user, number, text="knop", quick_reply={"payload": payload})

    def in_a_group(self, text: str, user: str, number: int) -> Any:
        return None


class RocketChat(StandIn):
    name = "rocketchat"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_ROCKETCHAT_URL", self.address)
        monkeypatch.setenv("BONDGENOOT_ROCKETCHAT_USER_ID", "BOTid")
        monkeypatch.setenv("BONDGENOOT_ROCKETCHAT_TOKEN", "personal-token")
        monkeypatch.setenv("BONDGENOOT_ROCKETCHAT_WEBHOOK_TOKEN", "webhook-token")

    def connector(self) -> MessagingInput:
        return RocketChatInput()

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.path == "/api/v1/chat.postMessage"
        assert (request.headers["X-Auth-Token"], request.headers["X-User-Id"]) == ("personal-token", "BOTid")
        assert 1 <= len(body["text"]) <= 5000
        attachment = (body.get("attachments") or [{}])[0]
        buttons = tuple((each["text"], each["msg"]) for each in attachment.get("actions", []))
        self.sent.append(Sent(body["roomId"], body["text"], buttons, attachment.get("image_url")))
        return {"success": True, "ts": 1}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "X-Proof": "webhook-token"}

    async def call(self, body: bytes, headers: dict[str, str]) -> int:
        """The proof stands in the body."""
        proof = headers.pop("X-Proof", None) if (headers := dict(headers)) else None
        try:
            told = json.loads(body)
            if proof is not None and isinstance(told, dict):
                body = json.dumps({**told, "token": proof}).encode()
        except ValueError:
            pass
        return await super().call(body, headers)

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._body(f"{user}BOTid", text, user, number)

    def _body(self, room: str, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        body = {
            "bot": False,
            "channel_id": room,
            "message_id": f"msg{number}",
            "user_id": user,
            "user_name": "an",
            "text": text,
            "siteUrl": self.address,
        }
        return json.dumps(body).encode(), JSON

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.message(payload, user, number)

    def in_a_group(self, text: str, user: str, number: int) -> Any:
        return None

    def between_others(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._body(f"{user}U999", text, user, number)


class Webex(StandIn):
    name = "webex"

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_WEBEX_TOKEN", "webex-token")
        monkeypatch.setenv("BONDGENOOT_WEBEX_SECRET", "webex-secret")
        monkeypatch.setenv("BONDGENOOT_WEBEX_API_URL", f"{self.address}/v1")

    def connector(self) -> MessagingInput:
        return WebexInput()

    def is_sending(self, path: str) -> bool:
        return path == "/v1/messages"

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.headers["Authorization"] == "Bearer webex-token"
        if request.method == "GET":
            message_id = request.path.rsplit("/", 1)[1]
            return {"id": message_id, "text": self.texts[message_id]}
        assert request.path == "/v1/messages" and 1 <= len(body["markdown"].encode()) <= 7439
        self.sent.append(Sent(body["roomId"], body["markdown"], image=(body.get("files") or [None])[0]))
        return {"id": str(len(self.sent))}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "X-Spark-Signature": hmac.new(b"webex-secret", body, hashlib.sha1).hexdigest()}

    def _webhook(self, text: str, user: str, number: int, room: str, kind: str) -> tuple[bytes, dict[str, str]]:
        self.texts[f"m{number}"] = text
        data = {"id": f"m{number}", "roomId": room, "roomType": kind, "personId": user}
        body = {"resource": "messages", "event": "created", "createdBy": "BOT", "data": data}
        return json.dumps(body).encode(), JSON

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._webhook(text, user, number, f"room-{user}", "direct")

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        raise AssertionError("there are no buttons")

    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self._webhook(text, user, number, "room-team", "group")


class Callback(StandIn):
    name = "callback"
    secret = "een-geheim-van-minstens-32-tekens-lang"

    def __init__(self) -> None:
        super().__init__()
        self._signed: set[tuple[int, bytes]] = set()

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_CALLBACK_URL", f"{self.address}/ours")
        monkeypatch.setenv("BONDGENOOT_CALLBACK_SECRET", self.secret)

    def connector(self) -> MessagingInput:
        return CallbackInput()

    def answer(self, request: web.Request, body: Any) -> Any:
        assert request.path == "/ours"
        assert request.headers["X-Bondgenoot-Signature"].startswith("v0=")
        buttons = tuple((each["title"], each["payload"]) for each in body["buttons"])
        self.sent.append(Sent(body["user"], body["text"], buttons, body["image"]))
        return {}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        # A retry is signed again in a later second; here it follows at once, so it takes an unused one of just now.
        seconds = int(time.time())
        while (seconds, body) in self._signed:
            seconds -= 1
        self._signed.add((seconds, body))
        moment = str(seconds)
        digest = hmac.new(self.secret.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
        return {**headers, "X-Bondgenoot-Timestamp": moment, "X-Bondgenoot-Signature": f"v0={digest}"}

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return json.dumps({"user": user, "id": f"m{number}", "text": text}).encode(), JSON

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.message(payload, user, number)

    def in_a_group(self, text: str, user: str, number: int) -> Any:
        return None
