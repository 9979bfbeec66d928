"""GET /workshop/...: the trainers' page, off unless BONDGENOOT_WORKSHOP=on. Decision 15 says what it protects."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bondgenoot import keys, publications, settings
from bondgenoot.errors import BondgenootError, SettingsError
from bondgenoot.settings import ROOT
from bondgenoot.store import shared_sentences
from bondgenoot.store.database import connect, reader
from bondgenoot.store.schema import Cipher
from bondgenoot.workshop import confusion, language_data, page
from bondgenoot.workshop.filing import file_sentence
from bondgenoot.workshop.findings import Findings
from bondgenoot.workshop.overview import Overview, read_overview
from bondgenoot.workshop.page import Notice, word
from bondgenoot.workshop.pictures import PATH
from channels.turn import OnNewMessage, log_without_words
from channels.visitors import RateLimit
from channels.workshop_access import Access, NoEntryError, Trainer

CSS = Path(page.__file__).with_name("page.css")
LARGEST_BODY = 16 * 1024
AT_ONCE = 2
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that a browser would not say where a form comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}

Result = TypeVar("Result")
Show = Callable[[str], "str | None"]


class WorkshopInput(InputChannel):
    """No channel to talk through, but Rasa lets only channels add routes."""

    def __init__(self, root: Path = ROOT) -> None:
        """`root` is the project folder that is shown and written to.

        Raises:
            SettingsError: the page is off, or nobody could be told from anybody else.
        """
        self._root, self._settings = root, settings.load()
        if self._settings.workshop is None:
            raise SettingsError("The workshop page is off: set BONDGENOOT_WORKSHOP=on.")
        self._access = Access(self._settings, self._settings.workshop)
        self._cipher = Cipher(keys.data_key(self._settings.home))
        self._engine = connect(self._settings.database_url)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="workshop")
        self._writing = threading.Lock()
        self._rate = RateLimit(limit=60)

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "workshop"

    def url_prefix(self) -> str:
        """At the root, not under /webhooks/."""
        return PATH

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """All routes. Every page but the stylesheet and signing in is for trainers only."""
        blueprint = Blueprint("bondgenoot_workshop")

        async def secure(request: Request, answer: HTTPResponse) -> None:
            if request.path == PATH or request.path.startswith(f"{PATH}/"):
                for name, value in HEADERS.items():
                    answer.headers.setdefault(name, value)

        @blueprint.listener("before_server_start")
        async def on_start(app: Sanic, _loop: object) -> None:
            # On the app: a blueprint's own middleware misses the 404s under its prefix.
            app.register_middleware(secure, "response")  # type: ignore[arg-type]

        @blueprint.exception(Exception)
        async def explain(request: Request, error: Exception) -> HTTPResponse:
            return self._explain(error)

        @blueprint.get("/page.css")
        async def css(request: Request) -> HTTPResponse:
            return response.raw(CSS.read_bytes(), content_type="text/css; charset=utf-8")

        @blueprint.get("/")
        async def start(request: Request) -> HTTPResponse:
            return await self._overview(request, lambda overview, key: page.map_page(overview, key))

        @blueprint.get("/dilemma/<name:str>")
        async def dilemma(request: Request, name: str) -> HTTPResponse:
            return await self._overview(request, lambda overview, key: page.dilemma_page(overview, name, key))

        @blueprint.get("/practice/<name:str>")
        async def practice(request: Request, name: str) -> HTTPResponse:
            return await self._overview(request, lambda overview, key: page.practice_page(overview, name, key))

        @blueprint.get("/item/<number:int>")
        async def item(request: Request, number: int) -> HTTPResponse:
            return await self._overview(request, lambda overview, key: page.item_page(overview, number, key))

        @blueprint.get("/coverage")
        async def coverage(request: Request) -> HTTPResponse:
            return await self._overview(request, lambda overview, key: page.coverage_page(overview, key))

        @blueprint.get("/confusion")
        async def confused(request: Request) -> HTTPResponse:
            return await self._show(request, self._confusion)

        @blueprint.get("/inbox")
        async def inbox(request: Request) -> HTTPResponse:
            return await self._show(request, lambda key: self._inbox(key, None))

        @blueprint.post("/inbox")
        async def settle(request: Request) -> HTTPResponse:
            trainer = self._own_form(request)
            key = self._access.form_key(trainer)
            sent = {name: field(request, name) for name in ("id", "do", "sentence", "intent")}
            notice = await self._in_thread(lambda: self._settle(**sent))
            # 200 also with a problem: it is told where the trainer is, with what they wrote.
            return response.html(await self._in_thread(lambda: self._inbox(key, notice)))

        @blueprint.post("/sign-in")
        async def sign_in(request: Request) -> HTTPResponse:
            return self._let_in(request, lambda answer: self._access.sign_in(request, answer, field(request, "token")))

        @blueprint.post("/demo")
        async def sign_in_demo(request: Request) -> HTTPResponse:
            return self._let_in(request, lambda answer: self._access.sign_in_demo(request, answer))

        @blueprint.post("/sign-out")
        async def sign_out(request: Request) -> HTTPResponse:
            self._own_form(request)
            answer = response.html(page.message_page("sign_in_title", "signed_out"))
            self._access.sign_out(answer)
            return answer

        return blueprint

    # ---- Showing

    async def _overview(self, request: Request, show: Callable[[Overview, str], str | None]) -> HTTPResponse:
        return await self._show(request, lambda key: show(read_overview(self._root), key))

    async def _show(self, request: Request, show: Show) -> HTTPResponse:
        trainer = self._access.trainer(request)
        key = self._access.form_key(trainer)
        body = await self._in_thread(lambda: show(key))
        if body is None:
            return response.html(page.message_page("not_found_title", "not_found", form_key=key), status=404)
        return response.html(body)

    def _confusion(self, key: str) -> str:
        live = publications.current()
        return page.confusion_page(confusion.find(self._settings), live.model if live else "", key)

    def _inbox(self, key: str, notice: Notice | None) -> str:
        with reader(self._engine).begin() as connection:
            sentences = shared_sentences.shown(connection, self._cipher)
        data = language_data.read(self._root, Findings(self._root)) if sentences else None
        intents = sorted({example.intent for example in data.examples}) if data else []
        return page.inbox_page(sentences, intents, key, notice)

    # ---- Filing

    def _settle(self, id: str, do: str, sentence: str, intent: str) -> Notice:
        """File a sentence or throw it away; only one that trainers may see at this moment."""
        # One at a time: two at once would each write the file as it was before the other.
        with self._writing:
            with reader(self._engine).begin() as connection:
                found = shared_sentences.find(connection, self._cipher, id)
            if found is None:
                return Notice(word("inbox_gone"), is_problem=True)
            text = " ".join(sentence.split()) or found.text
            told = word("inbox_dropped")
            if do != "drop":
                if not intent:
                    return Notice(word("inbox_no_intent"), True, id, text)
                try:
                    path, line = file_sentence(text, intent, self._root)
                except BondgenootError as error:
                    return Notice(str(error), True, id, text, intent)
                told = word("inbox_filed", text=text, path=path.relative_to(self._root), line=line)
            with self._engine.begin() as connection:
                shared_sentences.drop(connection, id)
            return Notice(told)

    # ---- At the door

    def _own_form(self, request: Request) -> Trainer:
        if len(request.body) > LARGEST_BODY:
            raise NoEntryError(413, "too_large")
        trainer = self._access.trainer(request)
        self._access.check_form(request, trainer, field(request, "key"))
        if self._rate.wait(trainer.session):
            raise NoEntryError(429, "too_many")
        return trainer

    def _let_in(self, request: Request, sign_in: Callable[[HTTPResponse], None]) -> HTTPResponse:
        if len(request.body) > LARGEST_BODY:
            raise NoEntryError(413, "too_large")
        # A page of its own that goes on by itself: after a form of the intranet a redirect would come without cookie.
        answer = response.html(page.message_page("sign_in_title", "sign_in_done", refresh=True))
        sign_in(answer)
        return answer

    def _explain(self, error: Exception) -> HTTPResponse:
        if isinstance(error, NoEntryError) and error.status == 401:
            return response.html(page.sign_in_page(self._access.role, self._access.is_demo, error.code), status=401)
        if isinstance(error, NoEntryError):
            title = "not_found_title" if error.status == 404 else "refused_title"
            return response.html(page.message_page(title, error.code), status=error.status)
        if isinstance(error, SanicException) and error.status_code in (404, 405):
            return response.html(page.message_page("not_found_title", "not_found"), status=error.status_code)
        log_without_words("A request of the workshop failed", error)
        return response.html(page.message_page("failed_title", "failed"), status=500)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def field(request: Request, name: str) -> str:
    """A field of a form, '' when it is not there."""
    return str((request.form or {}).get(name) or "")
