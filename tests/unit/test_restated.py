"""The action in a message that says more."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.restated import action_in, plan_in, role_beside, sentence_in, takes_back, without_questions
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


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("Daar heb je die mail weer! Goed, ik zal kort zijn: dan leg ik mijn handen plat op tafel", "dan leg ik mijn handen plat op tafel"),
        ("even ademen en dan doorgaan", "even ademen en dan doorgaan"),
        ("sorry zeggen, fout geven", "sorry zeggen, fout geven"),
        ("Als ik merk dat ik lach, dan stop ik. Dan zeg ik: ik vind het belangrijk", "Als ik merk dat ik lach, dan stop ik. Dan zeg ik: ik vind het belangrijk"),
    ],
)  # fmt: skip
def test_a_plan_begins_where_it_goes_on_with_the_question(text: str, plan: str) -> None:
    assert plan_in(text) == plan


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("dan zeg ik het gewoon. moet ik eigenlijk sorry zeggen of is da te veel?", "dan zeg ik het gewoon."),
        ("dan vraag ik hem: wat heb je nodig?", "dan vraag ik hem: wat heb je nodig?"),
        ("dan stel ik één vraag. Wat heb je nodig?", "dan stel ik één vraag. Wat heb je nodig?"),
    ],
)
def test_a_question_to_us_behind_an_answer_is_not_kept(text: str, left: str) -> None:
    assert without_questions(text) == left


def test_what_was_read_back_is_not_the_action() -> None:
    assert takes_back("Nee, dat neem ik mij helemaal niet voor, dat was een inleidende zin.")
    assert not takes_back("dat ik het me niet durf voor te nemen")
