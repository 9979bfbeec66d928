"""The link at the foot of a mail: no more mails. By hand in two clicks, by a mail program in one (RFC 8058).

Looking at the page changes nothing, because programs that scan mail follow its links.
"""

from __future__ import annotations

import asyncio
import html

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import keys, settings, texts
from bondgenoot.store import addresses
from bondgenoot.store.database import connect
from channels.turn import OnNewMessage

LARGEST_BODY = 4096
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class UnsubscribeInput(InputChannel):
    """No channel to talk through, but Rasa lets only channels add routes."""

    def __init__(self) -> None:
        """Open the database and the key that signs the links."""
        loaded = settings.load()
        self._engine = connect(loaded.database_url)
        self._key = keys.session_key(loaded.home)

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "unsubscribe"

    def url_prefix(self) -> str:
        """At the root, not under /webhooks/."""
        return "/unsubscribe"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """GET shows a button, POST withdraws."""
        blueprint = Blueprint("bondgenoot_unsubscribe")

        @blueprint.get("/")
        async def ask(request: Request) -> HTTPResponse:
            if not addresses.is_signed(self._key, request.args.get("a") or ""):
                return _page("unsubscribe_unknown", status=404)
            # Without an action the form posts to the address of this very page, signature and all.
            label = html.escape(texts.say("unsubscribe_button")[0])
            return _page("unsubscribe_ask", f'<form method="post"><button>{label}</button></form>')

        @blueprint.post("/")
        async def withdraw(request: Request) -> HTTPResponse:
            if len(request.body or b"") > LARGEST_BODY:
                return _page("unsubscribe_unknown", status=413)
            done = await asyncio.get_running_loop().run_in_executor(None, self._withdraw, request.args.get("a") or "")
            return _page("unsubscribe_done") if done else _page("unsubscribe_unknown", status=404)

        return blueprint

    def _withdraw(self, signed: str) -> bool:
        with self._engine.begin() as connection:
            return addresses.unsubscribe(connection, self._key, signed)


def _page(key: str, below: str = "", status: int = 200) -> HTTPResponse:
    title, text = (html.escape(" ".join(texts.say(name))) for name in ("unsubscribe_title", key))
    page = (
        '<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><main><h1>{title}</h1><p>{text}</p>{below}</main></html>"
    )
    return response.html(page, status=status, headers=HEADERS)
