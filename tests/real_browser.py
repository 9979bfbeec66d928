"""A real browser for tests: Debian's chromium, and browsers of people with cookies and storage of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from services import MissingProgramError, program

from bondgenoot.settings import ROOT

# A loaded machine is no fault of a page.
expect.set_options(timeout=20_000)

AXE: Path = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_chromium() -> str:
    """Debian's chromium, installed when it is not there."""
    try:
        return shutil.which("chromium-browser") or program("chromium", "chromium")
    except MissingProgramError as error:
        pytest.fail(str(error), pytrace=False)


@contextmanager
def people_in(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of people: each has cookies and storage of its own."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        made.append(browser.new_context(locale="nl-NL", timezone_id="Europe/Brussels", **options))
        made[-1].set_default_timeout(15000)
        return made[-1]

    yield make
    for each in made:
        each.close()


def findings(page: Page) -> list[Any]:
    """What axe finds wrong on a page as it is now, and what it could not judge: nothing is let through unseen."""
    # As a file of this machine, past the page's policy, which rightly refuses a script in the page.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    answer = page.evaluate(
        "levels => axe.run(document, { runOnly: levels, resultTypes: ['violations', 'incomplete'] })", LEVELS
    )
    return [
        (kind, found["id"], node["target"], node.get("failureSummary"))
        for kind in ("violations", "incomplete")
        for found in answer[kind]
        for node in found["nodes"]
    ]
