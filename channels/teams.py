"""Microsoft Teams over the Bot Framework. Personal chats only, of one tenant.

Rasa's own connector accepts a token of any issuer, with whatever algorithm the token names, sends its own token to
whatever serviceUrl the body names, sends buttons without type or value, blocks the loop, and cannot speak by itself.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any
from urllib.parse import quote

import jwt
from jwt.algorithms import RSAAlgorithm
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels.messaging import Incoming, MessagingInput, refuse
from channels.sending import Api, SendError

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LEEWAY_SECONDS = 300
# Keys are read again after a day; for an unknown key at most once in so many seconds.
KEYS_SECONDS, UNKNOWN_KEY_SECONDS = 24 * 3600, 60
# Before its end, so that no message is sent with a token that ends on the way.
TOKEN_MARGIN_SECONDS = 120


class Keys:
    """The keys that the Bot Framework signs with, from its OpenID metadata."""

    def __init__(self, api: Api, metadata: str) -> None:
        """`metadata` is the address of the document."""
        self._api, self._metadata = api, metadata
        self._keys: dict[str, dict[str, Any]] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, key_id: str) -> dict[str, Any] | None:
        """The key with this id.

        Raises:
            SendError: the document cannot be read.
        """
        async with self._lock:
            age = time.monotonic() - self._read_at
            if age > KEYS_SECONDS or (key_id not in self._keys and age > UNKNOWN_KEY_SECONDS):
                document = await self._api.get(self._metadata)
                found = await self._api.get(document["jwks_uri"])
                self._keys = {key["kid"]: key for key in found["keys"]}
                self._read_at = time.monotonic()
        return self._keys.get(key_id)


class TeamsInput(MessagingInput):
    """See the module's docstring."""

    def __init__(self) -> None:
        """Read the settings."""
        super().__init__()
        self._keys: Keys | None = None
        self._token, self._token_ends = "", float("-inf")

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "teams"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The messaging endpoint of the bot."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            activity = request.json
            if not isinstance(activity, dict):
                return response.json({"error": "not_understood"}, status=400)
            try:
                is_proven = await self._is_proven(request.headers.get("authorization"), activity)
            except (SendError, KeyError, TypeError):
                # We cannot know who calls; the Bot Framework comes back.
                return response.json({"error": "keys_unreachable"}, status=503)
            if not is_proven:
                return refuse("teams: no token of the Bot Framework for this bot, service and tenant")
            try:
                incoming = self._read(activity)
            except (KeyError, TypeError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            if incoming is not None:
                await self.take(incoming)
            return response.json({})

    async def _is_proven(self, header: str | None, activity: dict[str, Any]) -> bool:
        """Whether the Bot Framework sent this activity to this bot, for our tenant."""
        scheme, _, token = (header or "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                return False
            key_id = jwt.get_unverified_header(token).get("kid")
            self._keys = self._keys or Keys(self.api, self.options["BONDGENOOT_TEAMS_OPENID_URL"])
            key = await self._keys.find(str(key_id))
            channel = activity.get("channelId")
            if key is None or (key.get("endorsements") is not None and channel not in key["endorsements"]):
                return False
            claims = jwt.decode(
                token,
                RSAAlgorithm.from_jwk(key),  # type: ignore[arg-type, unused-ignore]
                algorithms=["RS256"],
                audience=self.options["BONDGENOOT_TEAMS_APP_ID"],
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            return False
        service = claims.get("serviceurl") or claims.get("serviceUrl")
        tenant = ((activity.get("channelData") or {}).get("tenant") or {}).get("id")
        # Our own token goes to serviceUrl, so it must be what was signed.
        return (
            bool(service)
            and service == activity.get("serviceUrl")
            and tenant == self.options["BONDGENOOT_TEAMS_TENANT"]
        )

    def _read(self, activity: dict[str, Any]) -> Incoming | None:
        conversation = activity["conversation"]
        where = {
            "service": activity["serviceUrl"].rstrip("/"),
            "conversation": conversation["id"],
            "bot": activity["recipient"]["id"],
        }
        is_direct = conversation.get("conversationType") == "personal"
        user = activity["from"].get("aadObjectId") or activity["from"]["id"]
        if activity["type"] == "installationUpdate" and is_direct and activity.get("action") == "add":
            return Incoming(user, activity["id"], "", where, is_start=True)
        if activity["type"] != "message":
            return None
        value = activity.get("value")
        pressed = value.get("bondgenoot") if isinstance(value, dict) else None
        text = str(pressed if pressed is not None else activity.get("text") or "")
        if pressed is None:
            text = re.sub(r"<at>.*?</at>", " ", text)
        return Incoming(user, activity["id"], text, where, is_direct)

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """Post an activity; see the base."""
        activity: dict[str, Any] = {
            "type": "message",
            "from": {"id": where["bot"]},
            "text": part.text,
            "textFormat": "markdown",
        }
        if part.image:
            kind = "image/png"
            activity["attachments"] = [{"contentType": kind, "contentUrl": part.image, "name": part.text[:200]}]
        elif part.buttons:
            # Text in a card knows no Markdown, so the words stand above it.
            buttons = [
                {
                    "type": "messageBack",
                    "title": button.title,
                    "displayText": button.title,
                    "text": button.title,
                    "value": {"bondgenoot": button.payload},
                }
                for button in part.buttons
            ]
            card = {"contentType": "application/vnd.microsoft.card.hero", "content": {"buttons": buttons}}
            activity["attachments"] = [card]
        address = f"{where['service']}/v3/conversations/{quote(where['conversation'], safe='')}/activities"
        headers = {"Authorization": f"Bearer {await self._own_token()}"}
        await self.api.post(address, json=activity, headers=headers)

    async def _own_token(self) -> str:
        if time.monotonic() >= self._token_ends:
            tenant = quote(self.options["BONDGENOOT_TEAMS_TENANT"], safe="")
            answer = await self.api.post(
                f"{self.options['BONDGENOOT_TEAMS_LOGIN_URL']}/{tenant}/oauth2/v2.0/token",
                form={
                    "grant_type": "client_credentials",
                    "client_id": self.options["BONDGENOOT_TEAMS_APP_ID"],
                    "client_secret": self.options["BONDGENOOT_TEAMS_APP_PASSWORD"],
                    "scope": SCOPE,
                },
                final=(),
            )
            try:
                self._token = str(answer["access_token"])
                self._token_ends = time.monotonic() + float(answer["expires_in"]) - TOKEN_MARGIN_SECONDS
            except (KeyError, TypeError, ValueError):
                raise SendError("no token") from None
        return self._token
