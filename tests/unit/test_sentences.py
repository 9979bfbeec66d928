"""The sentences of a message."""

from __future__ import annotations

import pytest

from bondgenoot.sentences import LONGEST_WORDS, MOST_SENTENCES, joined, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("rust. en hoeveel vragen nog?", ("rust.", "en hoeveel vragen nog?")),
        ("HELP?? ik wil rust", ("HELP??", "ik wil rust")),
        ("eerst dit\n\ndan dat", ("eerst dit", "dan dat")),
        ("om 10.30 uur m.b.v. de lijst", ("om 10.30 uur m.b.v. de lijst",)),
        ("Ik bel dr. Jansen. Dan mail ik.", ("Ik bel dr. Jansen.", "Dan mail ik.")),
        ("een 7,5 denk ik", ("een 7,5 denk ik",)),
        ("goed ...", ("goed ...",)),
        ("  ", ("",)),
    ],
)
def test_it_ends_where_a_sentence_ends(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


def test_a_text_of_its_own_is_not_divided() -> None:
    mail = "Beste allen. " * (MOST_SENTENCES + 1)
    story = "woord " * LONGEST_WORDS + ". en dan nog iets."
    assert split(mail) == (mail.strip(),)
    assert split(story) == (story.strip(),)


def test_some_sentences_are_joined_in_their_order() -> None:
    text = "Wat een vraag. Ik wil rust. Voor mijn team ook."
    assert joined(text, [2, 1]) == "Ik wil rust. Voor mijn team ook."
    assert joined(text, [7]) == text
