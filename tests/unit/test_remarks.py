"""Remarks among an answer: what a rule finds by itself, and what a judge's guess may and may not take away."""

from __future__ import annotations

import pytest

from bondgenoot import remarks
from bondgenoot.answer_parts import Parts, Sentence, parts_of
from bondgenoot.questions import normalise
from bondgenoot.sentences import joined, split


def unsure(_: str) -> float:
    return 0.5


def sure(_: str) -> float:
    return 0.99


@pytest.mark.parametrize(
    "typed",
    [
        "Dat zei ik net", "pff weet ik veel", "dat heb ik toch al verteld", "kheb da just gezeid", "da vroeg ik nie",
        "tien vragen ook nog", "geen idee hoor", "maar dat was mijn vraag niet", "je geeft geen antwoord op mijn vraag",
        "ik praat hier tegen een muur", "dat staat er toch al",
    ],
)  # fmt: skip
def test_a_phrase_is_surer_than_the_judge(typed: str) -> None:
    assert remarks.probability(typed, unsure) == remarks.SURE


@pytest.mark.parametrize(
    "typed",
    [
        "dat hij stopt met die vragen",
        "omdat ik niet gek ben",
        "hij luistert niet naar wat ik zeg",
        "ze snapt er niks van",
        "ik wil een eerlijk antwoord",
        "dan vraag ik wat hij bedoelt",
        "dat ik het al drie keer gezegd heb",
        "mijn baas leest niks",
    ],
)
def test_what_goes_on_with_the_question_or_tells_of_others_is_never_judged(typed: str) -> None:
    assert remarks.probability(typed, sure) == 0.0


@pytest.mark.parametrize("typed", ["ik heb het gezegd", "ik heb het hem verteld", "niet geschreven wat er stond"])
def test_a_deed_of_ones_own_is_no_phrase(typed: str) -> None:
    assert remarks.probability(typed, unsure) <= 0.5


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("dat zei ik net: mijn geloofwaardigheid", "mijn geloofwaardigheid"),
        ("dat heb ik al gezegd: geld", "geld"),
        ("geen idee, gewoon vragen denk ik", "gewoon vragen denk ik"),
        ("dat staat er toch al - de mail aan de directie", "de mail aan de directie"),
        ("pff... een vast overleg op maandag", "een vast overleg op maandag"),
        ("ja, dat vroeg ik niet, maar goed: samen lunchen", "samen lunchen"),
    ],
)
def test_a_remark_that_opens_a_sentence_is_cut_off(typed: str, answer: str) -> None:
    assert typed[remarks.opening(typed, unsure) :] == answer


@pytest.mark.parametrize(
    "typed",
    [
        "dan zeg ik: wacht even, ik wil dit goed zeggen",
        "Ik zou denken: waarom zegt ze dat niet?",
        "rust, duidelijkheid en op tijd naar huis",
        "het wordt druk, en dan vergeet ik het",
        "geen idee",
        "“weet ik veel, zeg jij het maar” is wat ik dan hoor",
    ],
)
def test_an_answer_that_opens_a_sentence_stays(typed: str) -> None:
    assert remarks.opening(typed, unsure) == 0


@pytest.mark.parametrize(
    ("typed", "jokes"),
    [
        ("Een Porsche. Nee hoor. Dat ik die cursus mag doen.", 2),
        ("wereldvrede. haha. ik wil dat ze groet", 2),
        ("Dat hij vertrekt. haha. dat ik rust heb", 0),  # may be meant
        ("ik wil rust. haha", 0),
        ("nee hoor. dat viel mee", 0),
    ],
)
def test_a_joke_that_is_taken_back_is_no_answer(typed: str, jokes: int) -> None:
    assert remarks.taken_back(split(typed)) == jokes


def kept(*said: tuple[str, float], slot: str = "own_case_want", aside: float = 0.2) -> str | None:
    """What is kept of sentences that are so likely remarks; None for all of it."""
    sentences = [Sentence(text, (("answer", 0.5),), aside, remark=at) for text, at in said]
    text = " ".join(one.text for one in sentences)
    parts = parts_of(sentences, slot, len(normalise(text).split()))
    if parts is None:
        return None
    return joined(text, list(parts.kept), parts.openings) if parts.kept else ""


def test_before_an_answer_a_likely_remark_is_enough() -> None:
    assert kept(("Wat een vraag zeg.", 0.78), ("Een vast rooster.", 0.1)) == "Een vast rooster."


def test_after_an_answer_people_go_on_telling() -> None:
    assert kept(("Een vast rooster.", 0.1), ("Dat is al eens mislukt.", 0.9)) is None
    assert kept(("Een vast rooster.", 0.1), ("Zo, klaar ermee.", 0.97)) == "Een vast rooster."


def test_a_question_after_an_answer_is_to_the_assistant_but_not_where_one_speaks_to_somebody() -> None:
    said = ("Samen de cijfers nalopen.", 0.1), ("Is dat wat je zoekt?", 0.9)
    assert kept(*said) == "Samen de cijfers nalopen."
    assert kept(*said, slot="repair_open") is None


def test_nothing_but_remarks_is_no_answer() -> None:
    assert kept(("Wat een rare vraag zeg.", 0.95), aside=0.6) == ""
    assert kept(("Wat een vraag.", 0.95), ("En alweer eentje.", 0.85), aside=0.6) == ""


def test_what_is_surely_about_the_work_is_an_answer_whatever_the_other_judge_says() -> None:
    assert kept(("Voortaan zeg ik van wie iets is.", 0.95), aside=0.1) is None


@pytest.mark.parametrize(
    ("typed", "at"), [("Rust.", 0.99), ("terugmailen, vandaag nog", 0.9), ("hoe zo dan toch", 0.8)]
)
def test_few_words_and_a_guess_stay_an_answer(typed: str, at: float) -> None:
    assert kept((typed, at)) is None


def test_of_remarks_that_are_only_likely_the_least_likely_is_the_answer() -> None:
    assert kept(("Flauwe casus hoor.", 0.93), ("Zwijgen komt dubbel terug.", 0.77)) == "Zwijgen komt dubbel terug."


def test_what_asks_for_something_and_holds_no_answer_keeps_nothing() -> None:
    asks = Sentence("Wie leest dit?", (("ask_privacy", 0.9),), 0.95)
    stop = Sentence("Nee wacht.", (("ask_clarification", 0.6),), 0.95)
    assert parts_of([stop, asks], "own_case_want", 5) == Parts((), "ask_privacy")
