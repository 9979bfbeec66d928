"""The main job on the example page with the real processes and the trained model, by keyboard only."""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import BrowserContext, expect
from site_with_login import ROOT, Chat

from bondgenoot import settings
from bondgenoot.moments import follow_up_moment

QUESTION = "Hoe is het gegaan?"


def _whole() -> ModuleType:
    specification = importlib.util.spec_from_file_location("whole_conftest", ROOT / "tests" / "whole" / "conftest.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[object]:
    made = _whole().Installation(tmp_path)
    yield made
    made.stop()


class Typist(Chat):
    """Somebody who uses the keyboard and nothing else."""

    def go_to(self, name: str, back: bool = False) -> None:
        for _ in range(60):
            if self.focused() == name:
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{name!r} cannot be reached by Tab; the focus is on {self.focused()!r}")

    def choose(self, name: str) -> None:
        self.button(name).wait_for()
        self.go_to(name, back=True)
        self.page.keyboard.press("Enter")
        expect(self.input).to_be_focused()

    def say(self, text: str, answer: str) -> None:
        """Type where the focus is; wait for the answer in a bubble below what was typed."""
        expect(self.input).to_be_focused()
        before = len(self.texts())
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            """([before, answer]) => [...document.querySelector("bondgenoot-chat").shadowRoot.querySelectorAll(".bubble")]
            .slice(before + 1).some((bubble) => bubble.textContent.toLowerCase().includes(answer))""",
            arg=[before, answer.lower()],
            timeout=60000,
        )


def test_from_the_welcome_to_a_kept_promise(installation, context: Callable[..., BrowserContext]) -> None:
    day = datetime.date.today() + datetime.timedelta(days=10)
    ask_at = follow_up_moment(day, None, settings.load({}))
    installation.start()
    browser = context(viewport={"width": 1280, "height": 900})
    chat = Typist(browser.new_page(), f"{installation.url}/chat/").visit()
    chat.wait_for("computerprogramma")
    chat.go_to("Je bericht")
    chat.choose("Een dilemma bekijken")
    chat.wait_for("Wat zou jij doen?")
    chat.say("1", "Wat maakt dat je dat kiest?")
    chat.say("omdat ik vind dat je moet doen wat je zegt, ook als het slecht uitkomt", "stoelwissel")
    chat.say("ik zou me wel serieus genomen voelen maar ook teleurgesteld zijn", "eigen stoel")
    chat.say("eerlijkheid, en dat mensen op mij kunnen rekenen", "oefening")
    chat.choose("Ja")
    chat.wait_for("Past deze oefening bij je?")
    chat.say("deze neem ik", "Welke ene actie")
    chat.say("ik vertel mijn team eerlijk dat de planning niet klopt", "Wanneer")
    chat.say(f"{day.day}/{day.month}", "tegenhouden")
    chat.say("dat het te druk is", "druk")
    chat.say("dan begin ik het overleg ermee", "0 tot 10")
    chat.say("8", "ik vertel mijn team eerlijk dat de planning niet klopt")
    chat.say("ja dat klopt", "Bewaard")
    chat.wait_for("Werk je in Nederland of in België?")
    chat.page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()
    chat.check()
    installation.stop()

    # The promised moment passes while nothing runs. Afterwards the page, which stayed open, is told.
    installation.start(ask_at + datetime.timedelta(hours=1) - datetime.datetime.now(datetime.timezone.utc))
    expect(chat.launcher).to_have_accessible_name("Bondgenoot openen, 1 nieuw bericht", timeout=60000)
    chat.page.keyboard.press("Enter")
    chat.wait_for("Je nam je voor")
    chat.say("goh half, ik heb het aan een paar mensen verteld", "Wat lukte wel")
    chat.page.reload()
    chat.wait_for("Wat lukte wel")
    asked = [text for text in chat.texts() if QUESTION in text]
    assert len(asked) == 1, chat.texts()
    chat.check()
