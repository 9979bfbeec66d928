"""Questions with an answer of their own: when the judge of those counts, and what wins over it."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from bondgenoot import own_answers
from bondgenoot.answer_parts import Sentence
from bondgenoot.content import content
from bondgenoot.own_answers import BETTER_THAN_NOTHING, Guess
from bondgenoot.turns import Verdict, decide
from components.reply_judge import ReplyJudge

TODAY = datetime.date(2026, 11, 22)
SURE, LIKELY, UNLIKELY = (Guess("law", at, at) for at in (0.8, 0.4, 0.2))
LESSON = (("faq", 0.9), ("out_of_scope", 0.05))


def read(text: str, guess: Guess | None, slot: str = "", aside: float = 0.5, **rest: object) -> Verdict:
    question = content().questions[slot] if slot else None
    ranking = rest.pop("ranking", LESSON)
    return decide(text, ranking, question, today=TODAY, aside=aside, own=guess, **rest)  # type: ignore[arg-type]


def test_every_own_answer_has_its_text_and_a_known_name() -> None:
    assert set(own_answers.entries()) <= {key.removeprefix("reply_") for key in content().texts}
    assert own_answers.intent_of("controller") == "ask_privacy"
    assert own_answers.intent_of("law") == own_answers.intent_of("nothing like it") == "out_of_scope"


@pytest.mark.parametrize(
    ("guess", "name"), [(SURE, "law"), (LIKELY, None), (None, None), (Guess("law", 0.2, 0.9), None)]
)
def test_the_judge_counts_when_it_is_sure(guess: Guess | None, name: str | None) -> None:
    assert own_answers.meant(guess) == name


def test_a_lesson_gives_way_to_what_the_judge_is_sure_of() -> None:
    verdict = read("mag dat zomaar volgens de regels?", SURE)
    assert (verdict.intent, verdict.reply) == ("out_of_scope", "law")


@pytest.mark.parametrize("guess", [LIKELY, UNLIKELY, None])
def test_a_lesson_that_was_clearly_asked_for_is_given(guess: Guess | None) -> None:
    assert read("wat betekent integriteit in een team?", guess).intent == "faq"


@pytest.mark.parametrize("ranking", [(("out_of_scope", 0.8),), (("faq", 0.4),), (("nlu_fallback", 0.1),)])
def test_what_is_likely_is_better_than_nothing(ranking: tuple[tuple[str, float], ...]) -> None:
    assert own_answers.meant(LIKELY, BETTER_THAN_NOTHING) == "law"
    assert read("mag dat zomaar?", LIKELY, ranking=ranking).reply == "law"
    assert read("mag dat zomaar?", UNLIKELY, ranking=ranking).reply is None


@pytest.mark.parametrize(("intent", "stays"), [("repair_trust", True), ("human_handoff", True), ("faq", False)])
def test_a_request_that_is_surer_is_met(intent: str, stays: bool) -> None:
    verdict = read("mag dat met iemand erbij?", SURE, ranking=((intent, 0.9),))
    assert (verdict.intent == intent) is stays
    assert read("mag dat met iemand erbij?", SURE, ranking=((intent, 0.6),)).reply == "law"


def test_what_is_likely_makes_an_intent_more_exact() -> None:
    likely = Guess("third_party", 0.4, 0.4)
    assert read("gaat dit naar buiten?", likely, ranking=(("ask_privacy", 0.9),)).reply == "third_party"
    assert (
        read("gaat dit naar buiten?", likely, "own_case_agenda", ranking=(("ask_privacy", 0.9),)).reply == "third_party"
    )
    assert read("gaat dit naar buiten?", LIKELY, ranking=(("ask_privacy", 0.9),)).reply is None


def test_a_long_story_that_asks_nothing_is_no_question() -> None:
    story = "mijn chef heeft mij vorige week beloofd dat ik vast werk kreeg en nu weet hij daar ineens niks meer van"
    assert read(story, SURE, ranking=(("share_dilemma", 0.6),)).intent == "share_dilemma"


@pytest.mark.parametrize(
    ("slot", "text", "aside"),
    [
        ("own_case_agenda", "is een mondelinge belofte iets waard?", 0.3),
        ("own_case_agenda", "kiest gij nu zijn kant of nie", 0.8),
        ("own_case_agenda", "bel ik haar of schrijf ik iets", 0.2),
        ("commitment_when", "ik wil weten of dat bindend is", 0.5),
        ("commitment_when", "mag dat eigenlijk wel van de wet?", 0.5),
        ("repair_side", "is dat niet strafbaar?", 0.5),
    ],
)
def test_at_an_open_question_it_is_answered(slot: str, text: str, aside: float) -> None:
    assert read(text, SURE, slot, aside).reply == "law"


@pytest.mark.parametrize(
    ("slot", "text", "aside"),
    [
        ("own_case_agenda", "haar naam erbij zetten", 0.1),
        ("own_case_agenda", "dat het eindelijk eens op papier komt", 0.3),
        ("commitment_when", "donderdag", 0.5),
    ],
)
def test_an_answer_stays_an_answer(slot: str, text: str, aside: float) -> None:
    assert read(text, SURE, slot, aside).intent == "answer"


def test_a_choice_by_its_name_is_no_question() -> None:
    question = content().questions["repair_side"]
    assert read(question.choices[0].label, SURE, "repair_side").intent == "answer"


def test_what_is_asked_beside_an_answer_is_known_by_its_name() -> None:
    said = (
        Sentence("Dat hij het toegeeft.", (("answer", 0.9),), 0.1),
        Sentence("Mag dat eigenlijk van de wet?", (("faq", 0.4),), 0.6, SURE),
    )
    verdict = read("Dat hij het toegeeft. Mag dat eigenlijk van de wet?", None, "own_case_want", sentences=said)
    assert verdict.intent == "answer" and verdict.parts is not None
    assert (verdict.parts.kept, verdict.reply) == ((0,), "law")


def test_one_sentence_may_ask_but_not_hold_up_what_is_clearly_started() -> None:
    said = (
        Sentence("Ik wil een voornemen maken.", (("make_commitment", 0.9),), 0.1),
        Sentence("Mag dat wel van de wet?", (("faq", 0.4),), 0.6, SURE),
    )
    text = "Ik wil een voornemen maken. Mag dat wel van de wet?"
    assert read(text, None, sentences=said).reply == "law"
    assert read(text, None, sentences=said, ranking=(("make_commitment", 0.9),)).intent == "make_commitment"


def test_a_phrase_is_surer_than_the_judge() -> None:
    assert read("is covey wetenschappelijk bewezen", SURE).reply == "evidence"


def test_the_judge_tells_its_examples_apart_and_from_what_asks_for_none() -> None:
    random = np.random.default_rng(1)
    middles = random.normal(size=(3, 32))
    spread = [middle + 0.1 * random.normal(size=(12, 32)) for middle in middles]
    one, other, none = (group / np.linalg.norm(group, axis=1, keepdims=True) for group in spread)
    judge = ReplyJudge(np.concatenate([one, other]), ["law"] * 12 + ["opinion"] * 12, none)
    assert own_answers.meant(judge.guess(one[0])) == "law"
    assert own_answers.meant(judge.guess(other[3])) == "opinion"
    assert own_answers.meant(judge.guess(none[5])) is None
