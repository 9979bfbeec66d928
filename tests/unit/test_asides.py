"""What is said about a question, and what is left of an answer without the chatter around it."""

from __future__ import annotations

import pytest

from bondgenoot import answers, asides
from bondgenoot.questions import normalise


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("waar gaat mijn antwoord heen, wie krijgt dat te zien?", "ask_privacy"),
        ("blijft dit onder ons?", "ask_privacy"),
        ("leest er iemand mee", "ask_privacy"),
        ("mijn collega leest alles mee", None),
        ("wordt dit ergens bewaard?", "ask_privacy"),
        ("waarvoor heb je dat nodig?", "ask_clarification"),
        ("wat heeft dat te maken met mijn probleem?", "ask_clarification"),
        ("waarom zou ik dat aan een computer vertellen?", "ask_clarification"),
        ("pff waarom zou ik jou dat zeggen", "ask_clarification"),
        ("waarom zou ik het hem vertellen, hij luistert toch niet", None),
        ("waarom zou ik tijd steken in vertrouwen?", None),
        ("hoelang gaat dit nog duren", "ask_progress"),
        ("is dit de laatste vraag?", "ask_progress"),
        ("hoe gaat het met je project?", None),
        ("wat kan ik doen om je te helpen?", None),
        ("wat zou jij nodig hebben van mij?", None),
    ],
)
def test_a_question_back_is_told_from_an_answer_in_the_form_of_a_question(text: str, intent: str | None) -> None:
    assert asides.question_back(text, normalise(text)) == intent


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("daar antwoord ik niet op, dat gaat u niks aan", False),  # too long to be only a protest
        ("gaat u niks aan", True),
        ("dat vertel ik jou niet hoor", True),
        ("wat een onnozele vraag", True),
        ("ik heb het al gezegd", True),
        ("omdat ik hem niet geloof", False),
        ("dat ik er niets van zeg", False),
    ],
)
def test_a_short_protest_is_told_from_an_answer(text: str, refuses: bool) -> None:
    assert (asides.refusal(normalise(text)) == "skip") is refuses


@pytest.mark.parametrize("text", ["nee niet schrappen", "laat het toch maar staan", "ik wou hem toch houden", "undo"])
def test_dropping_is_taken_back(text: str) -> None:
    assert asides.takes_back(normalise(text))


def test_dropping_is_not_taken_back_by_another_subject() -> None:
    assert not asides.takes_back(normalise("ik wil een nieuw voornemen maken"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ik heet Noor", "Noor"),
        ("hallo, mijn naam is Jean-Pierre", "Jean-Pierre"),
        ("ik heet al jaren iedereen welkom", None),
        ("mijn naam is 123", None),
        ("mijn naam is", None),
    ],
)
def test_somebody_who_introduces_themselves(text: str, name: str | None) -> None:
    assert asides.name_given(text) == name


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("goh, een collega van de boekhouding zeker", "een collega van de boekhouding"),
        ("bij mijn leidinggevende natuurlijk", "mijn leidinggevende"),
        ("mijn team", "mijn team"),
        ("pff geen idee", ""),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
    ],
)
def test_a_role_is_kept_without_the_chatter(text: str, role: str) -> None:
    assert answers.role_in(text) == role


def test_what_tells_more_than_a_role_is_kept_as_it_was_typed() -> None:
    text = "denk ik met iedereen die vorige week op dat overleg over de planning was en toen niets durfde te zeggen"
    assert answers.role_in(text) == text


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Ik ben moe. Maar krijgt mijn chef dit trouwens te lezen? Nou goed, ik zou zeggen rust.", True),
        ("I want calm. Btw who reads this, can my PO see it?", True),
        ("Ik vroeg hem: wat bedoel je? Hij zei niets.", False),
        ("Mijn chef krijgt dit te lezen als ik het mail.", False),
    ],
)
def test_a_question_about_privacy_inside_an_answer(text: str, asks: bool) -> None:
    assert asides.asks_privacy_within(text) is asks


@pytest.mark.parametrize(
    "typed",
    ["ik wil mijn voornemen aanpassen", "kan ik iets aan mijn voornemen veranderen", "pas mijn voornemen eens aan"],
)
def test_other_words_for_a_commitment_are_asked_for(typed: str) -> None:
    assert asides.changes_commitment(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "ik wil de datum van mijn voornemen veranderen",
        "ik heb mijn voornemen veranderd in een gewoonte",
        "mijn voornemen moet een week later",
        "ik heb pas een voornemen gemaakt",
    ],
)
def test_another_day_or_a_story_asks_for_no_other_words(typed: str) -> None:
    assert not asides.changes_commitment(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kunnen we het gesprek eens naspelen", "role_play"),
        ("speel jij mijn baas", "role_play"),
        ("is covey wetenschappelijk bewezen", "evidence"),
        ("is dit eigenlijk wel wetenschap", "evidence"),
        ("is er bewijs dat vertrouwen geld opbrengt", None),
        ("ik speel een rol in het overleg", None),
    ],
)
def test_some_questions_have_an_answer_of_their_own(typed: str, name: str | None) -> None:
    assert asides.reply_to(typed) == name
