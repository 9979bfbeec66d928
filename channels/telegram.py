"""Telegram: a bot with a webhook. Private chats only.

Rasa's own connector asks no caller for proof, shows a public route that moves the webhook, answers edited messages as
new ones, and cannot speak by itself: it sets its webhook with asyncio.run inside the running loop.
"""

from __future__ import annotations

import logging
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot.rendering import Part
from channels import signatures
from channels.messaging import Incoming, MessagingInput, refuse
from channels.sending import SendError, seconds

logger = logging.getLogger(__name__)

CAPTION = 1024


class TelegramInput(MessagingInput):
    """See the module's docstring."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "telegram"

    def add_routes(self, blueprint: Blueprint) -> None:
        """The webhook."""

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            given = request.headers.get("x-telegram-bot-api-secret-token")
            if not signatures.same(given, self.options["BONDGENOOT_TELEGRAM_SECRET"]):
                return refuse("telegram: no secret token, or a wrong one")
            try:
                incoming = self._read(request.json)
            except (KeyError, TypeError, AttributeError):
                return response.json({"error": "not_understood"}, status=400)
            if incoming is not None:
                await self.take(incoming)
            return response.json({"ok": True})

    def _read(self, update: dict[str, Any]) -> Incoming | None:
        message_id = str(update["update_id"])
        if press := update.get("callback_query"):
            chat, user, text = press["message"]["chat"], press["from"], str(press["data"])
            where = {"chat": chat["id"], "press": press["id"]}
            return Incoming(str(user["id"]), message_id, text, where, chat["type"] == "private")
        message = update.get("message")
        # Edited messages, posts in channels, who came and went: nothing that is said to us.
        if not message or (message.get("from") or {}).get("is_bot", True):
            return None
        where = {"chat": message["chat"]["id"]}
        text = str(message.get("text") or "")
        is_direct = message["chat"]["type"] == "private"
        kinds = {entity["type"] for entity in message.get("entities") or []}
        if not is_direct and not kinds & {"mention", "bot_command"}:
            return None
        is_start = is_direct and text.split(" ")[0] == "/start"
        return Incoming(str(message["from"]["id"]), message_id, text, where, is_direct, is_start)

    async def started(self) -> None:
        """Tell Telegram where to send, and what to prove itself with."""
        address = f"{self._settings.public_url}/webhooks/telegram/webhook"
        if not address.startswith("https:"):
            logger.warning("Telegram sends to https addresses only; BONDGENOOT_PUBLIC_URL is none, so nothing was set.")
            return
        await self._call(
            "setWebhook",
            url=address,
            secret_token=self.options["BONDGENOOT_TELEGRAM_SECRET"],
            allowed_updates=["message", "callback_query"],
        )

    async def take(self, incoming: Incoming) -> None:
        """Stop the little clock on a pressed button, then as the base."""
        press = incoming.where.pop("press", None)
        if press:
            try:
                await self._call("answerCallbackQuery", callback_query_id=press)
            except SendError as error:
                logger.info("A pressed button on telegram was not acknowledged: %s", error)
        await super().take(incoming)

    async def send(self, where: dict[str, Any], part: Part) -> None:
        """SendMessage or sendPhoto; see the base."""
        more: dict[str, Any] = {"chat_id": where["chat"], "parse_mode": "HTML"}
        if part.buttons:
            rows = [[{"text": button.title, "callback_data": button.payload}] for button in part.buttons]
            more["reply_markup"] = {"inline_keyboard": rows}
        if not part.image:
            await self._call("sendMessage", text=part.text or ".", disable_web_page_preview=True, **more)
        elif len(part.text) <= CAPTION:
            await self._call("sendPhoto", photo=part.image, caption=part.text, **more)
        else:
            await self._call("sendPhoto", photo=part.image, chat_id=where["chat"])
            await self._call("sendMessage", text=part.text, **more)

    async def _call(self, method: str, **arguments: Any) -> None:
        url = f"{self.options['BONDGENOOT_TELEGRAM_API_URL']}/bot{self.options['BONDGENOOT_TELEGRAM_TOKEN']}/{method}"
        answer = await self.api.post(url, json=arguments, final=(403,))
        if not answer.get("ok"):
            wait = seconds((answer.get("parameters") or {}).get("retry_after"))
            raise SendError(f"telegram {answer.get('error_code')}", wait=wait)
