"""Microsoft Teams, from the documentation of the Bot Framework's connector API and its authentication."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import unquote

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from standin import Sent, StandIn

from channels.messaging import MessagingInput
from channels.teams import TeamsInput

APP, PASSWORD, TENANT = "app-id-1", "app-secret", "tenant-1"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Teams(StandIn):
    name = "teams"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_TEAMS_APP_ID", APP)
        monkeypatch.setenv("BONDGENOOT_TEAMS_APP_PASSWORD", PASSWORD)
        monkeypatch.setenv("BONDGENOOT_TEAMS_TENANT", TENANT)
        monkeypatch.setenv("BONDGENOOT_TEAMS_LOGIN_URL", f"{self.address}/login")
        monkeypatch.setenv("BONDGENOOT_TEAMS_OPENID_URL", f"{self.address}/openid")

    def connector(self) -> MessagingInput:
        return TeamsInput()

    def is_sending(self, path: str) -> bool:
        return path.endswith("/activities")

    def answer(self, request: web.Request, body: Any) -> Any:
        if request.path == "/openid":
            return {"issuer": "https://api.botframework.com", "jwks_uri": f"{self.address}/keys"}
        if request.path == "/keys":
            key = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [{**key, "kid": "k1", "use": "sig", "endorsements": ["msteams", "webchat"]}]}
        if request.path == f"/login/{TENANT}/oauth2/v2.0/token":
            assert (body["client_id"], body["client_secret"]) == (APP, PASSWORD)
            assert body["scope"] == "https://api.botframework.com/.default"
            return {"token_type": "Bearer", "expires_in": 3600, "access_token": "own-token"}
        assert request.headers.get("Authorization") == "Bearer own-token"
        parts = [unquote(part) for part in request.rel_url.raw_path.split("/")]
        assert parts[1:4] == ["emea", "v3", "conversations"] and parts[5:] == ["activities"]
        assert body["type"] == "message" and len(json.dumps(body).encode("utf-16-le")) <= 28 * 1024
        buttons, image = [], None
        for attachment in body.get("attachments", []):
            if attachment["contentType"] == "image/png":
                image = attachment["contentUrl"]
                continue
            assert attachment["contentType"] == "application/vnd.microsoft.card.hero"
            assert len(attachment["content"]["buttons"]) <= 6
            for button in attachment["content"]["buttons"]:
                assert button["type"] == "messageBack" and button["text"] and button["displayText"]
                buttons.append((button["title"], json.dumps(button["value"])))
        self.sent.append(Sent(parts[4], body["text"], tuple(buttons), image))
        return {"id": str(len(self.sent))}

    def token(self, key: Any = KEY, algorithm: str = "RS256", **claims: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://api.botframework.com",
            "aud": APP,
            "nbf": now - 5,
            "exp": now + 3600,
            "serviceurl": f"{self.address}/emea/",
            **claims,
        }
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "k1"})

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Authorization": f"Bearer {self.token()}"}

    def activity(self, number: int, user: str, **more: Any) -> tuple[bytes, dict[str, str]]:
        body = {
            "type": "message",
            "id": f"17000000{number:05}",
            "timestamp": "2026-11-23T10:00:00Z",
            "serviceUrl": f"{self.address}/emea/",
            "channelId": "msteams",
            "from": {"id": f"29:{user}", "name": "A", "aadObjectId": f"aad-{user}"},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": f"a:{user}/1"},
            "recipient": {"id": f"28:{APP}", "name": "Bondgenoot"},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }
        return json.dumps(body).encode(), {"Content-Type": "application/json"}

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.activity(number, user, text=text, textFormat="plain")

    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        group = {"conversationType": "channel", "isGroup": True, "tenantId": TENANT, "id": "19:team@thread.tacv2"}
        return self.activity(number, user, text=f"<at>Bondgenoot</at> {text}", conversation=group)

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        return self.activity(number, user, text="een knop", value=json.loads(payload))
