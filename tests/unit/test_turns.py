"""Turn-taking: control and questions if clearly so, else the answer to the open question."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial

import pytest
import yaml

from bondgenoot import asides, intents, turns
from bondgenoot.answer_parts import Parts, Sentence
from bondgenoot.content import CONTENT, content
from bondgenoot.intents import ANSWER, FALLBACK
from bondgenoot.questions import Choice, Question, normalise
from bondgenoot.turn_words import main_menu, menu_labels, whole_messages

decide = partial(turns.decide, today=datetime.date(2026, 11, 23))
OPEN = content().questions["commitment_obstacle"]
CONFIRM = content().questions["commitment_confirm"]
WHEN = content().questions["commitment_when"]
SCALE = content().questions["commitment_confidence"]
RESULT = content().questions["follow_up_result"]


def intent(
    text: str, asked: Question | None, top: str = "nlu_fallback", at: float = 0.9, choices: Sequence[Choice] = ()
) -> str:
    return decide(text, [(top, at)], asked, choices).intent


class TestWithoutQuestion:
    def test_going_on_is_heard_among_more_words(self) -> None:
        assert intent("Die wou ik juist bellen. Ga verder met mijn voornemen", None, "faq", 0.4) == "resume"
        assert intent("We gaan verder met een fusie en ik vertrouw hem niet", None, "share_dilemma", 0.5) != "resume"

    def test_a_story_with_the_words_of_a_question_is_told(self) -> None:
        told = "Het is dat mijn baas zich nooit heeft bewezen met onze aanpak"
        assert intent(told, None, "share_dilemma") == "share_dilemma"
        assert intent("is die aanpak van covey wel bewezen?", None, "faq") == "out_of_scope"

    def test_the_classifier_decides(self) -> None:
        assert intent("ik wil een dilemma", None, "start_dilemma") == "start_dilemma"

    def test_an_unsure_classifier_leads_to_asking_what_was_meant(self) -> None:
        assert intent("bla", None, "start_dilemma", 0.1) == FALLBACK
        assert decide("bla", [], None).intent == FALLBACK

    @pytest.mark.parametrize("text", ["", "  ", "\n"])
    def test_an_empty_message_is_not_understood(self, text: str) -> None:
        assert intent(text, None, "greet") == intent(text, OPEN, "greet") == FALLBACK

    def test_a_whole_message_goes_before_the_classifier(self) -> None:
        assert intent("Stop!", None, "greet") == "stop"
        assert intent("?", None, "greet") == "dont_know"


class TestAnOpenQuestion:
    @pytest.mark.parametrize(
        "text", ["Vrijdag stuur ik het rond. Ik stop ermee.", "Stop. Goedemiddag verder.", "pff. laat maar zitten"]
    )
    def test_a_sentence_that_stops_is_enough(self, text: str) -> None:
        assert decide(text, [("answer", 0.5)], OPEN, aside=0.5).intent == "stop"

    @pytest.mark.parametrize(
        "text",
        [
            "Hij riep, hou op, en liep weg",
            "Mijn collega zei, laat maar zitten, ik doe het zelf",
            "Ik adem in, ik stop, en luister dan",
            "zeggen dat ik ermee stop",
        ],
    )
    def test_what_somebody_said_or_will_do_stops_nothing(self, text: str) -> None:
        assert decide(text, [("answer", 0.5)], OPEN, aside=0.5).intent == "answer"

    def test_a_story_that_ends_in_stop_is_told(self) -> None:
        assert decide("Stop, zei hij. Ik stop ermee.", [("answer", 0.9)], OPEN, aside=0.02).intent == "answer"

    def test_enough_at_a_choice_of_that_name_is_the_choice(self) -> None:
        asked = content().questions["follow_up_next"]
        assert decide("Niets. Genoeg zo", [("stop", 0.5)], asked, aside=0.9).intent == "answer"

    def test_a_yes_among_more_words_is_a_yes_but_not_what_a_no_asks_for(self) -> None:
        asked = content().questions["commitment_confirm"]
        hurried = "'t is goed zo, bewaar da maar, ik moet aan mijn patatten beginnen. salukes"
        assert decide(hurried, [("goodbye", 0.6)], asked, aside=0.8).intent == "answer"
        wants = "Nee, ik wil liever met een mens spreken over wat er gebeurd is"
        assert decide(wants, [("human_handoff", 0.9)], content().questions["offer_answer"], aside=0.9).intent == (
            "human_handoff"
        )

    def test_somebody_who_can_be_reached_is_no_wish_for_a_person(self) -> None:
        asked = content().questions["commitment_with"]
        assert decide("contactpersoon bij leverancier", [("human_handoff", 0.9)], asked, aside=0.9).intent == "answer"
        assert decide("verbind mij door met iemand", [("human_handoff", 0.9)], asked, aside=0.9).intent != "answer"

    @pytest.mark.parametrize(
        "text", ["Mijn voornemen is om mijn toon te verbeteren", "een voornemen om mijn gedrag te veranderen"]
    )
    def test_a_new_commitment_changes_no_kept_one(self, text: str) -> None:
        assert decide(text, [("make_commitment", 0.9)], None).intent == "make_commitment"
        assert decide(text, [("answer", 0.9)], OPEN, aside=0.02).intent == "answer"

    @pytest.mark.parametrize("text", ["stop", "Stop.", "ik wil stoppen", "hou maar op", "Stoppen"])
    def test_stop_stops(self, text: str) -> None:
        assert intent(text, OPEN, "faq") == "stop"

    @pytest.mark.parametrize(
        ("text", "top"),
        [
            ("ik stopte met luisteren toen ze over de planning begon", "stop"),
            ("nee, want ik durfde niet", "deny"),
            ("ik weet niet goed of mijn baas dat wel wil horen van mij", "dont_know"),
            ("hulp vragen vind ik moeilijk", "faq"),
            ("ik wil niet terug naar hoe het vroeger was tussen ons", "go_back"),
            ("ze zei dat ze een mens wilde spreken en geen systeem meer", "human_handoff"),
            ("ik beloofde hem een rapport en deed het niet", "make_commitment"),
        ],
    )
    def test_a_long_or_personal_sentence_is_an_answer(self, text: str, top: str) -> None:
        assert intent(text, OPEN, top) == ANSWER

    def test_a_clear_short_command_is_a_command(self) -> None:
        assert intent("zullen we deze maar overslaan", OPEN, "skip") == "skip"

    def test_an_unsure_command_is_an_answer(self) -> None:
        assert intent("zullen we deze maar overslaan", OPEN, "skip", 0.3) == ANSWER

    def test_a_clear_question_is_a_question(self) -> None:
        assert intent("wat is vertrouwen eigenlijk?", OPEN, "faq") == "faq"
        assert intent("kan mijn baas dit lezen", OPEN, "ask_privacy") == "ask_privacy"

    def test_a_statement_on_the_topic_of_a_question_is_an_answer(self) -> None:
        assert intent("vertrouwen vind ik belangrijk", OPEN, "faq") == ANSWER

    def test_a_question_about_something_else_is_out_of_scope(self) -> None:
        assert intent("wat voor weer wordt het morgen?", OPEN, "out_of_scope") == "out_of_scope"
        assert intent("het weer zat tegen", OPEN, "out_of_scope") == ANSWER

    def test_another_journey_is_begun_from_a_choice_but_not_from_an_open_question(self) -> None:
        assert intent("ik wil vertrouwen herstellen", CONFIRM, "repair_trust") == "repair_trust"
        assert intent("ik wil vertrouwen herstellen", OPEN, "repair_trust") == ANSWER

    def test_without_classifier_the_words_are_the_answer(self) -> None:
        assert decide("ik durfde niet", [], OPEN).intent == ANSWER


class TestAnswersThatLookLikeSomethingElse:
    def test_an_intent_that_the_question_expects_is_passed_on(self) -> None:
        assert intent("zeker weten", CONFIRM, "affirm") == "affirm"
        assert intent("gedaan", RESULT, "report_done") == "report_done"

    @pytest.mark.parametrize("text", ["Andere dag", "Laten vallen", "2", "deels"])
    def test_a_choice_is_an_answer_whatever_else_it_looks_like(self, text: str) -> None:
        assert intent(text, RESULT, "start_dilemma") == ANSWER

    def test_a_choice_from_content_counts_too(self) -> None:
        dilemma = next(iter(content().dilemmas.values()))
        asked = content().questions["dilemma_choice"]
        assert intent("b", asked, "greet", choices=dilemma.choices) == ANSWER
        assert intent(dilemma.options[0].label, asked, "faq", choices=dilemma.choices) == ANSWER

    def test_a_day_answers_a_question_for_a_day(self) -> None:
        assert intent("morgen", WHEN, "greet") == ANSWER
        assert intent("volgende week dinsdag", WHEN, "skip") == ANSWER

    def test_a_number_answers_a_question_for_a_number(self) -> None:
        assert intent("een 8", SCALE, "greet") == ANSWER

    # The answer to the safety net's own question is read by the net, before turn-taking.
    @pytest.mark.parametrize(
        "slot", [slot for slot, item in content().questions.items() if item.choices and item.journey != "safety"]
    )
    def test_a_control_phrase_keeps_its_meaning_unless_it_is_a_choice_word_for_word(self, slot: str) -> None:
        """'weet ik niet' is not 'niet', 'sla deze over' is not 'deze', 'doe maar de volgende' is not 'doe maar'."""
        asked = content().questions[slot]
        own = {normalise(word) for choice in asked.choices for word in (choice.label, *choice.words)}
        taken = {
            phrase: decide(phrase, [], asked).intent
            for phrase, meant in whole_messages().items()
            if meant in intents.CONTROL - asked.intents
            and phrase not in own
            and decide(phrase, [], asked).intent != meant
        }
        assert taken == {}

    @pytest.mark.parametrize("slot", [slot for slot, item in content().questions.items() if item.choices])
    def test_no_choice_takes_a_word_that_stops_the_exercise(self, slot: str) -> None:
        """'genoeg' may decline an offer; a word with 'stop' in it, or 'annuleren', leaves what was kept as it is."""
        asked = content().questions[slot]
        taken = [
            (choice.value, word)
            for choice in asked.choices
            for word in choice.words
            if whole_messages().get(normalise(word)) == "stop" and normalise(word) not in ("genoeg", "genoeg zo")
        ]
        assert taken == []


class TestTables:
    def test_a_phrase_means_one_thing(self) -> None:
        entries = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["whole_message"]
        owners: dict[str, set[str]] = {}
        for meant, phrases in entries.items():
            for phrase in phrases:
                owners.setdefault(normalise(phrase) or phrase, set()).add(meant)
        assert {phrase: who for phrase, who in owners.items() if len(who) > 1} == {}

    def test_phrases_mean_known_control_intents(self) -> None:
        entries = yaml.safe_load((CONTENT / "turns.yml").read_text(encoding="utf-8"))["whole_message"]
        assert set(entries) <= intents.CONTROL | intents.ASKING | set(intents.YES_OR_NO) | {
            "keep_reflection",
            "drop_reflection",
        }

    def test_two_buttons_never_say_the_same(self) -> None:
        labels = [normalise(label) for label in menu_labels().values()]
        assert len(labels) == len(set(labels))

    @pytest.mark.parametrize("name", sorted(menu_labels()))
    def test_the_text_on_a_button_means_the_button(self, name: str) -> None:
        assert whole_messages()[normalise(menu_labels()[name])] == name

    def test_the_menu_offers_what_has_a_label(self) -> None:
        assert main_menu()
        assert set(main_menu()) <= set(menu_labels())

    def test_the_four_groups_do_not_overlap(self) -> None:
        groups = (intents.CONTROL, intents.ASKING, intents.STARTING, intents.SAFETY)
        assert len(frozenset().union(*groups)) == sum(map(len, groups))


class TestTheJudgeOfAsides:
    """What the judge says beside the classifier, at a question: see decision 12."""

    LONG = "Sorry hoor, maar ik lees dit nu al voor de derde keer en ik heb werkelijk geen benul van wat je wilt horen"

    @staticmethod
    def decided(text: str, ranking: Sequence[tuple[str, float]], asked: Question, aside: float) -> str:
        return decide(text, ranking, asked, asked.choices, aside=aside).intent

    def test_a_long_message_about_the_conversation_is_no_answer(self) -> None:
        ranking = [("faq", 0.3), ("ask_clarification", 0.27), ("answer", 0.2)]
        assert self.decided(self.LONG, ranking, OPEN, 0.9) == "ask_clarification"
        assert self.decided(self.LONG, ranking, OPEN, 0.4) == ANSWER

    def test_without_a_likely_intent_it_stays_an_answer(self) -> None:
        assert self.decided(self.LONG, [("faq", 0.5), ("skip", 0.05)], OPEN, 0.9) == ANSWER
        assert self.decided(self.LONG, [("answer", 0.5), ("skip", 0.3)], OPEN, 0.9) == ANSWER

    def test_what_ends_something_must_be_likelier_than_what_explains(self) -> None:
        assert self.decided(self.LONG, [("stop", 0.4), ("skip", 0.2)], OPEN, 0.9) == "stop"
        assert self.decided(self.LONG, [("stop", 0.2), ("skip", 0.15)], OPEN, 0.9) == "skip"
        assert self.decided(self.LONG, [("stop", 0.2), ("faq", 0.15)], OPEN, 0.9) == "ask_clarification"

    def test_where_a_day_is_asked_the_intent_must_be_clear(self) -> None:
        text = "ik moet eerst terug zijn van mijn vakantie in de Ardennen met heel de familie"
        assert self.decided(text, [("go_back", 0.2)], WHEN, 0.9) == ANSWER
        assert self.decided(text, [("go_back", 0.5)], WHEN, 0.9) == "go_back"

    def test_a_doubt_does_not_choose_by_its_last_word(self) -> None:
        asked = content().questions["practice_choice"]
        assert self.decided("weet ik niet of die past", [("dont_know", 0.66)], asked, 0.96) == "dont_know"
        assert self.decided("dat past", [("dont_know", 0.66)], asked, 0.96) == ANSWER


def test_a_choice_that_begins_as_a_question_about_privacy_is_the_choice() -> None:
    text = "Ja, bewaar het maar zo, dank je wel"
    assert decide(text, [("affirm", 0.6)], CONFIRM, CONFIRM.choices).intent == "affirm"
    assert decide("en bewaar je dat dan ook?", [("affirm", 0.3)], CONFIRM, CONFIRM.choices).intent == "ask_privacy"


def test_a_guess_that_somebody_wants_silence_gives_way_to_the_next_one() -> None:
    guessed = [("pause_follow_ups", 0.4), ("list_commitments", 0.3)]
    assert decide("laat me mijn voornemens zien", guessed, None).intent == "list_commitments"
    sure = [("pause_follow_ups", 0.6), ("list_commitments", 0.3)]
    assert decide("vraag me de komende weken niets", sure, None).intent == "pause_follow_ups"


class TestSeveralSentences:
    """What is about the conversation is told apart from the answer beside it."""

    @staticmethod
    def heard(*said: tuple[str, str, float, float], asked: Question = OPEN) -> turns.Verdict:
        parts = tuple(Sentence(text, ((top, at),), aside) for text, top, at, aside in said)
        return decide(" ".join(one.text for one in parts), [("skip", 0.7)], asked, aside=0.9, sentences=parts)

    def test_the_answer_is_kept_and_the_question_heard(self) -> None:
        verdict = self.heard(
            ("Ik wil dat ze mij laat doen.", ANSWER, 0.5, 0.3),
            ("Kan mijn manager dit lezen?", "ask_privacy", 0.5, 0.95),
        )
        assert (verdict.intent, verdict.parts) == (ANSWER, Parts((0,), "ask_privacy"))

    def test_a_protest_is_not_kept(self) -> None:
        verdict = self.heard(
            ("Wat een kutvraag.", "chitchat", 0.5, 0.9), ("Voor mijn jongens natuurlijk.", ANSWER, 0.5, 0.1)
        )
        assert verdict.parts == Parts((1,), "skip")

    def test_a_doubt_about_the_work_and_a_rhetorical_question_are_kept(self) -> None:
        told = ("Hij zegt niets.", ANSWER, 0.5, 0.1)
        assert self.heard(told, ("Ik weet niet of ik daarover moet beginnen.", "dont_know", 0.6, 0.9)).parts is None
        assert self.heard(told, ("Hoe blijf ik dan geloofwaardig?", "faq", 0.7, 0.4)).parts is None

    def test_a_sentence_that_stops_ends_the_exercise(self) -> None:
        assert self.heard(("Vrijdag bel ik.", ANSWER, 0.5, 0.3), ("Ik stop ermee.", "stop", 0.9, 0.9)).intent == "stop"

    def test_where_something_is_to_be_chosen_the_message_is_one(self) -> None:
        said = (("Ja, bewaar maar.", "affirm", 0.9, 0.5), ("Wie leest dit?", "ask_privacy", 0.9, 0.9))
        assert self.heard(*said, asked=CONFIRM).parts is None

    def test_without_a_question_one_sure_wish_among_more_is_heard(self) -> None:
        parts = (
            Sentence("Toon mijn voornemens.", (("list_commitments", 0.9),), 0.5),
            Sentence("De plant heeft water nodig.", (("out_of_scope", 0.6),), 0.2),
        )
        text = " ".join(one.text for one in parts)
        assert decide(text, [("out_of_scope", 0.5)], None, sentences=parts).intent == "list_commitments"
        assert decide(text, [("share_dilemma", 0.5)], None, sentences=parts).intent == "share_dilemma"


def test_meeting_somebody_is_an_answer_where_an_action_is_asked() -> None:
    asked = content().questions["commitment_what"]
    assert intent("bellen met de planner", asked, "human_handoff") == ANSWER
    assert intent("ik wil een mens spreken hierover", asked, "human_handoff") == "human_handoff"


def test_a_commitment_is_asked_for_in_the_middle_of_something_else() -> None:
    asked = content().questions["repair_true"]
    assert intent("stop met dat herstel, ik wil gewoon een voornemen", asked, "repair_trust") == "make_commitment"


def test_a_question_back_at_a_case_is_no_way_of_ones_own() -> None:
    asked = content().questions["dilemma_choice"]
    ranking = [("out_of_scope", 0.22), ("start_dilemma", 0.2)]
    assert decide("welke bedoel je daar nu mee dan", ranking, asked, aside=0.93).intent == "ask_clarification"
    assert decide("welke zou jij kiezen dan", ranking, asked, aside=0.93).reason == "has an answer of its own"
    assert decide("welke klant het ook is, ik bel eerst", ranking, asked, aside=0.2).intent == ANSWER


class TestMisreadAndWishes:
    CASE = content().questions["own_case_agenda"]

    @pytest.mark.parametrize(
        "slot", ["own_case_agenda", "dilemma_why", "commitment_when", "practice_whom", "scan_answer"]
    )
    def test_a_protest_is_no_answer(self, slot: str) -> None:
        asked = content().questions[slot]
        assert intent("U luistert niet, dat bedoel ik niet", asked, "answer") == "protest"

    @pytest.mark.parametrize(
        ("slot", "text"),
        [
            ("commitment_when", "dat klopt niet, het is dinsdag"),
            ("commitment_confirm", "dat klopt niet"),
            ("repair_true", "dat klopt niet"),
            ("meet_country", "dat bedoel ik niet, nederland"),
        ],
    )
    def test_an_answer_beside_a_protest_counts(self, slot: str, text: str) -> None:
        assert intent(text, content().questions[slot], "answer") == "answer"

    def test_what_is_wished_in_a_case_is_done(self) -> None:
        assert intent("te veel vragen. ik wil een voornemen maken", self.CASE, "answer") == "make_commitment"
        assert intent("kun je me helpen met excuses maken?", self.CASE, "answer") == "repair_trust"
        assert intent("hoe zeg ik sorry", content().questions["repair_regret"], "answer") != "repair_trust"
        assert intent("ik wil een voornemen maken", OPEN, "answer") == ANSWER

    def test_an_offer_that_is_refused_for_something_else(self) -> None:
        offer = content().questions["offer_answer"]
        assert intent("Nee. Dit is onzin. Ik wil excuses voorbereiden.", offer, "answer") == "repair_trust"
        assert intent("Ja. En help me daarna met mijn excuses", offer, "answer") == ANSWER

    def test_a_request_after_a_protest_is_answered(self) -> None:
        text = "Je geeft geen antwoord. Haal die mail dan weg uit je geheugen, alleen die."
        assert intent(text, content().questions["own_case_for_whom"], "answer") == "out_of_scope"

    def test_what_was_no_answer_is_asked_again(self) -> None:
        assert intent("nee wacht dat was geen antwoord", self.CASE, "answer") == "go_back"

    def test_a_protest_that_stops_stops(self) -> None:
        assert intent("dat bedoel ik niet, dat was een vraag. stop", self.CASE, "answer") == "stop"

    def test_a_practice_by_mistake_becomes_the_story(self) -> None:
        text = "nee geen oefening. ik had onze verkoper een datum beloofd en die niet gehaald"
        assert intent(text, content().questions["practice_whom"], "answer") == "share_dilemma"

    def test_a_choice_with_a_question_is_the_choice(self) -> None:
        asked = content().questions["meet_country"]
        assert intent("nl. moet ik nu nog wat of is dit t?", asked, "ask_clarification") == ANSWER
        assert intent("Nee. Hoe bedoel je dat?", content().questions["offer_answer"], "ask_clarification") != ANSWER


class TestTellingAndLeaving:
    def test_a_story_gets_no_article(self) -> None:
        assert intent("mijn chef heeft me die baan beloofd en nu krijgt een ander hem", None, "faq") == "share_dilemma"
        assert intent("gedoe met chauffeur", None, "cancel_commitment", 0.2) == "share_dilemma"
        assert intent("ik heb de eer gepikt van mijn collega. wat moet ik nou", None, "faq") == "repair_trust"

    def test_whoever_asks_for_an_article_gets_it(self) -> None:
        assert intent("wat is vertrouwen in een team?", None, "faq") == "faq"

    def test_a_long_story_is_no_commitment(self) -> None:
        text = (
            "Ik zal het proberen. Onze bestuurder heeft in het overleg toegezegd dat wij het plan vroeg zouden krijgen, "
            "en nu lees ik in de nieuwsbrief dat het al besloten is"
        )
        assert intent(text, None, "make_commitment") == "share_dilemma"
        assert intent("ik neem me voor mijn chef morgen te bellen", None, "make_commitment") == "make_commitment"

    @pytest.mark.parametrize("text", ["zeg jij maar", "geen idee, zeg jij maar", "weet ik niet, mijn chef stuurde me"])
    def test_who_does_not_know_leaves_it_to_us(self, text: str) -> None:
        assert intent(text, None, "ask_help", 0.4) == "dont_know"

    @pytest.mark.parametrize("text", ["nee ik bel chauffeur", "en bellen dan"])
    def test_who_will_call_somebody_wants_no_person_here(self, text: str) -> None:
        assert intent(text, None, "human_handoff") == "make_commitment"
        assert intent("ik wil met een mens bellen", None, "human_handoff") == "human_handoff"

    def test_what_the_tool_can_do_is_asked(self) -> None:
        assert intent("hi, quick check: wat kan deze tool voor mij doen qua trust?", None, "ask_practice") == "ask_help"

    def test_turning_back_a_promise_is_no_going_back(self) -> None:
        text = "mag hij een belofte dan zomaar terugdraaien denk jij"
        assert decide(text, [("go_back", 0.9), ("answer", 0.1)], OPEN, aside=0.9).intent != "go_back"
        assert (
            decide("ik wil graag terug naar de vraag hiervoor", [("go_back", 0.9)], OPEN, aside=0.9).intent == "go_back"
        )

    def test_what_somebody_passed_on_asks_nothing_about_privacy(self) -> None:
        assert not asides.asks_privacy_within("tegen haar zeggen dat ik niet leuk vond dat ze t doorvertelde?")
        assert asides.asks_privacy_within("vertel je dit door aan mijn baas?")
