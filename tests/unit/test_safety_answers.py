"""No, yes and 'that is not so' among more words, after the safety net spoke."""

from __future__ import annotations

import pytest

from bondgenoot.safety_answers import (
    is_spent,
    plans_or_asks,
    says_no,
    says_plainly_no,
    says_yes,
    speaks_of_the_card,
    was_misread,
)


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
        "nee, ik ben gewoon moe van alles",
        "nee, moe door het werk maar soms liever weg",
    ],
)
def test_about_life_and_death_a_no_must_be_plain(text: str) -> None:
    assert not says_plainly_no(text)


@pytest.mark.parametrize(
    "text", ["Nee, echt niet. ik ben gewoon heel moe door mn werk", "nee hoor, moe van de late diensten"]
)
def test_a_no_that_says_what_it_is_instead_is_plain(text: str) -> None:
    assert says_plainly_no(text)


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


@pytest.mark.parametrize(
    "text",
    [
        "lees je uberhaupt wat ik typ",
        "waar heb je het over",
        "daar gaat het helemaal niet over",
        "dat heeft er niks mee te maken",
        "hou daar nou eens over op",
        "dat is een uitdrukking",
        "dat zei ik nergens",
    ],
)
def test_protests_say_that_it_was_misread(text: str) -> None:
    assert was_misread(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik wil er niet over praten",
        "hou op met bellen zegt hij dan",
        "hij zegt dat het mijn schuld is",
        "niemand gelooft mij",
    ],
)
def test_a_story_is_no_protest(text: str) -> None:
    assert not was_misread(text)


def test_who_talks_about_the_card() -> None:
    assert speaks_of_the_card("dat telefoonlijstje heb ik nooit om gevraagd")
    assert speaks_of_the_card("waarom vraag je dat steeds")
    assert not speaks_of_the_card("hij bedreigt mij elke week")


def test_who_cries_or_has_no_strength_left() -> None:
    assert is_spent("ik kan wel janken")
    assert is_spent("het lukt niet. ik ben echt op")
    assert not is_spent("ik ben op vakantie")
    assert not is_spent("de klant stond te huilen aan de balie")


def test_plans_and_requests() -> None:
    assert plans_or_asks("dinsdag om half vier met mijn chef")
    assert plans_or_asks("hoe begin ik dat gesprek")
    assert plans_or_asks("make it next thursday 3pm")
    assert not plans_or_asks("hij staat elke avond bij mijn auto")
