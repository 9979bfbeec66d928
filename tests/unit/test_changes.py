"""What somebody wants otherwise, and what is no new value."""

from __future__ import annotations

import datetime

import pytest

from bondgenoot.changes import answer_instead, change_said, changes_said, day_instead, takes_yes_back
from bondgenoot.changes_in_words import parts_judged
from bondgenoot.content import content
from bondgenoot.labels import leading

TODAY = datetime.date(2026, 11, 23)
REJECTED = datetime.date(2026, 11, 30)
WITH, WHAT, WHEN, PLAN = "commitment_with", "commitment_what", "commitment_when", "commitment_plan"
OBSTACLE = "commitment_obstacle"


JOKED = {
    WHAT: "een uur samen het rapportagesysteem doorlopen. Zonder die mensen achterin de zaal",
    WITH: "collega van controlling",
    PLAN: "Als dat gebeurt dan gooi ik mijn laptop uit het raam. Of saai: dan zet ik outlook uit",
}
MAILED = {
    WHAT: "kleiner dus: alleen haar bellen om half 9",
    WITH: "met een collega, de projectleider. en heb je dat van senior er nou uit gehaald?",
    PLAN: "dan tel ik tot drie en stel ik eerst een vraag",
}


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
        ("met wie: my teamlead. that's it, twee woorden", WITH, "my teamlead"),
        ("met wie: gewoon my teamlead lol. en why staat er just: in. verder is het fine", WITH, "my teamlead"),
        ("nee niet met em alleen, liever met de hele ploeg erbij", WITH, "de hele ploeg"),
        ("bij met wie heb ik mijn teamlid ingevuld maar het moest mijn leidinggevende zijn", WITH, "mijn leidinggevende"),
        ("Met wie klopt niet. Dat moet zijn: de beheerder. En bij het plan moet die zin eruit", WITH, "de beheerder"),
        ("het als-dan-plan: dan vraag ik door: wie precies, en sinds wanneer. Punt.", PLAN, "dan vraag ik door: wie precies, en sinds wanneer"),
        ("met wie: mijn chef, meer niet", WITH, "mijn chef"),
        ("met wie: een collega, projectleider", WITH, "een collega, projectleider"),
        ("bij WAT staat nog steeds 'doe die onzin weg'. maak er van: hem vragen of het kan, ja of nee. PUNT", WHAT, "hem vragen of het kan, ja of nee"),
        ("Een uit drie. Nu de actie: een uur samen het systeem doorlopen. Zonder die mensen achterin de zaal", WHAT, "een uur samen het systeem doorlopen"),
        ("Verander bij de actie die laatste zin, die moet weg. De actie is: het systeem doorlopen", WHAT, "het systeem doorlopen"),
        ("hoe doe ik het eerste woordje weg bij what, het is: in de 1-on-1 vragen of het kan", WHAT, "in de 1-on-1 vragen of het kan"),
        ("wat: haar bellen. Zonder te oordelen", WHAT, "haar bellen. Zonder te oordelen"),
        ("wat: haar bellen. En de planner bedanken", WHAT, "haar bellen. En de planner bedanken"),
        ("de actie: haar vragen wat ze nodig heeft: tijd of geld", WHAT, "haar vragen wat ze nodig heeft: tijd of geld"),
        ("het plan wordt: dan bel ik om 10:30", PLAN, "dan bel ik om 10:30"),
        ("Bij met wie alleen de stagiaire neerzetten graag, en dat over de zuurstof mag weg", WITH, "de stagiaire"),
        ("bij met wie moet gewoon de stagiaire staan, niet dat hele verhaal eromheen", WITH, "de stagiaire"),
        ("En bij met wie staat nog steeds dat hele epistel, daar moet alleen de stagiaire staan.", WITH, "de stagiaire"),
        ("bij met wie stoat er nu heel mijn zage in moe gewoon mijn collega zyn. en os den baas passeert moe der uut", WITH, "mijn collega"),
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
        "nee er staat nog iets bij 'met wie', en die 'kleiner dus:' mag ook weg. de rest klopt",
        "met wie: mag ook weg",
        "bij met wie staat gewoon mijn hele verhaal",
        "bij met wie moet ik gewoon de rest nog nakijken",
        "bij met wie moet een ander woord staan",
        "staat nog morgen",
        "ik weet het al, hij is zo een mens die geeft wat hij wil: koffie of thee",
        "Nou vooruit, ik laat dat maar staan, donderdag is donderdag en de stagiaire weet ik zelf wel wie dat is",
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
        ("als het nu klopt mag je het opslaan", True),
        ("ok vooruit sla maar op, boeit me niet meer", False),
        (
            "Nou vooruit, ik laat dat maar staan, bewaar het maar zo dan. Dank je wel hoor, al heb ik gedacht dat het niks werd. Doei!",
            False,
        ),
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
        ("staat nog morgen", REJECTED, None),
        ("er staat nog steeds morgen, doe maar woensdag", REJECTED, "2026-11-25"),
        ("er staat nu dinsdag maar het moet woensdag zijn", REJECTED, "2026-11-25"),
        (
            "nu heb je het op zaterdag gezet, maar dat is donderdag, alleen jouw herinnering moest vrijdag zijn",
            REJECTED,
            "2026-11-26",
        ),
        ("en de herinnering graag vrijdag niet, doe maar zaterdag", REJECTED, None),
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
        (
            "Nee, dit klopt van geen kanten. Met wie: collega van controlling. Wat: een uur samen het systeem doorlopen. "
            "En de laptop blijft binnen",
            {WITH: "collega van controlling", WHAT: "een uur samen het systeem doorlopen"},
        ),
        (
            "nee natuurlijk klopt dit niet. WAT moet zijn: hem vragen of die man er komt, ja of nee. en doe die onzin "
            "bij met wie ook weg, gewoon mn manager",
            {WHAT: "hem vragen of die man er komt, ja of nee", WITH: "mn manager"},
        ),
        (
            "nee. met wie moet zijn: een collega, projectleider. wat moet zijn: haar bellen om half 9",
            {WITH: "een collega, projectleider", WHAT: "haar bellen om half 9"},
        ),
        (
            "dit klopt niet, het is zondag vandaag! Wanneer moet donderdag zijn, dat staat in de zin zelf. En bij met "
            "wie moet gewoon de stagiaire staan, niet dat hele verhaal. En je zei nog niks over het hoofd.",
            {WHEN: "donderdag", WITH: "de stagiaire"},
        ),
    ],
)
def test_several_changes_in_one_message(typed: str, said: dict[str, str]) -> None:
    assert changes_said(typed, content().questions["commitment_change"].choices, {WITH}) == said


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (
            "no no. wat = een 1:1 call doen. met wie = head of sales. wanneer = thursday 4pm. if-then: 3 sec zwijgen",
            {WHAT: "een 1:1 call doen", WITH: "head of sales", WHEN: "thursday 4pm", PLAN: "3 sec zwijgen"},
        ),
        (
            "de actie en met wie. actie: bellen. met wie: head of sales",
            {WHAT: "bellen", WITH: "head of sales"},
        ),
        (
            "nee, wat moet zijn: vragen of zij het doorvertelde. en met wie is gewoon kim",
            {WHAT: "vragen of zij het doorvertelde", WITH: "kim"},
        ),
        ("wat je dan doet: even lopen. wat je kan tegenhouden: stress", {PLAN: "even lopen", OBSTACLE: "stress"}),
        ("wat: haar vragen wat er gebeurd is en wat ze nodig heeft", {}),
    ],
)
def test_several_changes_without_the_second_inside_the_first(text: str, changes: dict[str, str]) -> None:
    assert changes_said(text, content().questions["commitment_change"].choices, {WITH}) == changes


@pytest.mark.parametrize(
    ("text", "part", "new"),
    [
        ("nee half 8, met chauffeur", WITH, "chauffeur"),
        ("wat klopt niet. met wie chauffeur", WITH, "chauffeur"),
        ("die moet anders: als het moeilijk wordt, dan leg ik mijn handen plat. Staat zij er ook bij?", PLAN, "dan leg ik mijn handen plat"),
        ("da laatste. als het moeilijk wordt vraag ik hem efkes mee naar buiten", PLAN, "vraag ik hem efkes mee naar buiten"),
        ("wat me tegenhoudt is dat ik bang ben", OBSTACLE, "dat ik bang ben"),
        ("met wie klopt niet", WITH, ""),
        ("het plan moet anders", PLAN, ""),
        ("met plezier", "", ""),
        ("nee, dat praten met chauffeurs doe ik al", "", ""),
    ],
)  # fmt: skip
def test_a_part_without_a_label(text: str, part: str, new: str) -> None:
    assert said(text) == (part, new)


def test_what_is_put_in_the_place_of_quoted_words() -> None:
    present = {WITH: "Marjolein natuurlijk, de programmamanager", WHAT: "Marjolein bellen"}
    typed = "half 10 zei ik. En 'Marjolein natuurlijk' hoeft niet zo, zet er gewoon de programmamanager neer"
    assert change_said(typed, content().questions["commitment_change"].choices, {WITH}, present) == (
        WITH,
        "de programmamanager",
    )


def test_which_parts_are_found_wrong() -> None:
    parts = content().questions["commitment_change"].choices
    assert parts_judged("het plan klopt niet. met wie: mijn chef", parts) == {PLAN}
    assert parts_judged("ja het plan is goed zo", parts) == set()


@pytest.mark.parametrize(
    ("text", "present", "part", "new"),
    [
        ("Bijna goed. En verander de laptop: als ik afgeleid word zet ik outlook uit", JOKED, PLAN, "als ik afgeleid word zet ik outlook uit"),
        ("de laptop: die is van mij", JOKED, "", ""),
        ("die 'kleiner dus:' mag ook weg. de rest klopt", MAILED, WHAT, "alleen haar bellen om half 9"),
        ("haal 'Zonder die mensen achterin de zaal' er maar uit", JOKED, WHAT, "een uur samen het rapportagesysteem doorlopen"),
        ("'Zonder die mensen achterin de zaal' was een regieaanwijzing, geen tekst", JOKED, "", ""),
        ("haal 'iets anders' eruit", JOKED, "", ""),
        ("staat nog morgen", {WHAT: "chef vragen, morgen", WITH: "chef", PLAN: "dan bel ik"}, WHAT, ""),
        ("staat nog morgen", {WHAT: "morgen bellen", WITH: "chef", PLAN: "dan bel ik morgen"}, "", ""),
    ],
)  # fmt: skip
def test_a_part_that_is_named_by_what_stands_in_it(text: str, present: dict[str, str], part: str, new: str) -> None:
    assert change_said(text, content().questions["commitment_change"].choices, {WITH}, present) == (part, new)


@pytest.mark.parametrize(
    ("text", "part", "new"),
    [
        ("wtf je plakt mijn gescheld in een lijstje. mijn eigen belang is rust, dat moet daar staan. en ja doe maar", "own_case_agenda", "rust"),
        ("dat zei ik toch net. JA. en eigen belang veranderen in rust", "own_case_agenda", "rust"),
        ("verander mijn doel in op tijd overleggen", "own_case_want", "op tijd overleggen"),
        ("mijn eigen belang is niemand iets waard, dat vind ik", "", ""),
        ("ik wil wat veranderen in mijn team de komende weken", "", ""),
    ],
)  # fmt: skip
def test_a_part_of_an_own_case(text: str, part: str, new: str) -> None:
    assert change_said(text, content().questions["own_case_change"].choices) == (part, new)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nee, met wie: de planner", (WITH, "de planner")),
        ("wanneer: vrijdag om 10u", (WHEN, "vrijdag om 10u")),
        ("dan zeg ik tegen wie: de planner", ("", "")),
        ("twee dingen: bellen en mailen", ("", "")),
        ("en vraag ik hem: wat heb je nodig", ("", "")),
    ],
)
def test_a_label_that_opens_a_message(text: str, found: tuple[str, str]) -> None:
    assert leading(text, content().questions["commitment_change"].choices) == found


def test_somebody_goes_where_somebody_belongs() -> None:
    present = {WITH: "Marjolein, de programmamanager bij de klant", WHAT: "bellen"}
    typed = "half 10 zei ik. En 'Marjolein natuurlijk' hoeft niet zo, zet er gewoon de programmamanager neer"
    parts = content().questions["commitment_change"].choices
    assert change_said(typed, parts, {WITH}, present) == (WITH, "de programmamanager")
    assert change_said("zet er gewoon een punt achter", parts, {WITH}, present) == ("", "")
