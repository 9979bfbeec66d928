"""A connection that goes and comes: nothing is lost, nothing is said twice, and the person is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from double import Double
from playwright.sync_api import BrowserContext, WebSocketRoute, expect
from site_with_login import CHAT, Chat, Site

OFFLINE = "Geen verbinding. Wat je schrijft, blijft hier staan en gaat weg zodra de verbinding er weer is."


def test_after_a_restart_of_the_server_it_goes_on_and_what_was_typed_meanwhile_goes_once(
    site: Site, window: Callable[..., Chat]
) -> None:
    chat = window().open()
    chat.write("voor de herstart")
    chat.wait_for("Antwoord op voor de herstart")
    site.stop()
    expect(chat.notice).to_be_visible()
    chat.write("eerste")
    chat.write("tweede")
    expect(chat.page.locator(f"{CHAT} .waiting .note")).to_have_text(["Nog niet verstuurd"] * 2)
    # Another page in between keeps it, though the widget itself cannot be loaded there.
    chat.page.goto(f"{site.url}/ander")
    site.start()
    chat.page.reload()
    chat.wait_for("Antwoord op tweede")
    expect(chat.page.locator(f"{CHAT} .waiting, {CHAT} .note")).to_have_count(0)
    assert site.said_by_people() == ["voor de herstart", "eerste", "tweede"]
    assert chat.texts()[-4:] == ["eerste", "Antwoord op eerste", "tweede", "Antwoord op tweede"]


def test_who_opens_it_in_the_middle_of_connecting_is_greeted_by_one_connection(
    site: Site, context: Callable[..., BrowserContext]
) -> None:
    chat = site.chat(context(), "anna")
    greetings: list[str] = []
    held: list[str] = []

    def between(window: WebSocketRoute) -> None:
        server = window.connect_to_server()

        def to_server(packet: str) -> None:
            if packet.startswith("40"):
                greetings.append(packet)
            server.send(packet)

        def to_window(packet: str) -> None:
            # The answer to the first greeting waits until the test lets it go.
            (held.append if packet.startswith("40") and not held else window.send)(packet)

        window.on_message(to_server)
        server.on_message(to_window)
        routes.append(window)

    routes: list[WebSocketRoute] = []
    chat.page.route_web_socket("**/socket.io/**", between)
    chat.visit()
    deadline = time.monotonic() + 10
    while not held and time.monotonic() < deadline:
        chat.page.wait_for_timeout(20)
    chat.open()
    # As long as the fetch of a second token would take, and more.
    chat.page.wait_for_timeout(500)
    routes[0].send(held[0])
    chat.wait_for("Wat wil je doen?")
    assert len(greetings) == 1
    chat.check()


def test_a_message_whose_confirmation_was_lost_is_not_said_twice(double: Double, chat: Chat) -> None:
    chat.visit().open()
    double.die_before_ack = True
    chat.write("komt dit aan")
    chat.wait_for("Antwoord op komt dit aan")
    expect(chat.page.locator(f"{CHAT} .sending, {CHAT} .waiting")).to_have_count(0)
    chat.write("en dit")
    chat.wait_for("Antwoord op en dit")
    assert chat.texts() == ["komt dit aan", "Antwoord op komt dit aan", "en dit", "Antwoord op en dit"]
    assert [message["text"] for message in double.messages if message["from"] == "user"] == ["komt dit aan", "en dit"]


def test_the_person_is_told_when_the_connection_goes_and_when_it_is_back(double: Double, chat: Chat) -> None:
    chat.visit().open()
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    double.stop()
    expect(chat.notice).to_have_text(OFFLINE)
    expect(chat.notice).to_have_attribute("role", "status")
    double.start()
    expect(chat.notice).to_have_text("De verbinding is er weer")


@pytest.mark.parametrize(
    ("code", "sentence", "tools"),
    [
        ("empty", "Er stond geen tekst in dit bericht.", ["Aanpassen", "Opnieuw versturen"]),
        ("too_long", "Dit bericht is te lang. Maak het korter, of stuur het in delen.", ["Aanpassen", "Opnieuw versturen"]),
        ("bad_request", "Dit bericht kon niet worden gelezen. Pas het aan, of stuur het opnieuw.", ["Aanpassen", "Opnieuw versturen"]),
        ("failed", "Er ging iets mis. Je bericht staat er nog.", ["Opnieuw versturen", "Aanpassen"]),
        ("something_new", "Er ging iets mis. Je bericht staat er nog.", ["Aanpassen", "Opnieuw versturen"]),
    ],
)  # fmt: skip
def test_every_refusal_has_a_sentence_and_keeps_the_text(
    double: Double, chat: Chat, code: str, sentence: str, tools: list[str]
) -> None:
    double.answers = [{"ok": False, "error": code}]
    chat.visit().open().write("mijn woorden")
    failed = chat.page.locator(f"{CHAT} .failed")
    expect(failed.locator(".note span")).to_have_text(sentence)
    expect(failed.get_by_role("button")).to_have_text(tools)
    # It survives a reload, as what it is.
    chat.page.reload()
    expect(failed.locator(".note span")).to_have_text(sentence)
    chat.button("Aanpassen").click()
    expect(chat.input).to_have_value("mijn woorden")
    expect(chat.input).to_be_focused()
    chat.input.press("Enter")
    chat.wait_for("Antwoord op mijn woorden")
    assert len(double.received) == 2
    assert double.received[0][0] != double.received[1][0]


def test_sending_again_uses_the_same_id(double: Double, chat: Chat) -> None:
    double.answers = [{"ok": False, "error": "failed"}]
    chat.visit().open().write("nog eens")
    chat.button("Opnieuw versturen").click()
    chat.wait_for("Antwoord op nog eens")
    (one, _), (two, _) = double.received
    assert one == two
    expect(chat.input).to_be_focused()


@pytest.mark.parametrize("code", ["too_many", "not_ready"])
def test_a_message_that_came_too_early_goes_by_itself(double: Double, chat: Chat, code: str) -> None:
    double.answers = [{"ok": False, "error": code, "retry_after": 1}]
    chat.visit().open().write("te vroeg")
    note = chat.page.locator(f"{CHAT} .note")
    expect(note).to_contain_text("gaat vanzelf weg over 3 seconden" if code == "too_many" else "opstarten")
    chat.wait_for("Antwoord op te vroeg")
    expect(note).to_have_count(0)
    assert [text for _, text in double.received] == ["te vroeg"] * 2


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("not_ready", "Bondgenoot is nog aan het opstarten. Een moment."),
        ("too_many_connections", "Bondgenoot staat al open in veel vensters. Sluit er een, dan gaat het hier verder."),
        ("token_invalid", "Je aanmelding klopt niet. Meld je opnieuw aan en laad de pagina opnieuw."),
        ("token_missing", "Je bent nog niet aangemeld. Meld je aan en laad de pagina opnieuw."),
    ],
)
def test_a_refused_connection_says_why_and_tries_again(double: Double, chat: Chat, code: str, sentence: str) -> None:
    double.refuse = code
    chat.visit().open()
    expect(chat.notice).to_have_text(sentence)
    double.refuse = None
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")


def test_who_is_signed_out_of_the_intranet_is_told_so(double: Double, chat: Chat) -> None:
    double.token_status = 401
    chat.visit().open()
    expect(chat.notice).to_contain_text("Je bent niet meer aangemeld.")


def test_the_token_is_renewed_before_it_ends(double: Double, chat: Chat) -> None:
    double.token_seconds = 2
    chat.visit().open()
    chat.page.wait_for_timeout(2500)
    assert double.renewed == 1
    assert double.tokens == 2
    expect(chat.notice).to_be_hidden()


def test_after_an_expired_token_it_comes_back_with_a_new_one(double: Double, chat: Chat) -> None:
    chat.visit().open()
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    double.close("token_expired")
    expect(chat.notice).to_have_text("Je aanmelding wordt vernieuwd.")
    chat.write("weer hier")
    chat.wait_for("Antwoord op weer hier")
    assert double.tokens == 2


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("shutdown", "Bondgenoot wordt opnieuw gestart. Wat je schrijft, blijft hier staan."),
        ("erased", "Je gegevens zijn gewist. Het gesprek begint opnieuw."),
    ],
)
def test_a_closing_says_why(double: Double, chat: Chat, reason: str, sentence: str) -> None:
    chat.visit().open()
    chat.write("iets")
    chat.wait_for("Antwoord op iets")
    if reason == "erased":
        double.messages.clear()
        double.log = "log-2"
        double.add("bot", "Alles is gewist.")
    double.close(reason)
    expect(chat.notice).to_have_text(sentence)
    if reason == "erased":
        chat.wait_for("Alles is gewist.")
        expect(chat.log.get_by_text("Antwoord op iets")).to_have_count(0)
        assert chat.texts() == ["Alles is gewist."]


def test_a_notice_of_the_server_is_shown_for_a_while(double: Double, chat: Chat) -> None:
    chat.visit().open()
    chat.write("hallo")
    chat.wait_for("Antwoord op hallo")
    double.emit("notice", {"code": "not_ready"})
    expect(chat.notice).to_contain_text("opstarten")


def test_typing_is_shown_and_said_while_an_answer_is_made(double: Double, chat: Chat) -> None:
    double.delay = 1
    chat.visit().open().write("denk na")
    typing = chat.page.locator(f"{CHAT} .typing")
    expect(typing).to_have_text("Bondgenoot schrijft")
    chat.wait_for("Antwoord op denk na")
    expect(typing).to_have_text("")
