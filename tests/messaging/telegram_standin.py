"""Telegram, from the documentation of its Bot API."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from aiohttp import web
from standin import Sent, StandIn

from channels.messaging import MessagingInput
from channels.telegram import TelegramInput

SECRET, TOKEN = "telegram-secret-0123456789", "123456:ABC-DEF"


class Telegram(StandIn):
    name = "telegram"

    def configure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("BONDGENOOT_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("BONDGENOOT_TELEGRAM_SECRET", SECRET)
        monkeypatch.setenv("BONDGENOOT_TELEGRAM_API_URL", self.address)

    def connector(self) -> MessagingInput:
        return TelegramInput()

    def is_sending(self, path: str) -> bool:
        return "/send" in path

    def answer(self, request: web.Request, body: Any) -> Any:
        prefix, method = request.path.rsplit("/", 1)
        assert prefix == f"/bot{TOKEN}"
        if method in ("answerCallbackQuery", "setWebhook"):
            return {"ok": True, "result": True}
        text = body["text"] if method == "sendMessage" else body.get("caption", "")
        assert method in ("sendMessage", "sendPhoto")
        assert (1 if method == "sendMessage" else 0) <= len(text.encode("utf-16-le")) // 2 <= 4096
        assert body["parse_mode"] == "HTML" and not re.search(r"<(?!/?b>)|&(?!amp;|lt;|gt;)", text), "cannot parse"
        rows = (body.get("reply_markup") or {}).get("inline_keyboard", [])
        for row in rows:
            for button in row:
                assert 1 <= len(button["callback_data"].encode()) <= 64, "BUTTON_DATA_INVALID"
        buttons = tuple((button["text"], button["callback_data"]) for row in rows for button in row)
        self.sent.append(Sent(str(body["chat_id"]), text, buttons, body.get("photo")))
        return {"ok": True, "result": {"message_id": len(self.sent)}}

    def signed(self, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "X-Telegram-Bot-Api-Secret-Token": SECRET}

    @staticmethod
    def _id(user: str) -> int:
        return sum(ord(char) * 31**place for place, char in enumerate(user)) % 10**9

    def _update(self, number: int, **content: Any) -> tuple[bytes, dict[str, str]]:
        body = {"update_id": 1000 + number, **content}
        return json.dumps(body).encode(), {"Content-Type": "application/json"}

    def _chat(self, user: str) -> dict[str, Any]:
        return {"id": self._id(user), "type": "private", "first_name": "A"}

    def message(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        sender = {"id": self._id(user), "is_bot": False, "first_name": "A"}
        return self._update(
            number,
            message={"message_id": number, "from": sender, "chat": self._chat(user), "date": 1700000000, "text": text},
        )

    def in_a_group(self, text: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        sender = {"id": self._id(user), "is_bot": False, "first_name": "A"}
        message = {
            "message_id": number,
            "from": sender,
            "chat": {"id": -100123, "type": "supergroup", "title": "Team"},
            "date": 1700000000,
            "text": f"@bot {text}",
            "entities": [{"type": "mention", "offset": 0, "length": 4}],
        }
        return self._update(number, message=message)

    def press(self, payload: str, user: str, number: int) -> tuple[bytes, dict[str, str]]:
        query = {
            "id": f"q{number}",
            "from": {"id": self._id(user), "is_bot": False, "first_name": "A"},
            "message": {"message_id": 1, "chat": self._chat(user), "date": 1700000000, "text": "?"},
            "chat_instance": "1",
            "data": payload,
        }
        return self._update(number, callback_query=query)
