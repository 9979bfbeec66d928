"""By keyboard and by ear: roles, names, focus, silence and announcements; small screens; axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from real_browser import findings
from site_with_login import CHAT, Chat, Site

Window = Callable[..., Chat]
PHONE = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
PLATE = "/chat/files/a/grafiek.svg"
WIDE = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><rect width="900" height="500" fill="#cde"/></svg>'
WIDTH_OF_PICTURE = (
    """() => document.querySelector("bondgenoot-chat").shadowRoot.querySelector(".picture img")?.naturalWidth"""
)
KINDS = ("bestand", "plaat", "dag", "zeker")
# Links in a sentence are as high as its text, which the criterion allows.
TARGETS = """() => [...document.querySelector("bondgenoot-chat").shadowRoot.querySelectorAll("button, input, textarea, a:not(p a)")]
  .map((element) => [element, element.getBoundingClientRect()]).filter(([, box]) => box.width)
  .map(([element, box]) => ({ what: element.className || element.type, text: element.textContent, size: Math.min(box.width, box.height) }))"""
# Writes down whether the log was silent at each addition.
LISTEN = """() => {
  const log = document.querySelector("bondgenoot-chat").shadowRoot.querySelector("[role=log]");
  window.heard = [];
  new MutationObserver((changes) => { for (const { addedNodes } of changes) for (const node of addedNodes)
    if (node.classList?.contains("row")) heard.push([log.getAttribute("aria-live"), node.querySelector("p")?.textContent]);
  }).observe(log, { childList: true });
}"""


def everything(site: Site) -> None:
    """One of each thing that a message can have."""
    scale = {"kind": "scale", "min": 0, "max": 10, "low": "niet zeker", "high": "heel zeker"}
    file = {
        "kind": "file",
        "title": "Zet in je agenda: het gesprek met het team over de planning",
        "url": "/chat/files/a/v.ics",
        "name": "v.ics",
    }
    buttons = [{"title": "Ja, dat klopt", "payload": "/affirm"}, {"title": "Nee", "payload": "/deny"}]
    site.dialogue.replies.update(
        {
            "bestand": [{"text": "Bestand: een **vet** woord, en https://example.org.", "ui": file}],
            "plaat": [{"text": "Een plaat.", "image": PLATE, "ui": {"kind": "image", "alt": "Een grafiek"}}],
            "dag": [{"text": "Wanneer?", "ui": {"kind": "date"}, "buttons": buttons}],
            "zeker": [{"text": "Hoe zeker ben je?", "ui": scale, "buttons": buttons}],
        }
    )


def show(chat: Chat, site: Site, text: str) -> None:
    """Have it said and wait until all of it is there, the picture too."""
    chat.page.route(f"**{PLATE}", lambda route: route.fulfill(body=WIDE, content_type="image/svg+xml"))
    chat.write(text)
    chat.log.get_by_text(site.dialogue.replies[text][0]["text"][:6]).last.wait_for()
    if text == "plaat":
        chat.page.wait_for_function(WIDTH_OF_PICTURE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_closed_open_and_with_everything_in_it(site: Site, window: Window, scheme: str) -> None:
    everything(site)
    chat = window(color_scheme=scheme, reduced_motion="reduce")
    assert findings(chat.page) == []
    chat.open()
    chat.wait_for("Wat wil je doen?")
    assert findings(chat.page) == []
    for text in KINDS:
        show(chat, site, text)
        chat.page.wait_for_timeout(300)
        assert findings(chat.page) == []
    chat.button("Menu").click()
    assert findings(chat.page) == []
    site.stop()
    chat.notice.wait_for()
    chat.button("Menu").click()
    chat.write("zonder verbinding")
    assert findings(chat.page) == []


def test_axe_looks_inside_the_chat_and_what_it_cannot_judge_is_not_let_through(site: Site, window: Window) -> None:
    chat = window().open()
    chat.wait_for("Wat wil je doen?")
    rule = "rule => document.querySelector('bondgenoot-chat').shadowRoot.adoptedStyleSheets[0].insertRule(rule, 0)"
    chat.page.evaluate(rule, ".bot .bubble { background: linear-gradient(#fff, #eee) !important; }")
    assert ("incomplete", "color-contrast") in [found[:2] for found in findings(chat.page)]
    chat.page.evaluate(rule, ".choice { color: #ccc !important; }")
    assert ("violations", "color-contrast") in [found[:2] for found in findings(chat.page)]


def test_the_roles_and_names_that_a_screen_reader_tells(site: Site, window: Window) -> None:
    chat = window()
    expect(chat.launcher).to_have_accessible_name("Bondgenoot openen")
    chat.open()
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    dialog = chat.page.get_by_role("dialog", name="Bondgenoot")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading", name="Bondgenoot")).to_be_visible()
    expect(dialog.get_by_role("log", name="Gesprek met Bondgenoot")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Je bericht")).to_be_focused()
    for name in ("Menu", "Sluiten", "Verstuur"):
        expect(dialog.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(chat.page.locator(f"{CHAT} .user .bubble")).to_have_text("Jij: hallo")
    expect(chat.page.locator(f"{CHAT} .bot .bubble").last).to_have_text("Bondgenoot: Antwoord op hallo")
    expect(dialog.locator("p.day")).to_have_text(["Vandaag"])


def test_the_order_of_the_keyboard_and_escape(site: Site, window: Window) -> None:
    chat = window()
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Een andere pagina"
    chat.page.keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    chat.page.keyboard.press("Enter")
    chat.wait_for("Wat wil je doen?")
    expect(chat.input).to_be_focused()
    order = []
    for _ in range(5):
        chat.page.keyboard.press("Shift+Tab")
        order.append(chat.focused())
    assert order == ["De zelfscan", "Een dilemma bekijken", "Gesprek met Bondgenoot", "Sluiten", "Menu"]
    chat.page.keyboard.press("Enter")
    expect(chat.button("Menu")).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Wat kan ik hier doen?"
    # The first Escape closes the menu, the second the panel.
    chat.page.keyboard.press("Escape")
    expect(chat.button("Menu")).to_be_focused()
    expect(chat.button("Menu")).to_have_attribute("aria-expanded", "false")
    chat.page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()
    expect(chat.input).to_be_hidden()


def test_a_replay_is_silent_and_what_is_new_is_read_out(site: Site, window: Window) -> None:
    chat = window().open()
    chat.write("eerder gezegd")
    chat.wait_for("Antwoord op eerder gezegd")
    chat.page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => setTimeout({LISTEN}))"  # before the history can be there
    )
    chat.page.reload()
    chat.wait_for("Antwoord op eerder gezegd")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    replayed = chat.page.evaluate("window.heard")
    assert len(replayed) == 4
    assert {live for live, _ in replayed} == {"off"}
    (conversation,) = site.conversations()
    site.follow_up(conversation)
    chat.wait_for("Hoe ging het?")
    assert chat.page.evaluate("window.heard.at(-1)") == ["polite", "Hoe ging het?"]


def test_opening_tells_how_much_is_new(site: Site, window: Window) -> None:
    chat = window().open()
    chat.write("tot later")
    chat.wait_for("Antwoord op tot later")
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("dialog")).to_have_count(0)
    (conversation,) = site.conversations()
    site.follow_up(conversation)
    expect(chat.launcher).to_have_accessible_name("Bondgenoot openen, 1 nieuw bericht")
    chat.open()
    expect(chat.page.get_by_role("dialog").get_by_role("status").filter(has_text="1 nieuw bericht")).to_have_count(1)


@pytest.mark.parametrize("viewport", [PHONE, ZOOMED], ids=["320 px", "400 %"])
def test_on_a_small_screen_nothing_is_lost(site: Site, window: Window, viewport: dict[str, int]) -> None:
    everything(site)
    chat = window(viewport=viewport).open()
    for text in KINDS:
        show(chat, site, text)
        sizes = chat.page.evaluate(
            """() => { const root = document.querySelector("bondgenoot-chat").shadowRoot, log = root.querySelector(".log");
            const lost = [...root.querySelectorAll("dialog, dialog *")].filter((element) => {
              const box = element.getBoundingClientRect();
              return box.width && !element.closest(".unseen, svg") && (box.left < -1 || box.right > innerWidth + 1);
            });
            return { lost: lost.map((element) => element.className || element.tagName),
              sideways: [document.documentElement.scrollWidth - innerWidth, log.scrollWidth - log.clientWidth] }; }"""
        )
        assert sizes == {"lost": [], "sideways": [0, 0]}, text
    # What can be opened or saved is brought into view whole, between the title bar and the field.
    for thing in ("a.file", "a.picture", "form.picker .choice"):
        chat.page.locator(f"{CHAT} {thing}").last.scroll_into_view_if_needed()
        expect(chat.page.locator(f"{CHAT} {thing}").last).to_be_in_viewport(ratio=0.5 if thing == "a.picture" else 1)
    # On such a screen the panel is the screen: the page behind it cannot be reached.
    assert chat.page.evaluate(
        "document.querySelector('bondgenoot-chat').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    # Everything can be brought into view and used.
    chat.page.get_by_role("radio", name="10").check(force=True)
    chat.button("Kies dit getal").click()
    chat.wait_for("Antwoord op 10")
    expect(chat.input).to_be_in_viewport()
    chat.button("Menu").click()
    chat.button("Download mijn gegevens").click()
    chat.wait_for("Antwoord op Download mijn gegevens")
    chat.button("Sluiten").click()
    expect(chat.launcher).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1000, "height": 800}], ids=["320 px", "desktop"])
def test_targets_are_24_pixels_at_least(site: Site, window: Window, viewport: dict[str, int]) -> None:
    everything(site)
    chat = window(viewport=viewport).open()
    measured: set[str] = set()
    # After each of them, since an answer takes the picker of the question before it away.
    for text in KINDS:
        show(chat, site, text)
        chat.button("Menu").click()
        targets = chat.page.evaluate(TARGETS)
        assert [target for target in targets if target["size"] < 24] == [], text
        measured |= {target["what"] for target in targets}
        chat.page.keyboard.press("Escape")
    assert measured >= {"date", "radio", "file", "picture", "choice", "tool", "send", "textarea"}


def test_turning_the_screen_keeps_the_panel_the_draft_and_the_focus(site: Site, window: Window) -> None:
    chat = window(viewport={"width": 1000, "height": 800}).open()
    chat.input.fill("half")
    chat.page.set_viewport_size(PHONE)
    expect(chat.input).to_be_focused()
    chat.page.set_viewport_size({"width": 1000, "height": 800})
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("half")


def test_with_the_colours_of_the_system_sides_and_states_stay_visible(site: Site, window: Window) -> None:
    chat = window(forced_colors="active").open()
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    style = "element => getComputedStyle(element).{}"
    assert chat.page.locator(f"{CHAT} .user .bubble").evaluate(style.format("borderTopWidth")) == "2px"
    assert chat.page.locator(f"{CHAT} .send").evaluate(style.format("borderTopStyle")) == "solid"


def test_who_wants_no_motion_gets_none(site: Site, window: Window) -> None:
    chat = window(reduced_motion="reduce").open()
    chat.wait_for("Wat wil je doen?")
    assert chat.log.evaluate("log => getComputedStyle(log).scrollBehavior") == "auto"
    chat.write("traag")
    expect(chat.page.locator(f"{CHAT} .typing i").first).to_have_css("animation-name", "none")


def test_a_host_page_sets_the_look(site: Site, window: Window) -> None:
    site.attributes = 'data-position="left" data-theme="dark" data-open'
    chat = window()
    chat.wait_for("Wat wil je doen?")
    box = chat.page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] < 50
    chat.page.evaluate("document.documentElement.style.setProperty('--bondgenoot-accent', 'rgb(1, 2, 3)')")
    expect(chat.page.locator(f"{CHAT} .send")).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(chat.page.get_by_role("dialog")).to_have_css("background-color", "rgb(18, 26, 25)")
