"""The content at launch: how much there is, that it hangs together, and that each case is a real dilemma."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from bondgenoot import texts
from bondgenoot.content import CONTENT, SEED_ITEMS, content
from bondgenoot.questions import normalise

CORES = ("integrity", "intent", "capabilities", "results")
# Questions whose choices come from what they are about (bondgenoot.own_choices).
FROM_ELSEWHERE = ("dilemma_choice", "follow_up_which")
# What chooses the words of a question and is no answer: set by the journey before the offer, and by what was told.
SET_BY_A_JOURNEY = {"offer_kind": {"practice", "commitment"}, "own_case_gentle": {"plain", "gentle"}}
DILEMMAS = sorted(content().dilemmas)
PRACTICES = sorted(content().practices)
QUESTIONS = sorted(content().questions)


def test_there_are_at_least_six_six_three_and_three_dilemmas() -> None:
    found = Counter(item.core for item in content().dilemmas.values())
    assert set(found) == set(CORES)
    assert all(
        found[core] >= least for core, least in {"intent": 6, "integrity": 6, "capabilities": 3, "results": 3}.items()
    )


def test_there_are_at_least_twenty_four_practices() -> None:
    assert len(content().practices) >= 24


def test_there_are_sixteen_statements_four_a_core_with_their_own_ids() -> None:
    assert Counter(item.core for item in content().statements) == dict.fromkeys(CORES, 4)
    assert len({item.id for item in content().statements}) == 16


def test_there_is_a_practice_for_every_core_and_everybody() -> None:
    pairs = {(core, whom) for item in content().practices.values() for core in item.cores for whom in item.for_whom}
    assert pairs == {(core, whom) for core in CORES for whom in ("team_member", "colleague", "manager", "client")}


@pytest.mark.parametrize("dilemma_id", DILEMMAS)
class TestDilemma:
    def test_its_practices_exist(self, dilemma_id: str) -> None:
        assert set(content().dilemmas[dilemma_id].practices) <= set(content().practices)

    def test_one_of_its_practices_belongs_to_its_core(self, dilemma_id: str) -> None:
        dilemma = content().dilemmas[dilemma_id]
        assert any(dilemma.core in content().practices[item].cores for item in dilemma.practices)

    def test_it_asks_for_the_motive_and_on_the_other_chair(self, dilemma_id: str) -> None:
        dilemma = content().dilemmas[dilemma_id]
        assert dilemma.motive_question.endswith("?")
        assert dilemma.other_question.endswith("?")

    def test_its_options_are_lettered_in_order_and_differ(self, dilemma_id: str) -> None:
        options = content().dilemmas[dilemma_id].options
        assert [option.id for option in options] == list("abcd")[: len(options)]
        for field in ("label", "text", "trust", "hidden_motive"):
            assert len({getattr(option, field) for option in options}) == len(options), field

    def test_every_option_has_a_motive_that_it_may_hide_and_none_is_called_right_or_wrong(
        self, dilemma_id: str
    ) -> None:
        for option in content().dilemmas[dilemma_id].options:
            assert option.hidden_motive
            assert not re.search(r"\b(juiste|foute|beste|slechtste) (keuze|antwoord|optie)\b", option.trust), (
                option.label
            )

    def test_its_situation_and_insight_are_told_to_the_person(self, dilemma_id: str) -> None:
        dilemma = content().dilemmas[dilemma_id]
        assert re.search(r"\b(je|jij|jou|jouw|jullie)\b", " ".join(dilemma.situation), re.IGNORECASE)

    def test_nothing_of_it_can_be_mistaken_for_a_placeholder(self, dilemma_id: str) -> None:
        assert not re.search(r"[{}]", (CONTENT / "dilemmas" / f"{dilemma_id}.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("practice_id", PRACTICES)
class TestPractice:
    def test_it_says_how_in_steps_with_words_to_say_and_a_plan(self, practice_id: str) -> None:
        practice = content().practices[practice_id]
        assert 2 <= len(practice.how) <= 4
        assert practice.example
        assert re.match(r"(Als|Wanneer|Zodra|Na|Voor|Bij)\b", practice.if_then[0])
        assert practice.if_then[1].startswith("dan ")

    def test_it_is_reached(self, practice_id: str) -> None:
        practice = content().practices[practice_id]
        assert practice.cores
        assert practice.for_whom

    def test_shown_in_one_question_it_stays_under_the_limit(self, practice_id: str) -> None:
        practice = content().practices[practice_id]
        values = {"title": practice.title, "description": practice.what, "reason": practice.why}
        shown = content().questions["practice_choice"].wording("ask", values)
        assert len(shown) == 2  # "die slaan we over" or "we gaan verder" may come before
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(practice.how, 1))
        shown += texts.say("practice_taken", steps=steps, example=practice.example)
        assert [len(bubble.split()) for bubble in shown if len(bubble.split()) > 60] == []


@pytest.mark.parametrize("dilemma_id", DILEMMAS)
def test_what_a_dilemma_puts_into_a_question_stays_under_the_limit(dilemma_id: str) -> None:
    dilemma = content().dilemmas[dilemma_id]
    questions = content().questions
    long = []
    for option in dilemma.options:
        values = {
            "options": "\n".join(f"{number}. {item.text}" for number, item in enumerate(dilemma.options, 1)),
            "choice": option.label,
            "role": dilemma.other_role,
            "chair_text": dilemma.other_text,
            "chair_question": dilemma.other_question,
            "motive_question": dilemma.motive_question,
            "trust": option.trust,
            "hidden_motive": option.hidden_motive,
        }
        for slot in ("dilemma_why", "dilemma_chair", "dilemma_motive"):
            for moment in ("ask", "again"):
                for bubble in questions[slot].wording(moment, values):
                    if len(bubble.split()) > 60:
                        long.append(f"{slot}.{moment} {option.id}: {len(bubble.split())} words")
    assert sorted(set(long)) == []


@pytest.mark.parametrize("dilemma_id", DILEMMAS)
def test_the_beginning_of_a_case_stays_under_the_limit_when_it_was_seen_before(dilemma_id: str) -> None:
    dilemma = content().dilemmas[dilemma_id]
    bubble = " ".join([*texts.say("dilemma_none_left"), dilemma.title, dilemma.situation[0]])
    assert len(bubble.split()) <= 60
    assert len(dilemma.situation) <= 2  # and the question is the third bubble


@pytest.mark.parametrize("key", ["scan_result", "scan_result_even", "scan_compare", "scan_compare_even"])
def test_the_result_of_a_scan_is_one_bubble_under_the_limit(key: str) -> None:
    """With the offer after it and 'die slaan we over' before it, a turn has three."""
    line = "score_line_before" if "compare" in key else "score_line"
    lines = "\n".join(texts.say(line, core="capaciteiten", score="3,5", before="3,5")[0] for _ in CORES)
    words = {"strong": "capaciteiten", "weak": "integriteit", "day": "maandag 23 november 2026", "lines": lines}
    (bubble,) = texts.say(key, **words)
    assert len(bubble.split()) <= 60


@pytest.mark.parametrize("slot", QUESTIONS)
class TestQuestion:
    def test_it_belongs_to_its_journey_and_is_there_once(self, slot: str) -> None:
        slots = [item.slot for questions in content().journeys.values() for item in questions]
        assert slot.startswith(content().questions[slot].journey + "_")
        assert slots.count(slot) == 1

    def test_it_has_first_words_other_words_a_reason_and_a_lighter_question(self, slot: str) -> None:
        wordings = content().questions[slot].wordings
        assert {"ask", "again", "why", "hint"} <= set(wordings)
        said = [str(wordings[moment]) for moment in ("ask", "again", "why", "hint")]
        assert len(set(said)) == 4

    def test_its_kind_has_what_it_needs(self, slot: str) -> None:
        question = content().questions[slot]
        assert (question.kind == "choice") == bool(question.choices) or slot in FROM_ELSEWHERE
        assert question.minimum < question.maximum

    def test_its_hint_for_the_eye_is_of_its_kind_and_a_day_or_a_scale_always_has_one(self, slot: str) -> None:
        question = content().questions[slot]
        if question.kind not in ("date", "scale"):
            assert question.ui is None
            return
        assert question.ui is not None
        assert question.ui["kind"] == question.kind
        if question.kind == "scale":
            assert (question.ui["min"], question.ui["max"]) == (question.minimum, question.maximum)
            assert question.ui["low"] != question.ui["high"]

    def test_its_choices_have_their_own_value_label_and_words(self, slot: str) -> None:
        choices = content().questions[slot].choices
        assert len({choice.value for choice in choices}) == len({choice.label for choice in choices}) == len(choices)
        owners: dict[str, set[str]] = {}
        for choice in choices:
            for word in choice.words:
                owners.setdefault(normalise(word), set()).add(choice.value)
        assert {word: who for word, who in owners.items() if len(who) > 1} == {}

    def test_an_intent_means_one_of_its_choices(self, slot: str) -> None:
        intents = [intent for choice in content().questions[slot].choices for intent in choice.intents]
        assert len(intents) == len(set(intents))

    def test_its_branches_are_answers_to_the_question_that_chooses(self, slot: str) -> None:
        question = content().questions[slot]
        branches = [set(wording) for wording in question.wordings.values() if isinstance(wording, dict)]
        if not question.by:
            assert branches == []
            return
        assert branches
        if question.by in content().questions:
            possible = {choice.value for choice in content().questions[question.by].choices}
        else:
            possible = SET_BY_A_JOURNEY[question.by]
        assert all(branch <= possible for branch in branches)


@pytest.mark.parametrize("moment_id", sorted(content().moments))
def test_every_moment_can_be_chosen_and_comes_with_ideas(moment_id: str) -> None:
    moment = content().moments[moment_id]
    assert moment_id in {choice.value for choice in content().questions["moment_kind"].choices}
    assert moment.ideas
    assert moment.days_until > 0


def test_every_kind_of_moment_is_described() -> None:
    assert {choice.value for choice in content().questions["moment_kind"].choices} - {"other"} == set(content().moments)


def test_every_item_of_the_seeds_is_named_as_a_source() -> None:
    named: set[int] = set()
    files = [*CONTENT.rglob("*.yml"), *(CONTENT.parent / "data" / "responses").glob("*.yml")]
    for path in files:
        for numbers in re.findall(r"sources: \[([\d, ]+)\]", path.read_text(encoding="utf-8")):
            named |= {int(number) for number in numbers.split(",")}
    assert set(SEED_ITEMS) - named == set()
    assert named <= set(SEED_ITEMS)


def test_every_referral_says_when_it_was_last_checked() -> None:
    cards = yaml.safe_load((CONTENT / "referrals.yml").read_text(encoding="utf-8"))
    assert set(cards) == {"crisis", "harassment", "burnout", "report_wrongdoing"}
    for topic, contacts in content().referrals.items():
        assert all(contact.checked.year >= 2026 for contact in contacts), topic
