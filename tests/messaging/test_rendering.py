"""Everything that can be said can be carried by every channel, and comes back as what was offered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parent.parent / "content"))

from pieces import labels, said

from bondgenoot.capabilities import CAPABILITIES, Capabilities, Count, Markup
from bondgenoot.content import content
from bondgenoot.rendering import Part, alias, length, number_in, render, split, understand
from bondgenoot.turn_words import main_menu, menu_labels
from bondgenoot.workshop.check_channels import not_carried_by

EVERY = pytest.mark.parametrize("can", CAPABILITIES.values(), ids=list(CAPABILITIES))
TELEGRAM, SLACK, SMS = CAPABILITIES["telegram"], CAPABILITIES["slack"], CAPABILITIES["sms"]
MESSENGER = CAPABILITIES["messenger"]


def message(text: str = "Kies.", titles: list[str] | None = None, **more: Any) -> dict[str, Any]:
    buttons = [{"title": title, "payload": title} for title in titles or []]
    return {"from": "bot", "text": text, "buttons": buttons, "image": None, "ui": None, **more}


def measured(text: str, can: Capabilities) -> int:
    if can.count is Count.BYTES:
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2 if can.count is Count.UTF16 else len(text)


def carried(parts: list[Part], can: Capabilities) -> bool:
    return all(
        measured(part.text, can) <= (can.button_text if part.buttons else can.text)
        and len(part.buttons) <= can.buttons
        and all(len(each.title) <= can.title and len(each.payload.encode()) <= can.payload for each in part.buttons)
        for part in parts
    )


@EVERY
class TestAllContent:
    def test_every_text_is_carried_in_one_piece(self, can: Capabilities) -> None:
        for place, text in said():
            parts = render(message(text), can)
            assert carried(parts, can) and len(parts) == 1, place

    def test_every_button_is_carried_under_its_own_title_or_listed(self, can: Capabilities) -> None:
        for place, title in labels():
            (part,) = render(message(titles=[title]), can)
            assert carried([part], can), place
            assert title in part.text or [title] == [each.title for each in part.buttons], place

    def test_every_set_of_choices_is_carried_whole(self, can: Capabilities) -> None:
        sets = [[choice.label for choice in question.choices] for question in content().questions.values()]
        sets += [[choice.label for choice in dilemma.choices] for dilemma in content().dilemmas.values()]
        sets.append([menu_labels()[intent] for intent in main_menu()])
        for titles in sets:
            if titles:
                parts = render(message("Wat kies je?", titles), can)
                shown = parts[-1].text + "\n".join(each.title for each in parts[-1].buttons)
                assert carried(parts, can) and all(title in shown for title in titles), titles


def test_a_set_of_choices_that_is_too_long_for_a_channel_is_found() -> None:
    assert not_carried_by("", ["Een keuze"] * 20) == []
    assert not_carried_by("", ["Een van heel veel keuzes"] * 60) == ["sms", "whatsapp"]


class TestButtons:
    def test_where_there_are_none_choices_are_numbered_and_the_answer_is_explained(self) -> None:
        (part,) = render(message("Hoe ging het?", ["Gedaan", "Deels", "Niet"]), SMS)
        assert part == Part("Hoe ging het?\n\n1. Gedaan\n2. Deels\n3. Niet\n\nAntwoord met 1, 2 of 3.")

    def test_titles_that_are_too_long_are_listed_and_their_numbers_can_be_pressed(self) -> None:
        long = "Een antwoord dat op geen knop past"
        (part,) = render(message(titles=[long, "Nee"]), MESSENGER)
        assert f"1. {long}" in part.text and [each.title for each in part.buttons] == ["1", "2"]
        assert part.buttons[0].payload == long

    def test_numbers_and_days_are_answers_themselves(self) -> None:
        (part,) = render(message("Van 1 tot 3?", ["1", "2", "3"]), SMS)
        assert part.text == "Van 1 tot 3?\n\nJe kunt antwoorden met 1, 2 of 3."
        (part,) = render(message("Wanneer?", ["Morgen", "Vrijdag"], ui={"kind": "date"}), SMS)
        assert part.text == "Wanneer?\n\nJe kunt antwoorden met Morgen of Vrijdag."

    def test_a_long_payload_gets_a_short_name_that_says_the_same_later(self) -> None:
        payload = '/start_dilemma{"core": "' + "é" * 60 + '"}'
        offer = message(buttons=[{"title": "Ja", "payload": payload}])
        (part,) = render(offer, TELEGRAM)
        assert len(part.buttons[0].payload.encode()) <= 64
        assert understand(part.buttons[0].payload, [offer, message("Iets anders", ["1"])]) == payload

    def test_a_short_name_that_was_never_offered_stays_a_text(self) -> None:
        assert understand(alias("/delete_data"), [message(titles=["Ja"])]) == alias("/delete_data")


class TestNumbersThatPeopleType:
    @pytest.mark.parametrize("text", ["2", "2.", "nr 2", "nr. 2", "nummer 2", "optie 2", "Optie twee", "de tweede",
                                      "De tweede.", "tweede", "de 2e", "2de", "ik kies 2", "doe maar 2", "twee"])  # fmt: skip
    def test_a_place_in_the_list(self, text: str) -> None:
        assert number_in(text) == 2

    @pytest.mark.parametrize(
        "text", ["", "0", "2 keer", "de tweede keer was beter", "2 december", "-", "nummer", "123"]
    )
    def test_no_place_in_the_list(self, text: str) -> None:
        assert number_in(text) is None

    def test_only_the_latest_message_counts(self) -> None:
        before = [message(titles=["A", "B"]), message("Vertel eens.")]
        assert understand("2", before) == "2"
        assert understand("2", before[:1]) == "B"
        assert understand("3", before[:1]) == "3"

    def test_on_a_scale_and_at_a_date_a_number_is_an_answer(self) -> None:
        assert understand("2", [message(titles=["1", "2", "3"])]) == "2"
        assert understand("de tweede", [message(titles=["Morgen", "Vrijdag"], ui={"kind": "date"})]) == "de tweede"


class TestMarkup:
    @pytest.mark.parametrize(("markup", "expected"), [
        (Markup.PLAIN, "Rust & <stilte>: nu"),
        (Markup.MARKDOWN, "**Rust & <stilte>**: nu"),
        (Markup.SLACK, "*Rust &amp; &lt;stilte&gt;*: nu"),
        (Markup.HTML, "<b>Rust &amp; &lt;stilte&gt;</b>: nu"),
    ])  # fmt: skip
    def test_bold_is_bold_and_signs_are_signs(self, markup: Markup, expected: str) -> None:
        can = next(each for each in CAPABILITIES.values() if each.markup is markup)
        assert render(message("**Rust & <stilte>**: nu"), can) == [Part(expected)]


CHART: dict[str, Any] = {"image": "https://host/grafiek.png", "ui": {"kind": "image", "alt": "Grafiek: 3 van 5."}}


class TestPictures:
    @EVERY
    def test_what_is_on_it_is_always_said_in_words(self, can: Capabilities) -> None:
        for reachable in (True, False):
            parts = render(message("Je scan.", **CHART), can, images_reachable=reachable)
            assert any("Grafiek: 3 van 5." in part.text for part in parts)
            assert any(part.image for part in parts) == (can.images and reachable)

    def test_where_it_cannot_be_shown_there_is_a_link(self) -> None:
        assert "https://host/grafiek.png" in render(message("Je scan.", **CHART), SMS)[-1].text


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("abc é😀&<*.?! \n"), max_size=400),
    st.sampled_from([12, 40, 100]),
    st.sampled_from(list(CAPABILITIES.values())),
)
def test_a_text_of_any_length_is_split_without_losing_a_word(text: str, limit: int, can: Capabilities) -> None:
    small = Capabilities("small", limit, can.markup, count=can.count)
    pieces = split(text, small, False)
    if len(pieces) > 1:
        assert all(length(piece, small) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_it_is_split_at_sentences() -> None:
    small = Capabilities("small", 30, Markup.PLAIN)
    assert split("Eerst dit stukje. Dan dat stukje. En dan?", small, False) == [
        "Eerst dit stukje.", "Dan dat stukje. En dan?",
    ]  # fmt: skip
