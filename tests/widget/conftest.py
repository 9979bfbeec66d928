"""A real browser, the intranet of `site`, and the stand-in of `double`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_window import ISSUER, SECRET
from double import Double
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from real_browser import find_chromium, people_in
from services import free_port
from site_with_login import ROOT, Chat, Site

from bondgenoot import settings, widget_build
from bondgenoot.store import schema
from bondgenoot.store.database import connect

SCREENSHOTS = ROOT / "var" / "screenshots"


@pytest.fixture(scope="session")
def chromium() -> str:
    return find_chromium()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    if not widget_build.SCRIPT.exists():
        pytest.fail("The widget is not built: make widget.", pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    with people_in(browser) as made:
        yield made


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in settings.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BONDGENOOT_HOME", str(tmp_path))
    monkeypatch.setenv("BONDGENOOT_TOKEN_KEY", SECRET)
    monkeypatch.setenv("BONDGENOOT_TOKEN_ALGORITHM", "HS256")
    monkeypatch.setenv("BONDGENOOT_TOKEN_ISSUER", ISSUER)
    engine = connect(settings.load().database_url)
    schema.metadata.create_all(engine)
    engine.dispose()
    made = Site()
    made.start()
    yield made
    made.close()


@pytest.fixture
def window(site: Site, context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Chat]]:
    """Opens windows of people on the intranet; afterwards each is asked whether anything improper happened."""
    opened: list[Chat] = []

    def make(person: str = "anna", beside: Chat | None = None, **options: Any) -> Chat:
        browser_of_person = beside.page.context if beside else context(**options)
        opened.append(site.chat(browser_of_person, person))
        return opened[-1].visit()

    yield make
    for each in opened:
        each.check()


@pytest.fixture
def double() -> Iterator[Double]:
    made = Double(free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture
def chat(double: Double, context: Callable[..., BrowserContext]) -> Iterator[Chat]:
    """A window on the stand-in, not opened yet."""
    made = Chat(context(viewport={"width": 1000, "height": 800}).new_page(), double.url)
    yield made
    made.check()
