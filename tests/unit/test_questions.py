"""What a person's words mean as an answer to a question, and what a question says."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bondgenoot import texts
from bondgenoot.content import content
from bondgenoot.questions import (
    LONGEST_ANSWER,
    SKIPPED,
    Answer,
    Choice,
    Question,
    match_choice,
    normalise,
    read_question,
    scale_number,
    understand,
)

TODAY = datetime.date(2026, 11, 23)
COLOURS = (
    Choice("red", "Rood", ("vuur", "bloed rood")),
    Choice("blue", "Blauw", ("zee", "lucht")),
    Choice("green", "Groen", ("gras",)),
)


def question(**changes: Any) -> Question:
    entry: dict[str, Any] = {
        "slot": "test_slot",
        "kind": "text",
        "skip": "allow",
        "ask": "Ask",
        "again": "Again",
        "why": "Why",
        "hint": "Hint",
    }
    return read_question("test", {**entry, **changes})


CHOICES = [
    {"value": "done", "label": "Gedaan", "words": ["gedaan", "gelukt"], "intents": ["report_done", "affirm"]},
    {"value": "not_done", "label": "Niet gelukt", "words": ["niet gelukt", "nee"], "intents": ["deny"]},
]


class TestChoices:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2", "blue"),
            ("b", "blue"),
            ("B.", "blue"),
            ("optie 2", "blue"),
            ("de tweede", "blue"),
            ("ik kies voor b", "blue"),
            ("keuze drie", "green"),
            ("de laatste", "green"),
            ("nummer 1", "red"),
            ("Blauw", "blue"),
            ("BLAUW!", "blue"),
            ("ik denk blauw", "blue"),
            ("blue", "blue"),
            ("de zee misschien", "blue"),
            ("bloed-rood", "red"),
            ("4", None),
            ("0", None),
            ("d", None),
            ("", None),
            ("\U0001f600", None),
            ("geel", None),
            ("rood of blauw", "blue"),
            ("vuur of gras", None),
            ("zeehond", None),
            ("een", None),
            ("de optie", None),
            ("12 rode appels", None),
        ],
    )
    def test_a_choice_is_known_by_number_letter_label_and_words(self, text: str, expected: str | None) -> None:
        assert match_choice(COLOURS, text) == expected

    def test_the_longest_phrase_decides(self) -> None:
        options = question(kind="choice", choices=CHOICES).choices
        assert match_choice(options, "het is niet gelukt") == "not_done"
        assert match_choice(options, "het is gelukt") == "done"

    def test_without_choices_nothing_matches(self) -> None:
        assert match_choice((), "1") is None

    @pytest.mark.parametrize("slot", [slot for slot, item in content().questions.items() if item.choices])
    def test_each_button_and_each_word_means_its_own_choice(self, slot: str) -> None:
        asked = content().questions[slot]
        wrong = [
            (choice.value, word, found)
            for choice in asked.choices
            for word in (choice.label, *choice.words)
            if (found := understand(asked, word, TODAY).value) != choice.value
        ]
        assert wrong == []

    @pytest.mark.parametrize("dilemma_id", sorted(content().dilemmas))
    def test_each_option_of_a_dilemma_is_known_by_letter_label_and_keywords(self, dilemma_id: str) -> None:
        dilemma = content().dilemmas[dilemma_id]
        asked = content().questions["dilemma_choice"]
        wrong = [
            (choice.value, word, found)
            for choice in dilemma.choices
            for word in (choice.value, choice.label, *choice.words)
            if (found := understand(asked, word, TODAY, choices=dilemma.choices).value) != choice.value
        ]
        assert wrong == []

    @pytest.mark.parametrize(
        "text",
        [
            "nee, wis alles niet",
            "nee doe maar niet",
            "nee zeker niet",
            "neen, toch niet alles wissen",
            "wis niet alles",
        ],
    )
    def test_a_no_never_erases(self, text: str) -> None:
        assert understand(content().questions["data_erase_confirm"], text, TODAY).value != "yes"

    @pytest.mark.parametrize(
        "slot", ["commitment_confirm", "commitment_date_confirm", "offer_answer", "repair_forgiveness"]
    )
    @pytest.mark.parametrize("text", ["nee doe maar niet", "nee zeker niet"])
    def test_a_no_is_never_taken_for_a_yes(self, slot: str, text: str) -> None:
        assert understand(content().questions[slot], text, TODAY).value != "yes"

    @pytest.mark.parametrize(
        ("slot", "text", "expected"),
        [
            ("data_erase_confirm", "doe maar niet", "no"),
            ("data_erase_confirm", "waarom niet, doe maar", "yes"),
            ("commitment_confirm", "klopt nog niet", "change"),
            ("commitment_confirm", "nee, laat maar vallen", "drop"),
            ("commitment_date_confirm", "dat is niet goed", "no"),
            ("follow_up_result", "gedaan, niet perfect maar toch", "done"),
            ("follow_up_result", "nee, liever een andere dag", "postponed"),
            ("offer_answer", "ja, waarom niet", "yes"),
        ],
    )
    def test_a_yes_that_is_turned_around_is_a_no(self, slot: str, text: str, expected: str) -> None:
        assert understand(content().questions[slot], text, TODAY).value == expected

    def test_the_classifier_does_not_make_a_yes_of_a_no(self) -> None:
        asked = question(kind="choice", choices=CHOICES)
        assert understand(asked, "nee hoor, waarom zou ik", TODAY, ["affirm"]) == Answer("not_done")
        assert understand(asked, "neen bedankt", TODAY, ["affirm"]).value != "done"


class TestUnderstanding:
    def test_an_open_question_keeps_the_words(self) -> None:
        assert understand(question(), "  Ik stopte met luisteren. ", TODAY) == Answer("Ik stopte met luisteren.")

    def test_an_empty_message_is_not_understood(self) -> None:
        assert understand(question(), " \n ", TODAY) == Answer(None, "not_understood")

    def test_a_very_long_answer_is_asked_back(self) -> None:
        assert understand(question(), "x" * LONGEST_ANSWER, TODAY).value is not None
        assert understand(question(), "x" * (LONGEST_ANSWER + 1), TODAY) == Answer(None, "answer_too_long")

    @pytest.mark.parametrize("kind", ["text", "choice", "date", "scale"])
    def test_the_sign_for_skipped_skips_where_that_is_allowed(self, kind: str) -> None:
        assert understand(question(kind=kind), SKIPPED, TODAY) == Answer(SKIPPED)

    @pytest.mark.parametrize("kind", ["text", "choice", "date", "scale"])
    def test_typing_the_sign_for_skipped_does_not_get_past_a_question_that_needs_an_answer(self, kind: str) -> None:
        assert understand(question(kind=kind, skip="refuse"), SKIPPED, TODAY).value is None

    def test_the_intent_helps_where_the_words_do_not(self) -> None:
        asked = question(kind="choice", choices=CHOICES)
        assert understand(asked, "jawel hoor", TODAY, ["affirm"]) == Answer("done")
        assert understand(asked, "jawel hoor", TODAY, ["greet", "affirm"]) == Answer(None, "not_understood")

    def test_the_words_go_before_the_intent(self) -> None:
        asked = question(kind="choice", choices=CHOICES)
        assert understand(asked, "niet gelukt", TODAY, ["affirm"]) == Answer("not_done")

    def test_a_way_of_ones_own_needs_three_words(self) -> None:
        asked = question(kind="choice", free="own", choices=CHOICES)
        assert understand(asked, "ik vraag eerst waarom", TODAY) == Answer("own")
        assert understand(asked, "eerst vragen", TODAY) == Answer(None, "not_understood")

    def test_choices_from_elsewhere_replace_those_of_the_question(self) -> None:
        asked = question(kind="choice", choices=CHOICES)
        assert understand(asked, "blauw", TODAY, choices=COLOURS) == Answer("blue")
        assert understand(asked, "gedaan", TODAY, choices=COLOURS) == Answer(None, "not_understood")


class TestDates:
    when = question(kind="date", skip="refuse")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("morgen", Answer("2026-11-24")),
            ("2026-12-03", Answer("2026-12-03")),
            ("2026-12-03?", Answer("2026-12-03?")),
            ("ooit", Answer(None, "date_vague")),
            ("31 februari", Answer(None, "date_impossible")),
            ("gisteren", Answer(None, "date_past")),
            ("als hij terug is", Answer(None, "date_conditional")),
            ("mijn collega", Answer(None, "date_none")),
        ],
    )
    def test_a_day_is_kept_as_iso_text_or_asked_back(self, text: str, expected: Answer) -> None:
        assert understand(self.when, text, TODAY) == expected

    def test_a_span_is_kept_with_a_question_mark_to_be_confirmed(self) -> None:
        value = understand(self.when, "eind deze maand", TODAY).value
        assert value is not None
        assert value.endswith("?")
        assert datetime.date.fromisoformat(value[:-1]).month == 11

    @pytest.mark.parametrize("text", ["2027-02-31", "2026-13-01", "2027-02-31?"])
    def test_a_typed_day_that_does_not_exist_is_impossible(self, text: str) -> None:
        assert understand(self.when, text, TODAY) == Answer(None, "date_impossible")

    def test_a_typed_day_in_the_past_is_past(self) -> None:
        assert understand(self.when, "2020-01-01", TODAY) == Answer(None, "date_past")


class TestScales:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("7", 7),
            ("een 7", 7),
            ("7,5", 7),
            ("7.9", 7),
            ("8/10", 8),
            ("8 op 10", 8),
            ("8 van de 10", 8),
            ("10/10", 10),
            ("acht", 8),
            ("een acht denk ik", 8),
            ("nul", 0),
            ("0", 0),
            ("tien", 10),
            ("één", 1),
            ("een", 1),
            ("11", None),
            ("100", None),
            ("7 of 8", 7),
            ("zeven of acht", 7),
            ("een beetje", None),
            ("veel", None),
            ("", None),
            ("7 7", 7),
        ],
    )
    def test_the_one_number_counts(self, text: str, expected: int | None) -> None:
        # "een beetje" says "een", but not as a number
        assert scale_number(text, 0, 10) == expected

    @pytest.mark.parametrize(
        ("text", "expected"), [("4", 4), ("4/5", 4), ("4 op 5", 4), ("vier", 4), ("6", None), ("0", None)]
    )
    def test_a_scale_to_five_is_out_of_five(self, text: str, expected: int | None) -> None:
        assert scale_number(text, 1, 5) == expected

    @hypothesis_settings(derandomize=True, deadline=None)
    @given(text=st.text(max_size=40))
    def test_whatever_is_typed_the_number_is_on_the_scale_or_absent(self, text: str) -> None:
        assert scale_number(text, 1, 5) in (None, 1, 2, 3, 4, 5)

    def test_a_number_on_the_scale_is_kept_as_text(self) -> None:
        assert understand(question(kind="scale"), "8/10", TODAY) == Answer("8")

    @pytest.mark.parametrize("slot", [slot for slot, item in content().questions.items() if item.kind == "scale"])
    def test_what_is_said_when_no_number_is_heard_names_the_right_scale(self, slot: str) -> None:
        asked = content().questions[slot]
        notice = understand(asked, "geen cijfer", TODAY).notice
        said = " ".join(texts.say(notice, minimum=asked.minimum, maximum=asked.maximum))
        assert f"{asked.minimum} tot {asked.maximum}" in said


class TestWordings:
    def test_a_wording_is_filled(self) -> None:
        assert question(ask="Je zei: {what}").wording("ask", {"what": "bellen"}) == ("Je zei: bellen",)

    def test_a_list_gives_several_bubbles(self) -> None:
        assert question(ask=["Een {n}", "Twee "]).wording("ask", {"n": 1}) == ("Een 1", "Twee")

    def test_where_an_answer_is_missing_the_wording_without_it_is_used(self) -> None:
        asked = question(ask="Je zei: {what}", ask_without_what="Wat dan?")
        assert asked.wording("ask", {"what": ""}) == ("Wat dan?",)
        assert asked.wording("ask", {"what": "bellen"}) == ("Je zei: bellen",)
        assert asked.wording("again", {"what": ""}) == ("Again",)

    def test_an_earlier_answer_chooses_among_wordings_and_the_first_is_the_default(self) -> None:
        asked = question(by="side", ask={"mine": "Wat deed jij?", "theirs": ["Wat deed", "de ander?"]})
        assert asked.wording("ask", {}, "theirs") == ("Wat deed", "de ander?")
        assert asked.wording("ask", {}, "mine") == asked.wording("ask", {}, "") == ("Wat deed jij?",)

    def test_braces_in_a_persons_words_stay_as_they_are(self) -> None:
        assert question(ask="Je zei: {what}").wording("ask", {"what": "{day} {0}"}) == ("Je zei: {day} {0}",)

    def test_a_question_knows_its_form_and_what_answers_it(self) -> None:
        asked = question(kind="choice", choices=CHOICES, min=1, max=5)
        assert asked.form == "test_form"
        assert asked.intents == {"report_done", "affirm", "deny"}
        assert (asked.minimum, asked.maximum, asked.may_skip) == (1, 5, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Eén  TWEE ", "een twee"),
        ("collega's", "collegas"),
        ("’t is goed", "t is goed"),
        ("als-dan-plan", "als dan plan"),
        ("re\u0301union", "reunion"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_choices_are_compared_without_case_accents_and_punctuation(text: str, expected: str) -> None:
    assert normalise(text) == expected


@hypothesis_settings(derandomize=True, deadline=None)
@given(text=st.text(max_size=60))
def test_comparing_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("slot", "text", "expected"),
    [
        ("offer_answer", "Hahaha dit is de slechtste cv ooit. Ja doe maar een voornemen, woensdag om 13u, en haal die leugendetector eruit", "yes"),
        ("offer_answer", "wtf je plakt gewoon mijn gescheld in een lijstje. mijn eigen belang is rust, dat moet daar staan. en ja maak er maar een voornemen van", "yes"),
        ("offer_answer", "dat had ik gewoon verteld, ownership over mijn channel! kan je dat er nog in zetten? en yes voornemen please", "yes"),
        ("offer_answer", "Mijn collega zegt van alles, ja hij is altijd zo geweest, dus ik weet niet of ik dat nu moet doen", None),
        ("offer_answer", "ik weet het niet goed, ja of nee vind ik moeilijk, want er speelt nog van alles op het werk", None),
        ("commitment_confirm", "dus IT kan erbij. en IT lult met HR. fijn hoor. ok vooruit sla maar op, boeit me niet meer", "yes"),
        ("commitment_confirm", "NIKS veranderen. OPSLAAN zei ik", "yes"),
        ("commitment_confirm", "Nou vooruit, ik laat dat epistel maar staan want ik moet naar mijn dienst, bewaar het maar zo dan. Dank je wel hoor. Doei!", "yes"),
        ("commitment_confirm", "yesss save it", "yes"),
        ("offer_answer", "Ja, ik pleeg fraude met appeltaart. Grapje he! Nee. Hemel, jij bent leuk op feestjes zeg", "no"),
        ("offer_answer", "Mijn meestergast zei op mijnen eersten dag: doe maar, en als 't mislukt herbeginnen we, en dat vergeet ik nooit", None),
        ("offer_answer", "Hoe zij ertegenover staat weet ik maar half, ze zegt 'ja, doe maar', en dan trekt ze zo'n gezicht erbij", None),
        ("offer_answer", "samen vieren, ja dat deden we, jubileum van dertig jaar, en bij het derde glas legde hij dat uit", None),
        ("commitment_confirm", "Ik moet zo naar de late dienst, dus als het nu klopt mag je het opslaan, en anders laat ik het zitten hoor", "change"),
        ("commitment_confirm", "de herinnering graag vrijdag niet, dan zit ik bij de oogarts, doe maar zaterdag, dan heb ik even tijd", "change"),
        ("commitment_confirm", "WAT moet zijn: hem vragen of die extra man er komt, ja of nee. en doe die onzin weg alsjeblieft", "change"),
    ],
)  # fmt: skip
def test_a_yes_among_more_words(slot: str, text: str, expected: str | None) -> None:
    assert understand(content().questions[slot], text, TODAY).value == expected


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("ned", "nl"),
        ("NL", "nl"),
        ("nld", "nl"),
        ("holland", "nl"),
        ("be", "be"),
        ("bel", "be"),
        ("vloandern", "be"),
        ("nederland zei ik", "nl"),
        ("Amsterdam dus NL! thanks, en donderdag 10 uur staat er toch in hè? byeee, ik ga nog nadenken", "nl"),
        (
            "Nederland, het land van het gratis toilet. Maar je hebt mijn 13u niet meegenomen, en wat als ik niks doe?",
            "nl",
        ),
        ("nederland. en weet je wat, als hij dinsdag weer draait dan bel ik in ziek, ik trek het niet meer", "nl"),
        ("ik bel je later", None),
        ("de nl afdeling heeft daar een punt", None),
        ("Van: de planner <planner@voorbeeld.nl>\nAan: iedereen", None),
        ("that can be a problem", None),
    ],
)
def test_a_country_in_few_letters(text: str, country: str | None) -> None:
    assert match_choice(content().questions["meet_country"].choices, text) == country


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("zesje", 6),
        ("een zeventje", 7),
        ("achtje", 8),
        ("nen zesse", 6),
        ("een zevenen", 7),
        ("een dikke acht", 8),
        ("een zesje, nee een zeventje", 7),
        ("11 natuurlijk. Realistisch een 8 als er taart is", None),
    ],
)
def test_a_grade_as_people_say_it(text: str, number: int | None) -> None:
    assert scale_number(text, 0, 10) == number


def test_an_emoji_ends_a_clause() -> None:
    said = "kijk eens aan, je kunt het wél 🎉 ja bewaar. en die mail van dinsdag, kun je die ook onthouden?"
    assert match_choice(content().questions["commitment_confirm"].choices, said) == "yes"
