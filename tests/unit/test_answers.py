"""What is kept of an answer: the line without the chatter around it."""

from __future__ import annotations

import pytest

from bondgenoot.answers import keeps_it, line_in, quotable, read_back, role_in, without_remarks


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("weet niet. een keer bij hem binnenlopen misschien", "een keer bij hem binnenlopen"),
        ("Goh, moeilijke vraag… hem bedanken denk ik", "hem bedanken"),
        ("nou ja, dat hij het ziet", "dat hij het ziet"),
    ],
)
def test_chatter_around_an_answer_is_not_kept(typed: str, kept: str) -> None:
    assert line_in(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "zeggen dat ik het ook niet weet",
        "misschien",  # nothing would be left
        "weet niet, rust",  # one word says too little to cut for
        "het wordt druk, en dan vergeet ik het",
        "Eerst luisteren. Dan pas praten.",
        "ik ben niet zeker",
        "ik heb geen idee",
        "dat is wat ik denk",
    ],
)
def test_what_says_something_stays_as_it_was_typed(typed: str) -> None:
    assert line_in(typed) == typed


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("met wie denk je zelf? met mijn manager, daar gaat het al de hele tijd over", "mijn manager"),
        ("Met mijn collega van controlling, alias de labrador. En dat stuk over de zaal moet eruit", "mijn collega van controlling"),
        ("my teamlead obviously. trouwens in het voornemen moet 'ok ik wil gewoon' er niet in", "my teamlead"),
        ("my teamlead. that's it, twee woorden", "my teamlead"),
        ("Met de stagiaire, en met het hele team erbij dus, een man of tien. En mocht je me straks vragen wat me tegen kan houden, dat weet ik al", "de stagiaire, en met het hele team"),
        ("me mijn collega van de ploege zeg k eki, en et dat gezien van da noagoan of nie", "mijn collega van de ploege"),
        ("met een collega, de projectleider. en heb je dat van senior er nou uit gehaald?", "een collega, de projectleider"),
        ("de planner, de chef en mijn collega", "de planner, de chef en mijn collega"),
        ("met mijn manager, nee wacht, met mijn collega", "mijn collega"),
        ("niet mijn manager, wel mijn collega van de planning", "mijn collega van de planning"),
        ("dat heb ik toch al gezegd, mijn manager dus", "mijn manager"),
        ("mijn manager want daar gaat het over", "mijn manager"),
        ("de collega met wie ik het rooster maak", "de collega met wie ik het rooster maak"),
        ("mijn collega, en mijn baas weet daar niks van", "mijn collega"),
        ("Mijn baas. En met mijn collega van boven.", "Mijn baas, en met mijn collega van boven"),
        ("Een goeie vraag, mijn baas denk ik", "mijn baas"),
    ],
)  # fmt: skip
def test_of_a_longer_answer_the_role_is_kept(typed: str, role: str) -> None:
    assert role_in(typed) == role


@pytest.mark.parametrize(
    "typed",
    [
        "met name bij de overdracht gaat het altijd mis",
        "met veel moeite en een beetje geluk",
        "Jan van de boekhouding, mijn hoofd loopt over",
        "ik wil het eerst met mijn baas bespreken, de planner komt later",
    ],
)
def test_where_no_role_is_plain_the_words_stay(typed: str) -> None:
    assert role_in(typed) == typed


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("Wereldvrede en een lease-Porsche. Nee serieus: dat ik die inwerksessie eindelijk eens geef. Met taart", "dat ik die inwerksessie eindelijk eens geef"),
        ("dat hij het me gunt dat ik hier omval. nee grapje. ik denk dat hij alleen zijn bonus ziet", "ik denk dat hij alleen zijn bonus ziet"),
        ("dan gooi ik mijn laptop uit het raam. Of saai: dan zet ik outlook uit", "dan zet ik outlook uit"),
        ("Ik geef je mn nummer wel. Kleinste stap: woensdag een uur met haar zitten. En taart", "woensdag een uur met haar zitten"),
        ("good to know. my own interest: ik wil in januari promotie", "ik wil in januari promotie"),
        ("kleiner dus: alleen haar bellen om half 9", "alleen haar bellen om half 9"),
        ("weet niet. een keer bij hem binnenlopen misschien", "een keer bij hem binnenlopen"),
        ("op tijd overleggen", "op tijd overleggen"),
        ("Mijn eigen belang is rust in de avond", "Mijn eigen belang is rust in de avond"),
        ("Serieus nemen wat hij zegt", "Serieus nemen wat hij zegt"),
        ("het is druk, dus ik vergeet het", "het is druk, dus ik vergeet het"),
        ("Ik zei 10.30 uur. Meer niet", "Ik zei 10.30 uur"),
        ("waarom moet het nou weer over mij gaan? HIJ liegt", ""),  # a question to the assistant
        ("Voor de mensheid natuurlijk. Nou ja, voor haar", ""),  # too little
        ("dat ik elke dag met iedereen van het hele team een kwartier kan overleggen over wat er die dag moet gebeuren", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_read_back_of_an_answer(typed: str, quoted: str) -> None:
    assert quotable(typed, 15) == quoted


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("chauffeur zei ik al", "chauffeur"),
        ("dat zei ik al: de planner", "de planner"),
        ("mn chef. staat er toch", "mn chef"),
        ("staat er toch al in, de head of sales.", "de head of sales"),
        ("Dat staat er al, maar goed: de bestuurder. Ik zie liever dat u die naam niet bewaart.", "de bestuurder"),
        ("Met Marjolein natuurlijk, de programmamanager bij de klant.", "Marjolein, de programmamanager bij de klant"),
    ],
)
def test_a_role_without_what_says_that_it_was_said_before(text: str, role: str) -> None:
    assert role_in(text) == role


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("kheb het just gezegd. efkes mee naar buiten vragen", "efkes mee naar buiten vragen"),
        ("seriously, moet ik het opnieuw typen. dan zwijg ik 3 sec", "dan zwijg ik 3 sec"),
        ("zei ik al", "zei ik al"),
        ("ik heb het hem al gezegd, dus hij weet het", "ik heb het hem al gezegd, dus hij weet het"),
        ("dat hij zegt wat hij denkt", "dat hij zegt wat hij denkt"),
    ],
)
def test_an_answer_without_such_remarks(text: str, left: str) -> None:
    assert without_remarks(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "nah keep it. waarom zou ik het kleiner maken",
        "blijft zo",
        "de actie hoeft niet kleiner, tien minuten is weinig",
    ],
)
def test_leaving_the_action_as_it_is(text: str) -> None:
    assert keeps_it(text)


@pytest.mark.parametrize(
    "text", ["alleen de eerste zin", "kleiner: alleen bellen", "nee, alleen een berichtje sturen dan"]
)
def test_a_smaller_action_is_one(text: str) -> None:
    assert not keeps_it(text)


@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("dat ie normaal doet", "dat ie normaal doet"),
        ("geld. en dat ik meetel", "geld. en dat ik meetel"),
        ("nee dat wil ik niet", ""),
        ("Nee stop", ""),
        ("en wat heb jij daar aan?", ""),
        ("hou nou eens op!", ""),
        ("Lekker dan, na al die jaren hier! En dat zonder gesprek vooraf. Dat ik het van hem zelf hoor, niet in de kantine.", "Dat ik het van hem zelf hoor, niet in de kantine"),
        ("Er is veel gebeurd de laatste tijd bij ons op de afdeling. Een vast overleg op maandag zou helpen.", "Er is veel gebeurd de laatste tijd bij ons op de afdeling"),
        ("Nee, dat niet natuurlijk, want dat heeft hij al geprobeerd in mei. Een vast overleg op maandag zou helpen.", "Een vast overleg op maandag zou helpen"),
    ],
)  # fmt: skip
def test_only_what_is_plainly_content_is_read_back(typed: str, quoted: str) -> None:
    assert read_back(typed) == quoted
