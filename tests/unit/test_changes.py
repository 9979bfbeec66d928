"""What somebody wants otherwise, and what is no new value."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.changes import answer_instead, change_said, changes_said, day_instead, takes_yes_back
from bondgenoot.content import content

TODAY = datetime.date(2026, 11, 23)
REJECTED = datetime.date(2026, 11, 30)
WITH, WHAT, WHEN, PLAN = "commitment_with", "commitment_what", "commitment_when", "commitment_plan"


def said(text: str) -> tuple[str, str]:
    return change_said(text, content().questions["commitment_change"].choices, {WITH})


@pytest.mark.parametrize(
    ("text", "part", "new"),
    [
        ("met wie is gewoon de planner, niet dat hele verhaal", WITH, "de planner"),
        ('Met wie mag gewoon "de collega van de presentatie" zijn, zonder de cavia.', WITH, "de collega van de presentatie"),
        ("Met wie mag gewoon “mijn chef” zijn", WITH, "mijn chef"),
        ("moet met de collega", WITH, "de collega"),
        ("nee, niet met mijn chef maar met de planner", WITH, "de planner"),
        ("met wie moet de planner zijn, zonder de cavia", WITH, "de planner"),
        ("met wie: de planner", WITH, "de planner"),
        ("de actie moet zijn haar morgen bedanken", WHAT, "haar morgen bedanken"),
        ("Met wie. Zeg: de collega van de presentatie.", WITH, "de collega van de presentatie"),
        ("Ja, zo is het goed, dank u wel, al staat er bij wat nog een heel verhaal, de actie is: haar vragen mee te lopen", WHAT, "haar vragen mee te lopen"),
        ("iets veranderen: met wie moet mijn teamleider zijn", WITH, "mijn teamleider"),
        ("het voornemen wordt elke maandag vragen hoe het gaat", WHAT, "elke maandag vragen hoe het gaat"),
        ("wanneer moet dinsdag zijn", WHEN, "dinsdag"),
        ("Nee, de actie is: haar vragen. En met wie: de planner", WHAT, "haar vragen"),
        ("nee wat er staat bij met wie is te lang, moet met de collega", WITH, "de collega"),
        ("nee het plan wordt: ik bel haar", PLAN, "ik bel haar"),
    ],
)  # fmt: skip
def test_a_part_and_its_new_words(text: str, part: str, new: str) -> None:
    assert said(text) == (part, new)


@pytest.mark.parametrize(
    "text",
    [
        "met wie is niet goed",
        "met wie is fout",
        "de actie is te groot",
        "het plan klopt niet",
        'de actie "vragen stellen" klopt niet',
        'ik vind "vragen stellen" niet goed',
        "dat moet met meer geduld",
        "met wie is de verkeerde",
        "met wie moet niet mijn chef zijn",
        "met wie mag leeg zijn",
        "de actie moet concreter worden",
        "de actie moet korter zijn",
        "nee, de actie is niet: bellen",
        "wat er anders moet: met wie",
        "met wie is nu mijn chef, maar dat klopt niet",
        "met wie is mijn chef, dat klopt niet",
        "ik vind dat het wat druk wordt volgende week",
        "nee, dit is het niet helemaal",
    ],
)
def test_no_new_words(text: str) -> None:
    assert said(text)[1] == ""


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("Yes, bewaar maar. O nee wait, haal dat eruit", True),
        ("ja klopt, maar niet met wie", True),
        ("ja prima, alleen de dag is fout", True),
        ("Ja, zo is het goed, dank u wel, al staat er bij wat nog een heel verhaal", True),
        ("ja, bewaar het maar zo, dank je", False),
        ("ja hoor, doe maar zo, helemaal goed", False),
        ("ja, dat klopt zo helemaal voor mij", False),
        ("ja, bewaar het. Maar wat doe je ermee?", False),
        ("ja maar", False),
        ("ja, ik doe het alleen met mijn chef", False),
    ],
)
def test_a_yes_that_takes_itself_back(text: str, doubts: bool) -> None:
    yes = content().questions["commitment_confirm"].choices[0]
    assert takes_yes_back(text, yes) is doubts


@pytest.mark.parametrize(
    ("text", "rejected", "day"),
    [
        ("Nee, dertig november, waar haalt u dat nou vandaan? Doe maar dinsdag", REJECTED, "2026-11-24"),
        ("nee, 30 november", REJECTED, None),
        ("nee, vandaag is zondag", TODAY, None),
        ("nee, vandaag is zondag, doe maar woensdag", TODAY, "2026-11-25"),
        ("nee, de 17de", REJECTED, "2026-12-17"),
        ("nee", REJECTED, None),
        ("nee, 3 december, een donderdag", REJECTED, "2026-12-03"),
        ("nee, niet maandag, maar woensdag", REJECTED, "2026-11-25"),
        ("nee, dinsdag kan ik niet, woensdag wel om 14:30", REJECTED, "2026-11-25"),
    ],
)
def test_the_day_of_a_no(text: str, rejected: datetime.date, day: str | None) -> None:
    found = day_instead(text, rejected, TODAY).day
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("ik wil mijn vorige antwoord verbeteren. Daar moet staan: voor mezelf en ook voor haar", "voor mezelf en ook voor haar"),
        ("Nee wacht, dat klopt niet. Juist is: de planner belde mij.", "de planner belde mij"),
        ("terug, ik bedoelde mijn teamleider", "mijn teamleider"),
        ("nee ik bedoelde iets anders", ""),
        ("terug", ""),
        ("kan ik terug? ik bedoelde wat anders", ""),
        ("ik wil mijn vorige antwoord aanpassen", ""),
    ],
)  # fmt: skip
def test_the_new_words_of_an_answer(text: str, new: str) -> None:
    assert answer_instead(text) == new


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "met wie moet de planner zijn en het plan wordt hem bellen",
            {"commitment_with": "de planner", "commitment_plan": "hem bellen"},
        ),
        (
            "de actie wordt haar bedanken; wanneer wordt vrijdag",
            {"commitment_what": "haar bedanken", "commitment_when": "vrijdag"},
        ),
        ("de actie wordt haar bedanken en naar haar luisteren", {}),  # one change, with an 'en' in it
        ("met wie moet de planner zijn", {}),
        ("de actie wordt hem bellen en bedanken, en met wie moet de planner zijn", {}),
        ("wanneer en met wie kloppen niet", {}),
    ],
)
def test_several_changes_in_one_message(typed: str, said: dict[str, str]) -> None:
    assert changes_said(typed, content().questions["commitment_change"].choices, {WITH}) == said
