"""Conditional language in an apology."""

from __future__ import annotations

import pytest

from bondgenoot.apologies import conditional, in_bubbles
from bondgenoot.content import WORDS_IN_A_BUBBLE, ConditionalPhrase, content


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


HEAD, NOTE, REMARK = "Je excuses:", "Hier korter.", " ".join(["let"] * 30)
SHORT = ["Het spijt me", "Ik vertelde het door", "Dat was mijn keuze", "Ik vraag het voortaan", "Ik zet het recht"]
MIDDLE = [" ".join([f"woord{number}"] * 18) for number in range(5)]
LONG = [" ".join(f"woord{number}x{position}" for position in range(300 // 10)) for number in range(5)]


class TestAnApologyInBubbles:
    def test_a_short_one_stands_in_one_bubble_and_its_remark_in_another(self) -> None:
        assert in_bubbles(SHORT, HEAD, shortened=NOTE) == ["\n".join([HEAD, *SHORT])]
        assert in_bubbles(SHORT, HEAD, remark=REMARK, shortened=NOTE)[1:] == [REMARK]

    def test_a_longer_one_is_split_between_two_parts_and_nothing_is_cut(self) -> None:
        made = in_bubbles(MIDDLE, HEAD, closing="Vergeef me.", shortened=NOTE)
        assert len(made) == 2
        assert "\n".join(made).split("\n") == [HEAD, *MIDDLE, "Vergeef me."]

    @pytest.mark.parametrize("remark", ["", REMARK])
    @pytest.mark.parametrize("parts", [LONG, [*SHORT[:4], LONG[4]], ["i " * 150] * 5, ["x" * 5000] * 5])
    def test_long_parts_are_shown_shorter_which_is_said_and_every_part_is_there(
        self, parts: list[str], remark: str
    ) -> None:
        made = in_bubbles(parts, HEAD, closing="Vergeef me.", remark=remark, shortened=NOTE)
        assert len(made) <= 2
        assert not any("\n\n" in bubble for bubble in made), "a channel would make two bubbles of it"
        assert all(len(bubble.split()) <= WORDS_IN_A_BUBBLE for bubble in made)
        lines = "\n".join(made).split("\n")
        assert lines[0] == HEAD and lines[6] == "Vergeef me."
        for part, line in zip(parts, lines[1:6], strict=True):
            assert line and (line == part or line.endswith(" …")) and part.startswith(line.removesuffix(" …"))
        told = any(line.endswith(" …") for line in lines)
        assert (NOTE in made[-1]) == told
        assert made[-1].endswith(remark)

    def test_no_more_is_cut_than_needed(self) -> None:
        made = "\n".join(in_bubbles([*SHORT[:4], LONG[4]], HEAD, shortened=NOTE))
        assert all(part in made for part in [*SHORT[:4], LONG[4]])
