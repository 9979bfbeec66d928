"""Twilio: SMS and WhatsApp, by the number that it writes from.

Rasa's own connector asks no caller for proof, blocks the loop with each message, and knows nothing of the 24 hours in
which WhatsApp lets a business write freely.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, refuse

WHATSAPP = "whatsapp:"
# A number that is stopped, unknown or not reachable from here: Twilio says so with 400 and a code.
BAD_REQUEST = 400


class TwilioInput(MessagingInput):
    """See the module's docstring."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "twilio"

    def kind(self) -> str:
        """By the number."""
        return "whatsapp" if self.options["BONDGENOOT_TWILIO_NUMBER"].startswith(WHATSAPP) else "sms"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The webhook for incoming messages."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            # Blank ones too, which sanic leaves out: they are signed like the others.
            parameters = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
            # What Twilio signed is the address that it knows, whatever a proxy in front made of it.
            address = f"{self._settings.public_url}{request.path}"
            if request.query_string:
                address += f"?{request.query_string}"
            given = request.headers.get("x-twilio-signature")
            if not signatures.twilio(self.options["BONDGENOOT_TWILIO_AUTH_TOKEN"], given, address, parameters):
                return refuse("twilio: no signature, or a wrong one; is BONDGENOOT_PUBLIC_URL what Twilio calls?")
            told = dict(parameters)
            if not {"From", "MessageSid"} <= told.keys() or told["From"].startswith(WHATSAPP) != self._is_whatsapp():
                return response.json({"error": "not_understood"}, status=400)
            await self.take(Incoming(told["From"], told["MessageSid"], told.get("Body", ""), {"to": told["From"]}))
            # An empty answer in TwiML: what we say goes through the API.
            return response.text("<Response/>", content_type="text/xml")

    def _is_whatsapp(self) -> bool:
        return self.kind() == "whatsapp"

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """Create a message; see the base."""
        form = {"To": where["to"], "Body": part.text}
        if part.image:
            form["MediaUrl"] = part.image
        await self._create(form)

    async def send_template(self, where: dict[str, Any]) -> bool:
        """The approved template, if there is one."""
        template = self.options["BONDGENOOT_TWILIO_TEMPLATE"]
        if template:
            await self._create({"To": where["to"], "ContentSid": template})
        return bool(template)

    async def _create(self, form: dict[str, str]) -> None:
        account = self.options["BONDGENOOT_TWILIO_ACCOUNT_SID"]
        await self.api.post(
            f"{self.options['BONDGENOOT_TWILIO_API_URL']}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json",
            form={"From": self.options["BONDGENOOT_TWILIO_NUMBER"], **form},
            auth=(account, self.options["BONDGENOOT_TWILIO_AUTH_TOKEN"]),
            final=(BAD_REQUEST,),
        )
