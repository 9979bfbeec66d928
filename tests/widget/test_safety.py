"""Nobody's words become markup; the page's policy holds; no other host is asked for anything; the script stays small."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from site_with_login import CHAT, ROOT, Chat, Site

from bondgenoot import widget_build

LARGEST_BUNDLE = 20_000  # bytes, gzipped
ATTACKS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg/onload=window.hacked=1>",
    '"><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    "javascript:window.hacked=1",
    "[klik](javascript:window.hacked=1)",
    "**<b onmouseover=window.hacked=1>vet</b>**",
    'https://example.org/"onmouseover="window.hacked=1',
    "mailto:a@b.nl?subject=<script>window.hacked=1</script>",
    "data:text/html,<script>window.hacked=1</script>",
    "</textarea></div><style>*{display:none}</style>",
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1} %3Cscript%3E",
]
ALLOWED = {"P", "BR", "SPAN", "STRONG", "A", "IMG", "DIV", "TIME", "BUTTON", "svg", "path"}


def harmless(chat: Chat) -> None:
    tags = set(chat.log.evaluate("log => [...log.querySelectorAll('*')].map(element => element.tagName)"))
    assert tags <= ALLOWED
    links = chat.log.evaluate("log => [...log.querySelectorAll('a')].map(link => link.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    handlers = chat.log.evaluate(
        "log => [...log.querySelectorAll('*')].flatMap(element => element.getAttributeNames()).filter(name => name.startsWith('on'))"
    )
    assert handlers == []
    for link in chat.log.get_by_role("link").all():
        link.hover()
    assert chat.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("attack", ATTACKS)
def test_from_a_person_from_a_name_and_from_content_it_stays_text(
    site: Site, window: Callable[..., Chat], attack: str
) -> None:
    name = f"dag {attack}"
    site.dialogue.replies["zeg het"] = [
        {"text": attack, "buttons": [{"title": attack, "payload": "knop"}]},
        {"text": "plaat", "image": attack, "ui": {"kind": "image", "alt": attack}},
        {"text": "bestand", "ui": {"kind": "file", "title": attack, "url": attack, "name": attack}},
    ]
    site.dialogue.replies["hoe heet ik"] = [{"text": f"Je heet {name}."}]
    site.dialogue.replies["schaal"] = [{"text": "?", "ui": {"kind": "scale", "low": attack, "high": attack}}]
    chat = window().open()
    chat.wait_for("Wat wil je doen?")
    chat.write(attack)
    chat.wait_for("Antwoord op")
    assert attack in chat.texts()
    chat.write("zeg het")
    chat.wait_for("bestand")
    chat.write("hoe heet ik")
    chat.wait_for("Je heet")
    harmless(chat)
    chat.write("schaal")
    expect(chat.page.locator(f"{CHAT} .ends")).to_have_text(attack + attack)
    assert chat.page.evaluate("window.hacked") is None
    chat.page.reload()
    chat.wait_for("Je heet")
    assert attack in chat.texts()
    assert chat.page.evaluate("window.hacked") is None


def test_a_link_opens_elsewhere_and_tells_nothing(site: Site, window: Callable[..., Chat]) -> None:
    site.dialogue.replies["link"] = [{"text": "Kijk op **https://example.org/a**, of mailto:hulp@example.org."}]
    chat = window().open()
    chat.write("link")
    link = chat.page.get_by_role("link", name="https://example.org/a (opent in een nieuw venster)")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(chat.page.get_by_role("link", name="hulp@example.org")).to_have_attribute("href", "mailto:hulp@example.org")


def test_the_demo_page_keeps_its_policy(
    tmp_path, monkeypatch, context, site: Site
) -> None:  # the policy of the channel's own pages
    for name in ("BONDGENOOT_TOKEN_KEY", "BONDGENOOT_TOKEN_ALGORITHM", "BONDGENOOT_TOKEN_ISSUER", "BONDGENOOT_ORIGINS"):
        monkeypatch.delenv(name, raising=False)
    site.stop()
    site.start()
    chat = Chat(context().new_page(), f"http://127.0.0.1:{site.port}/chat/").visit()
    chat.wait_for("Wat wil je doen?")
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    expect(chat.page.locator("#tag")).to_have_text(
        f'<script src="{chat.url}bondgenoot.js" data-token-url="/api/chat-token" defer></script>'
    )
    answer = chat.page.request.get(chat.url)
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    chat.check()


def test_the_script_is_small() -> None:
    size = len(gzip.compress(widget_build.SCRIPT.read_bytes(), 9))
    assert size <= LARGEST_BUNDLE, f"{size} bytes gzipped"


def test_the_script_makes_no_markup_and_runs_no_text() -> None:
    script = widget_build.SCRIPT.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script)


def test_one_runtime_dependency_and_no_address_of_a_registry() -> None:
    package = json.loads((ROOT / "widget" / "package.json").read_text())
    assert list(package["dependencies"]) == ["socket.io-client"]
    lock = (ROOT / "widget" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "://" not in lock


def test_every_text_is_in_the_one_file_of_texts() -> None:
    texts = (ROOT / "widget" / "src" / "texts.nl.json").read_text(encoding="utf-8")
    assert json.loads(texts)["lang"] == "nl"
    for file in (ROOT / "widget" / "src").glob("*.js"):
        code = re.sub(r"//.*|/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        dutch = re.findall(r"\b(?:bericht|verbinding|verstuur|vandaag|opnieuw|sluiten|kies)\w*", code, re.IGNORECASE)
        assert not dutch, file.name
