"""A real browser on the workshop page, which shows and writes a copy of the project."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from chat_window import ISSUER, SECRET
from copied import copy_of_the_project
from fixed_clock import FixedClock
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from rasa.core import channels as rasa_channels
from rasa.core.agent import Agent
from rasa.server import create_app
from real_browser import find_chromium, people_in
from sanic import Sanic

from bondgenoot import keys
from bondgenoot.settings import Settings
from bondgenoot.store import people, shared_sentences
from bondgenoot.store.schema import Cipher
from channels.intranet import IntranetInput
from channels.workshop import WorkshopInput


class Site:
    """A server as `make start` runs it with the workshop on, without a model: the page needs none."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = ""

    def start(self) -> None:
        ready: Future[None] = Future()

        def run() -> None:
            try:
                self._loop = asyncio.new_event_loop()
                asyncio.set_event_loop(self._loop)
                self._loop.run_until_complete(self._serve())
            except BaseException as error:
                ready.set_exception(error)
                return
            ready.set_result(None)
            self._loop.run_forever()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.result(30)

    async def _serve(self) -> None:
        Sanic.test_mode = True
        app = create_app(agent=Agent(), cors_origins=None, auth_token="token")
        inputs: list[Any] = [IntranetInput(), WorkshopInput(self.root)]
        rasa_channels.channel.register(inputs, app, route="/webhooks/")
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()

    def stop(self) -> None:
        async def end() -> None:
            await self._server.before_stop()
            self._server.close()
            await self._server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_chromium())
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    with people_in(browser) as made:
        yield made


@pytest.fixture
def login(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An organisation with its own login, and the workshop on."""
    monkeypatch.setenv("BONDGENOOT_WORKSHOP", "on")
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", SECRET)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ALGORITHM", "HS256")
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)


@pytest.fixture
def demo(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who tries it out on this machine, with the workshop on."""
    monkeypatch.setenv("BONDGENOOT_WORKSHOP", "on")


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    made = Site(copy_of_the_project(tmp_path / "project"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def share(engine: sa.engine.Engine, settings: Settings, clock: FixedClock) -> Callable[..., None]:
    """Somebody agrees to share, and a sentence of theirs was not understood."""
    cipher = Cipher(keys.data_key(settings.home))

    def make(person: str, text: str, guess: str = "") -> None:
        with engine.begin() as connection:
            people.touch(connection, person, clock.now())
            shared_sentences.agree(connection, person, clock.now())
            assert shared_sentences.keep(connection, cipher, person, text, guess, clock.now())

    return make
