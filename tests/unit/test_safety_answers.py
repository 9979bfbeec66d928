"""No, yes and 'that is not so' among more words, after the safety net spoke."""

from __future__ import annotations

import pytest

from bondgenoot.safety_answers import says_no, says_plainly_no, says_yes, was_misread


@pytest.mark.parametrize(
    "text",
    [
        "nee",
        "Hè? Nee joh, wat een rare vraag ineens, het gaat prima met me hoor",
        "euh WAT?? nee omg, helemaal niet. het gaat over instagram posts",
        "nondedju neen wa vraagt da nu",
        "Hahaha nee joh rustig, ik leef nog hoor",
        "zeg manneke k zegge neen. nie dood nieks",
        "NEE. staat mijn voornemen er nog in",
    ],
)
def test_a_no_among_more_words_is_a_no(text: str) -> None:
    assert says_no(text)
    assert not says_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "nee, maar soms denk ik er wel aan",
        "nee, eigenlijk wel",
        "neen, misschien was het beter dat ik er niet meer was",
        "ik durf geen nee te zeggen tegen hem",
        "het gaat niet meer",
        "",
    ],
)
def test_a_no_that_is_taken_back_or_means_something_else_is_none(text: str) -> None:
    assert not says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "nee, soms wel",
        "nee. Toch wel",
        "nee, nog niet",
        "nee, niet vandaag",
        "nee, alleen 's nachts",
        "nee maar ik denk er vaak aan",
        "nou, nee, ik heb geen reden meer om op te staan",
        "Nee. Ik heb pillen klaarliggen",
        "ik zei nee maar hij bleef doorgaan",
    ],
)
def test_about_life_and_death_a_no_must_be_plain(text: str) -> None:
    assert not says_plainly_no(text)


def test_a_plain_no_is_one() -> None:
    assert says_plainly_no("Hè? Nee joh, wat een rare vraag ineens")
    assert says_plainly_no("nee")
    assert not says_no("ik zei nee maar mijn baas heeft me aangerand")


def test_a_yes_may_say_more() -> None:
    assert says_yes("ja. bijna niet meer. maar ik wil dat appje nog wel doen")
    assert not says_yes("ja maar ik moet nog bellen")
    assert not says_yes("mijn ja was te snel")


def test_who_says_that_a_card_was_out_of_place_is_heard() -> None:
    assert was_misread("arbeidsarts? ik ben niet overspannen, ik ben KWAAD")
    assert was_misread("waar haal je dat nou vandaan")
    assert not was_misread("de bedrijfsarts bellen durf ik niet")
