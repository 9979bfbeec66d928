"""The action in a message that says more."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.restated import action_in, role_beside, sentence_in
from bondgenoot.settings import load

SETTINGS = load({})
SUNDAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("nee! da's fout. mijn voornemen is: zeggen dat ik fout zat. bij de magazijnier", "zeggen dat ik fout zat"),
        ("wat, nee, mijn voornemen is: maandag sorry zeggen tegen mijn collega", "maandag sorry zeggen tegen mijn collega"),
        ("voornemen: maandag om 7 uur vraag ik mijn chef waarom", "maandag om 7 uur vraag ik mijn chef waarom"),
        ("mijn stap is nie 'k vroeg u iet'. mijn stap is donderdag om 9u sorry zeggen", "donderdag om 9u sorry zeggen"),
        ("actie: bellen met de planner", "bellen met de planner"),
        ("mijn voornemen is goed zo", ""),
        ("het voornemen klopt niet", ""),
        ("mijn chef", ""),
        ("haar vragen wat ze nodig heeft: tijd of geld", ""),
        ("dan zeg ik: mijn actie komt later", ""),
        ("dat mijn actie mislukt", ""),
    ],
)  # fmt: skip
def test_what_somebody_says_the_action_is(text: str, action: str) -> None:
    assert action_in(text) == action


def test_who_is_named_in_a_sentence_of_their_own() -> None:
    assert role_beside("mijn voornemen is: zeggen dat ik fout zat. bij de magazijnier") == "de magazijnier"
    assert role_beside("mijn voornemen is: sorry zeggen. dat vind ik lastig") == ""


STORY = (
    "Vooruit, ik zal het zelf proberen, want ik moet er iets over kunnen zeggen. Onze bestuurder heeft in het overleg van "
    "september toegezegd dat wij het plan vroeg zouden krijgen; ik voel mij gepasseerd en weet niet of ik moet reageren."
)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (STORY, ""),
        ("misschien moet ik iets kleins doen. ik zou dinsdag na mijn dienst de vertrouwenspersoon wel kunnen mailen", "ik zou dinsdag na mijn dienst de vertrouwenspersoon wel kunnen mailen"),
        ("stop met die vragen. ik wil een voornemen maken. maandag 7 uur met ruud praten", "maandag 7 uur met ruud praten"),
        ("Dat staat er toch vlak boven? Goed, nog een keer dan, voor de laatste keer: ik stel haar een vast kwartiertje voor. Dinsdag, met thee.", "ik stel haar een vast kwartiertje voor."),
        ("haar bellen. En de planner bedanken", "haar bellen. En de planner bedanken"),
        ("ik ga morgen de planner vragen of het kan", "ik ga morgen de planner vragen of het kan"),
        ("ik wil een voornemen maken", ""),
    ],
)  # fmt: skip
def test_the_sentence_that_holds_the_action(text: str, action: str) -> None:
    assert sentence_in(text, SUNDAY, SETTINGS) == action
