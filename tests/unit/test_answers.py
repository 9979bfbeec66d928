"""What is kept of an answer: the line without the chatter around it."""

from __future__ import annotations

import pytest

from bondgenoot.answers import line_in


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
