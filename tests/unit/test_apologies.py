"""An apology: conditional language, what is said to the other, how it is shown, and what goes from it."""

from __future__ import annotations

import pytest

from bondgenoot.apologies import as_text, conditional, in_bubbles
from bondgenoot.apology_changes import taken_out, takes_out
from bondgenoot.apology_words import reason_in, to_the_other
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


HEAD, REMARK = "Je excuses:", " ".join(["let"] * 30)
SHORT = ["Het spijt me", "Ik vertelde het door", "Dat was mijn keuze", "Ik vraag het voortaan", "Ik zet het recht"]
MIDDLE = [" ".join([f"woord{number}"] * 18) for number in range(5)]
SENTENCES = " ".join(f"Dit is zin {number} van een heel lang deel." for number in range(8))


class TestAnApologyInBubbles:
    def test_a_short_one_stands_in_one_bubble_and_its_remark_in_another(self) -> None:
        assert in_bubbles(SHORT, HEAD) == ["\n".join([HEAD, *SHORT])]
        assert in_bubbles(SHORT, HEAD, remark=REMARK)[1:] == [REMARK]

    def test_a_longer_one_is_split_between_two_parts_and_nothing_is_cut(self) -> None:
        made = in_bubbles(MIDDLE, HEAD, closing="Vergeef me.")
        assert len(made) == 2
        assert "\n".join(made).split("\n") == [HEAD, *MIDDLE, "Vergeef me."]

    def test_a_part_that_is_longer_than_a_bubble_is_split_between_its_sentences(self) -> None:
        made = in_bubbles([SENTENCES], HEAD)
        assert len(made) == 2
        assert " ".join(" ".join(made).split()) == f"{HEAD} {SENTENCES}"

    @pytest.mark.parametrize(
        ("parts", "remark"),
        [
            ([" ".join(["lang"] * 61)], ""),
            ([SENTENCES, SENTENCES], ""),
            ([*MIDDLE], REMARK),
            (["x" * 30 + " " + "i " * 150], REMARK),
        ],
    )
    def test_what_does_not_fit_whole_is_not_shown_in_part(self, parts: list[str], remark: str) -> None:
        assert in_bubbles(parts, HEAD, remark=remark) == []

    @pytest.mark.parametrize("remark", ["", REMARK])
    @pytest.mark.parametrize("parts", [SHORT, SHORT[:1], MIDDLE[:3], [SENTENCES[:200]]])
    def test_nothing_is_ever_cut_and_no_bubble_is_too_long(self, parts: list[str], remark: str) -> None:
        made = in_bubbles(parts, HEAD, closing="Vergeef me.", remark=remark)
        assert made
        assert len(made) <= 2
        assert not any("\n\n" in bubble for bubble in made), "a channel would make two bubbles of it"
        assert all(len(bubble.split()) <= WORDS_IN_A_BUBBLE for bubble in made)
        assert "…" not in "".join(made)
        assert all(part in "\n".join(made) for part in parts)
        assert made[-1].endswith(remark or "Vergeef me.")

    def test_as_a_file_it_is_whole(self) -> None:
        assert as_text([SENTENCES, "Sorry."], "Vergeef me.") == f"{SENTENCES}\n\nSorry.\n\nVergeef me.\n"


class TestWhatIsSaidToTheOther:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (
                "Ik heb het niet geleverd. Of is dat al te veel uitleg?",
                "Ik heb het niet geleverd.",
            ),
            ("Vandaag nog bellen. Zou jij bellen of mailen?", "Vandaag nog bellen."),
            ("dat zei ik net 🙃 de mail aan de directeur", "de mail aan de directeur"),
            ("het spijt me dat ik loog (en nu geen grapje, knap he 💪)", "het spijt me dat ik loog"),
            ("Ik had moeten bellen. Mag ik nog iets anders vragen: is een bloem raar?", "Ik had moeten bellen."),
            ("ik mail hem dinsdag. mag dat vooraf met haar?", "ik mail hem dinsdag."),
            ("Het spijt me. Of is dat te lang, ik praat veel.", "Het spijt me."),
        ],
    )
    def test_remarks_and_questions_to_the_assistant_are_left_out(self, typed: str, kept: str) -> None:
        assert to_the_other(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            "Het spijt me. Kun je me vergeven?",
            "Hoe kan ik het goedmaken?",
            "Mag ik het rechtzetten?",
            "Wil je met me praten? Is dat goed voor jou?",
            "Dat zei ik tegen je baas en dat was fout.",
            "Ik loog (vorige week dinsdag) over de cijfers.",
            "Wat vind je?",  # all there is, so it stays
            "Ik maakte een grap over je dochter, dat was fout.",
            "Ik zei dat ik het al gedaan had.",
        ],
    )
    def test_what_may_be_said_to_the_other_stays(self, typed: str) -> None:
        assert to_the_other(typed) == typed


class TestReasons:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("ik leverde niet, omdat mijn planner ziek was.", "omdat mijn planner ziek was"),
            ("ik belde niet want het was heel druk", "want het was heel druk"),
            ("Dat kwam door de drukte. Het spijt me", "door de drukte"),
            ("ik had het te druk, sorry", "ik had het te druk"),
        ],
    )
    def test_a_reason_outside_oneself_is_found(self, text: str, reason: str) -> None:
        assert reason_in(text) == reason

    @pytest.mark.parametrize(
        "text", ["ik zweeg omdat ik niet durfde", "het spijt me dat ik loog", "ik ga door met vragen", ""]
    )
    def test_ones_own_part_is_no_excuse(self, text: str) -> None:
        assert reason_in(text) == ""


PARTS = content().questions["repair_edit"].choices
PRESENT = {
    "repair_regret": "het spijt me dat ik loog",
    "repair_facts": "ik leverde niet, omdat mijn planner ziek was. Of is dat raar?",
    "repair_offer": "ik bel vandaag. Wil jij mailen of bellen?",
}


class TestTakingOut:
    @pytest.mark.parametrize(
        ("typed", "left"),
        [
            (
                "haal die twee vragen eruit, die waren voor jou",
                {"repair_facts": "ik leverde niet, omdat mijn planner ziek was.", "repair_offer": "ik bel vandaag."},
            ),
            ("laat de reden maar weg", {"repair_facts": "ik leverde niet. Of is dat raar?"}),
            ("laat dat van die planner weg", {"repair_facts": "ik leverde niet. Of is dat raar?"}),
            (
                "'ik bel vandaag' staat er nog, haal die regel eruit",
                {"repair_offer": "Wil jij mailen of bellen?"},
            ),
            ("laat mijn spijt weg", {"repair_regret": ""}),
            ("deel 5 mag eruit", {"repair_offer": ""}),
        ],
    )
    def test_what_is_named_goes(self, typed: str, left: dict[str, str]) -> None:
        assert taken_out(typed, PARTS, PRESENT) == left

    @pytest.mark.parametrize("typed", ["haal die regel eruit", "haal dat eruit"])
    def test_what_is_not_plain_is_asked(self, typed: str) -> None:
        assert takes_out(typed)
        assert taken_out(typed, PARTS, PRESENT) == {}

    @pytest.mark.parametrize("typed", ["ja graag", "nee, nu niet", "ja, maak er een voornemen van", "ik moet weg"])
    def test_an_answer_to_the_offer_takes_nothing_out(self, typed: str) -> None:
        assert not takes_out(typed)
        assert taken_out(typed, PARTS, PRESENT) == {}
