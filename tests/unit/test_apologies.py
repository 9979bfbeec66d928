"""Conditional language in an apology."""

from __future__ import annotations

import pytest

from bondgenoot.apologies import conditional
from bondgenoot.content import ConditionalPhrase, content


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Het spijt me als iemand zich gekwetst voelde.", "als iemand zich gekwetst"),
        ("SORRY ALS het lastig was", "sorry als"),
        ("Het spijt me, maar jij begon.", "maar"),
        ("Het was niet\nmijn bedoeling.", "niet mijn bedoeling"),
        ("Voor zover ik weet deed ik niets fout.", "voor zover ik"),
        ("Het spijt me dat ik je cijfers doorgaf zonder het te vragen.", None),
        ("We gingen samen naar de maartse vergadering", None),
        ("", None),
    ],
)
def test_an_apology_with_a_condition_is_told_from_a_plain_one(text: str, phrase: str | None) -> None:
    found = conditional(text, content().conditional_phrases)
    assert (found.phrase if found else None) == phrase


def test_the_first_of_the_list_is_found_and_not_the_first_in_the_text() -> None:
    phrases = (ConditionalPhrase("als dat", "x"), ConditionalPhrase("maar", "y"))
    found = conditional("maar als dat zo is", phrases)
    assert found == phrases[0]


def test_every_phrase_is_found_and_no_alternative_is_conditional_itself() -> None:
    phrases = content().conditional_phrases
    assert all(conditional(f"Ik zeg: {item.phrase}, dus.", phrases) for item in phrases)
    assert [item.instead for item in phrases if conditional(item.instead, phrases)] == []
