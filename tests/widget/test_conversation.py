"""The conversation, with the real channel: what people see, in one window, in two, and what others never see."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from site_with_login import CHAT, Chat, Site

Window = Callable[..., Chat]


def test_who_only_passes_by_leaves_no_trace(site: Site, window: Window) -> None:
    chat = window()
    chat.page.wait_for_timeout(500)
    assert site.conversations() == []
    chat.open().wait_for("Hallo, ik ben Bondgenoot.")
    assert len(site.conversations()) == 1


def test_what_is_typed_is_answered_and_the_focus_stays_in_the_input(site: Site, window: Window) -> None:
    chat = window().open()
    chat.wait_for("Wat wil je doen?")
    chat.write("hallo daar")
    chat.wait_for("Antwoord op hallo daar")
    assert chat.texts() == ["Hallo, ik ben Bondgenoot.", "Wat wil je doen?", "hallo daar", "Antwoord op hallo daar"]
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("")


def test_a_button_is_used_once_and_stays_visible_as_pressed(site: Site, window: Window) -> None:
    chat = window().open()
    chat.button("De zelfscan").click()
    chat.wait_for("Antwoord op /start_scan")
    pressed = chat.page.get_by_role("button", name="De zelfscan", pressed=True)
    expect(pressed).to_be_disabled()
    expect(chat.button("Een dilemma bekijken")).to_be_disabled()
    assert chat.texts()[2] == "De zelfscan"
    expect(chat.input).to_be_focused()
    chat.page.reload()
    chat.wait_for("Antwoord op /start_scan")
    expect(pressed).to_be_disabled()
    assert site.said_by_people() == ["/start_scan"]


def test_a_day_is_chosen_by_a_common_answer_or_by_date_and_sent_as_dutch_text(site: Site, window: Window) -> None:
    site.dialogue.replies["wanneer"] = [{"text": "Wanneer doe je het?", "ui": {"kind": "date"}}]
    chat = window().open()
    chat.write("wanneer")
    chat.button("volgende week maandag").click()
    chat.wait_for("Antwoord op volgende week maandag")
    chat.write("wanneer")
    chat.page.get_by_label("Of een andere dag").fill("2031-12-03")
    chat.button("Kies deze dag").click()
    chat.wait_for("Antwoord op 3 december 2031")


def test_a_number_is_chosen_with_the_arrow_keys_and_sent_only_when_confirmed(site: Site, window: Window) -> None:
    ui = {"kind": "scale", "min": 0, "max": 10, "low": "niet zeker", "high": "heel zeker"}
    site.dialogue.replies["zeker"] = [{"text": "Hoe zeker ben je?", "ui": ui}]
    chat = window().open()
    chat.write("zeker")
    group = chat.page.get_by_role("group", name="Kies een getal van 0 tot 10")
    expect(group.get_by_role("radio")).to_have_count(11)
    group.get_by_role("radio", name="5", exact=True).focus()
    chat.page.keyboard.press("Space")
    chat.page.keyboard.press("ArrowRight")
    chat.page.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="7", exact=True)).to_be_checked()
    assert site.said_by_people() == ["zeker"]
    chat.page.keyboard.press("Enter")
    chat.wait_for("Antwoord op 7")
    expect(chat.input).to_be_focused()
    expect(group).to_have_count(0)


def test_pictures_and_files_come_from_the_server_and_have_a_text(site: Site, window: Window) -> None:
    site.dialogue.replies["plaat"] = [
        {
            "text": "Integriteit 4, intentie 3.",
            "image": "https://elders.example/chat/icon.svg",
            "ui": {"kind": "image", "alt": "Grafiek van je scan"},
        }
    ]
    file = {"kind": "file", "title": "Zet in je agenda", "url": "//elders.example/chat/files/a/v.ics", "name": "v.ics"}
    site.dialogue.replies["bestand"] = [{"text": "Voor in je agenda.", "ui": file}]
    chat = window().open()
    chat.write("plaat")
    server = f"http://127.0.0.1:{site.port}"
    expect(chat.page.get_by_role("img", name="Grafiek van je scan")).to_have_attribute("src", f"{server}/chat/icon.svg")
    chat.write("bestand")
    link = chat.page.get_by_role("link", name="Zet in je agenda")
    expect(link).to_have_attribute("href", f"{server}/chat/files/a/v.ics")
    expect(link).to_have_attribute("download", "v.ics")


def test_the_menu_sends_ordinary_texts(site: Site, window: Window) -> None:
    chat = window().open()
    chat.button("Menu").click()
    chat.button("Mijn overzicht").click()
    chat.wait_for("Antwoord op Mijn overzicht")
    expect(chat.button("Mijn overzicht")).to_have_count(0)
    expect(chat.input).to_be_focused()


def test_enter_sends_shift_enter_breaks_and_a_composition_is_left_alone(site: Site, window: Window) -> None:
    chat = window().open()
    chat.input.focus()
    chat.page.keyboard.insert_text("een")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.insert_text("twee")
    expect(chat.input).to_have_value("een\ntwee")
    chat.input.evaluate(
        """element => { for (const how of [{ isComposing: true }, { keyCode: 229 }]) element.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...how })); }"""
    )
    expect(chat.input).to_have_value("een\ntwee")
    chat.page.keyboard.press("Enter")
    chat.wait_for("Antwoord op een")
    assert site.said_by_people() == ["een\ntwee"]


def test_what_one_window_says_the_other_shows_in_the_same_order(site: Site, window: Window) -> None:
    one = window().open()
    one.wait_for("Wat wil je doen?")
    two = window(beside=one).open()
    one.write("uit het eerste venster")
    two.wait_for("Antwoord op uit het eerste venster")
    two.write("uit het tweede")
    one.wait_for("Antwoord op uit het tweede")
    two.wait_for("Antwoord op uit het tweede")
    assert one.texts() == two.texts()
    assert len(one.texts()) == 6


def test_two_people_never_see_each_other(site: Site, window: Window) -> None:
    anna, bram = window("anna").open(), window("bram").open()
    anna.write("alleen van Anna")
    bram.write("alleen van Bram")
    anna.wait_for("Antwoord op alleen van Anna")
    bram.wait_for("Antwoord op alleen van Bram")
    for chat, other in ((anna, "Bram"), (bram, "Anna")):
        chat.page.reload()
        chat.wait_for("Antwoord op alleen van")
        assert not [text for text in chat.texts() if other in text]


def test_who_signs_in_after_somebody_else_in_the_same_tab_finds_nothing_of_them(site: Site, window: Window) -> None:
    chat = window("anna").open()
    chat.write("van Anna")
    chat.wait_for("Antwoord op van Anna")
    chat.input.fill("een half bericht van Anna")
    site.stop()
    chat.notice.wait_for()
    chat.write(" en verstuurd zonder verbinding")
    chat.input.fill("nog een half bericht")
    chat.page.context.add_cookies([{"name": "person", "value": "bram", "url": site.url}])
    site.start()
    chat.wait_for("Hallo, ik ben Bondgenoot.")
    expect(chat.page.locator(f"{CHAT} .bubble", has_text="Anna")).to_have_count(0)
    expect(chat.input).to_have_value("")
    chat.page.context.add_cookies([{"name": "person", "value": "anna", "url": site.url}])
    chat.page.reload()
    # What she wrote without a connection was kept for her, and goes once.
    chat.wait_for("Antwoord op een half bericht van Anna en verstuurd zonder verbinding")
    expect(chat.input).to_have_value("nog een half bericht")
    assert site.said_by_people().count("een half bericht van Anna en verstuurd zonder verbinding") == 1


def test_a_follow_up_while_closed_is_counted_announced_and_marked(site: Site, window: Window) -> None:
    chat = window().open()
    chat.write("tot later")
    chat.wait_for("Antwoord op tot later")
    chat.button("Sluiten").click()
    (conversation,) = site.conversations()
    site.follow_up(conversation)
    expect(chat.launcher).to_have_accessible_name("Bondgenoot openen, 1 nieuw bericht")
    expect(chat.page.locator(f"{CHAT} > [role=status], {CHAT} .unseen[role=status]").first).to_have_text(
        "1 nieuw bericht"
    )
    # Also in a window that was not there when it came.
    other = window(beside=chat)
    expect(other.launcher).to_have_accessible_name("Bondgenoot openen, 1 nieuw bericht")
    chat.open()
    chat.wait_for("Hoe ging het?")
    expect(chat.page.locator(f"{CHAT} .new + .row")).to_contain_text("Hoe ging het?")
    # What was read here is read everywhere.
    expect(other.launcher).to_have_accessible_name("Bondgenoot openen")


def test_what_was_not_kept_says_so_in_every_window(site: Site, window: Window) -> None:
    one = window().open()
    one.write("hallo")
    one.wait_for("Antwoord op hallo")
    two = window(beside=one).open()
    two.wait_for("Antwoord op hallo")
    one.write("geheim")
    one.wait_for("Antwoord op geheim")
    expect(one.page.locator(f"{CHAT} .redacted")).to_have_count(1)
    expect(two.page.locator(f"{CHAT} .redacted")).to_have_count(1)


def test_after_erasing_every_window_begins_again(site: Site, window: Window) -> None:
    one = window().open()
    one.write("iets persoonlijks")
    one.wait_for("Antwoord op iets persoonlijks")
    two = window(beside=one).open()
    two.wait_for("Antwoord op iets persoonlijks")
    one.write("wis")
    for chat in (one, two):
        chat.wait_for("Antwoord op wis")
        expect(chat.page.locator(f"{CHAT} .bubble", has_text="persoonlijks")).to_have_count(0)


def test_an_open_panel_stays_open_on_the_next_page_and_takes_no_focus(site: Site, window: Window) -> None:
    chat = window().open()
    chat.wait_for("Wat wil je doen?")
    chat.input.fill("een half bericht")
    chat.page.goto(f"{site.url}/ander")
    chat.wait_for("Wat wil je doen?")
    expect(chat.input).to_have_value("een half bericht")
    assert chat.page.evaluate("document.activeElement === document.body")
