"""GET /chat/files/<key>/<name>: a person's charts, calendar entries and export, behind links that end."""

from __future__ import annotations

import asyncio
import html
from concurrent.futures import ThreadPoolExecutor

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import files, keys, links, settings, texts
from bondgenoot.clock import Clock
from bondgenoot.errors import FileGoneError, LinkError, LinkExpiredError
from bondgenoot.store import file_links
from bondgenoot.store.database import connect, reader
from bondgenoot.store.schema import Cipher
from channels.turn import OnNewMessage, log_without_words

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # The widget stands on pages of other hosts; who has the link may see the picture.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
AT_ONCE = 2


class FilesInput(InputChannel):
    """No channel to talk through, but Rasa lets only channels add routes."""

    def __init__(self) -> None:
        """Open the product's database, to read only."""
        self._settings = settings.load()
        self._clock = Clock.from_settings(self._settings)
        self._links = links.Links(keys.session_key(self._settings.home))
        self._cipher = Cipher(keys.data_key(self._settings.home))
        self._engine = connect(self._settings.database_url)
        # Reading and drawing take their time; the event loop serves everybody else meanwhile.
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files")

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "files"

    def url_prefix(self) -> str:
        """Beside the chat page."""
        return links.PATH

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """One route, to read."""
        blueprint = Blueprint("bondgenoot_files")

        @blueprint.route("/<token:str>/<name:str>", methods=["GET", "HEAD"])
        async def serve(request: Request, token: str, name: str) -> HTTPResponse:
            try:
                file = await asyncio.get_running_loop().run_in_executor(self._threads, self._build, token)
                if file.name != name:
                    raise FileGoneError("There is a file, but under another name.")
            except LinkExpiredError:
                return explain(410, "link_expired")
            except FileGoneError:
                return explain(404, "link_gone")
            except LinkError:
                return explain(404, "link_forged")
            except Exception as error:
                log_without_words("A file could not be made", error)
                return explain(503, "link_failed")
            where = "inline" if file.shown else "attachment"
            headers = {**HEADERS, "Content-Disposition": f'{where}; filename="{file.name}"'}
            return response.raw(file.body, headers=headers, content_type=file.content_type)

        return blueprint

    def _build(self, token: str) -> files.File:
        now = self._clock.now()
        with reader(self._engine).begin() as connection:
            link = file_links.find(connection, self._cipher, self._links, token, now)
        return files.build(link, self._engine, self._cipher, self._settings, now)


def explain(status: int, key: str) -> HTTPResponse:
    """A plain page that says what is the matter and what to do."""
    title = html.escape(texts.say("link_title")[0])
    said = "".join(f"<p>{html.escape(bubble)}</p>" for bubble in texts.say(key))
    page = (
        f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><h1>{title}</h1>{said}'
    )
    return response.html(page, status=status, headers=HEADERS)
