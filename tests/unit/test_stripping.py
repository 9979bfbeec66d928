"""What is taken out of a sentence before anybody else may see it: names, addresses, numbers, marks."""

from __future__ import annotations

import pytest

from bondgenoot import stripping
from bondgenoot.stripping import strip


@pytest.mark.parametrize(
    ("typed", "shared"),
    [
        ("jan zegt dat ik lui ben", "(naam) zegt dat ik lui ben"),
        ("Fatoumata vindt mij niet leuk", "(naam) vindt mij niet leuk"),
        ("ik heb ruzie met Jan-Willem van der Berg over geld", "ik heb ruzie met (naam) over geld"),
        ("Ahmet El Khatib en Ingrid hebben iets gezegd", "(naam) en (naam) hebben iets gezegd"),
        ("ik spreek met mevrouw De Smedt over later", "ik spreek met mevrouw (naam) over later"),
        ("ik wil iets met wiebrand bespreken", "ik wil iets met (naam) bespreken"),
        ("mijn collega kjartan pest mij", "mijn collega (naam) pest mij"),
        ("wiebrand zegt dat het mijn schuld is", "(naam) zegt dat het mijn schuld is"),
        ("JAN IS ALTIJD BOOS OP MIJ", "(naam) IS ALTIJD BOOS OP MIJ"),
        ("Jan's auto staat in de weg", "(naam) auto staat in de weg"),
        ("O’Neill zegt niks meer tegen mij", "(naam) zegt niks meer tegen mij"),
        ("het is Roos die altijd klaagt", "het is (naam) die altijd klaagt"),
        ("ik werk bij Colruyt in Halle", "ik werk bij (naam) in (naam)"),
        ("wa kank doen als den tom ni luistert", "wa kank doen als den (naam) ni luistert"),
        ("groetjes, van den broeckx", "groetjes, van den (naam)"),
        ("ik zie Ｊａｎ nooit meer op het werk", "ik zie (naam) nooit meer op het werk"),
        ("ik zie J\u200ban nooit meer op het werk", "ik zie (naam) nooit meer op het werk"),
    ],
)
def test_names_are_taken_out(typed: str, shared: str) -> None:
    assert strip(typed) == shared


@pytest.mark.parametrize(
    "secret",
    [
        "piet.janssens@bedrijf.nl",
        "PIET@BEDRIJF.BE",
        "https://intranet.bedrijf.be/x?y=z",
        "www.bedrijf.com",
        "bedrijf.nl/pad",
        "@pietj",
        "0470 12 34 56",
        "+32 (0)470/12.34.56",
        "06-12345678",
        "BE68 5390 0754 7034",
        "85.07.30-033.28",
        "12/03/2024",
        "10u30",
        "€1.250,50",
        "kamer3b",
        "P12345",
    ],
)
def test_addresses_and_numbers_are_taken_out(secret: str) -> None:
    shared = strip(f"kun je nakijken of {secret} klopt voor mij aub")
    assert shared.startswith("kun je nakijken of (")
    assert not any(char.isdigit() or char == "@" for char in shared)
    assert not {"bedrijf", "piet", "pietj", "janssens", "kamer"} & set(shared.lower().replace(".", " ").split())
    assert "klopt voor mij aub" in shared


@pytest.mark.parametrize(
    "typed",
    [
        "hoe vraag ik loonsverhoging aan mijn chef",
        "Wil jij mij helpen",
        "wat zijn de openingsuren van het containerpark?",
        "Ik weet niet of IK dat wil",
        "is dat iets voor HR of voor IT",
        "kan ik dat in het Nederlands lezen",
    ],
)
def test_an_ordinary_sentence_stays_as_it_is(typed: str) -> None:
    assert strip(typed) == typed


def test_marks_that_would_mean_something_in_an_example_are_taken_out() -> None:
    assert strip("wat doet [iets](core) hier {x} `y` <b> nu") == "wat doet iets core hier x y b nu"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hallo",
        "jan piet",
        "Marie en Wiebrand",
        "06 12345678 piet@bedrijf.nl aub",
        "/start_scan nu eens voor mij",
        "dit is een verhaal " * 7,
        "x" * 201 + " en nog iets",
    ],
)
def test_what_is_a_story_a_command_or_nothing_but_names_is_not_shared(typed: str) -> None:
    assert strip(typed) == ""


def test_no_first_name_of_the_list_is_known_as_an_ordinary_word_that_people_need() -> None:
    """'ik ben', 'elke dag', 'toon mij': with these on the list every other sentence would lose a word."""
    given = stripping._lists()["given"]
    assert not given & {"ben", "elke", "toon", "job", "ken", "wil", "lieve", "an", "rob je", "roman"}
    assert {"jan", "fatima", "mohamed", "els", "sofie", "kevin"} <= given


@pytest.mark.parametrize("kind", ["given", "family"])
def test_each_name_of_the_list_is_taken_out_wherever_it_stands(kind: str) -> None:
    left = [
        name
        for name in sorted(stripping._lists()[kind])
        for sentence in (
            f"{name} zegt dat het niet kan",
            f"ik weet dat {name} het niet kan",
            f"dat is {name.title()}'s werk niet",
        )
        if name in strip(sentence).lower().split()
    ]
    assert left == []
