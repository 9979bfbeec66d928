"""Pictures of the widget in var/screenshots: for people to look at, and proof that it shows what it should."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import SCREENSHOTS
from playwright.sync_api import BrowserContext, expect
from site_with_login import CHAT, Chat, Site

QUESTION = "Hoe zeker ben je dat je dit gaat doen? Geef een getal van 0 tot 10."
WELCOME = [
    {"text": "Hallo, ik ben Bondgenoot. Ik ben een computerprogramma, geen mens. Ik stel vragen over vertrouwen op het werk."},
    {"text": "Waar wil je mee beginnen?", "buttons": [
        {"title": "Een dilemma bekijken", "payload": "/start_dilemma"},
        {"title": "Mijn eigen situatie", "payload": "/share_dilemma"},
        {"title": "De zelfscan", "payload": "/start_scan"},
    ]},
]  # fmt: skip
REPLIES = {
    "/share_dilemma": [{"text": "Wat is er gebeurd? Vertel het zoals het was. Namen zijn niet nodig."}],
    "mijn planning klopt niet meer en het team weet het nog niet": [
        {"text": "Wat wil je dat het team straks van je kan zeggen?"}
    ],
    "dat ik het eerlijk verteld heb": [
        {"text": "Wanneer vertel je het? Noem een dag, gewoon zoals je het zegt.", "ui": {"kind": "date"}}
    ],
    "morgen": [
        {"text": QUESTION, "ui": {"kind": "scale", "min": 0, "max": 10, "low": "niet zeker", "high": "heel zeker"}}
    ],
}


@pytest.fixture
def demo(site: Site, monkeypatch: pytest.MonkeyPatch, context: Callable[..., BrowserContext]) -> Callable[..., Chat]:
    """The example page of the channel itself, with demo identities."""
    for name in ("BONDGENOOT_TOKEN_KEY", "BONDGENOOT_TOKEN_ALGORITHM", "BONDGENOOT_TOKEN_ISSUER", "BONDGENOOT_ORIGINS"):
        monkeypatch.delenv(name, raising=False)
    site.stop()
    site.start()
    site.dialogue.welcome = WELCOME
    site.dialogue.replies.update(REPLIES)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return lambda **options: Chat(context(**options).new_page(), f"http://127.0.0.1:{site.port}/chat/").visit()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"viewport": {"width": 1280, "height": 800}}),
        ("dark", {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}),
        ("mobile", {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}),
    ],
)
def test_a_conversation_in_pictures(demo: Callable[..., Chat], name: str, options: dict) -> None:
    chat = demo(reduced_motion="reduce", **options)
    chat.button("Mijn eigen situatie").click()
    chat.wait_for("Wat is er gebeurd?")
    chat.page.screenshot(path=SCREENSHOTS / f"{name}-begin.png")
    chat.write("mijn planning klopt niet meer en het team weet het nog niet")
    chat.wait_for("Wat wil je dat het team")
    chat.write("dat ik het eerlijk verteld heb")
    expect(chat.button("over twee weken")).to_be_visible()
    chat.page.wait_for_timeout(500)
    chat.page.screenshot(path=SCREENSHOTS / f"{name}-day.png")
    chat.button("morgen").click()
    chat.page.get_by_role("radio", name="8").check(force=True)
    chat.page.wait_for_timeout(500)
    chat.page.screenshot(path=SCREENSHOTS / f"{name}-scale.png")
    chat.button("Menu").click()
    chat.page.screenshot(path=SCREENSHOTS / f"{name}-menu.png")
    chat.button("Sluiten").click()
    chat.page.screenshot(path=SCREENSHOTS / f"{name}-closed.png")
    expect(chat.page.locator(f"{CHAT} .launcher")).to_be_visible()
    chat.check()
