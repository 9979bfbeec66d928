"""Questions to the assistant get their own answer, and what people answer is not taken for such a question.

own_answers.yml holds questions that are no examples; it served to choose the bound (bondgenoot.own_answers).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml
from conftest import HERE, Parse
from rasa.core.agent import Agent

from bench.open_questions import ANSWER
from bench.own_answers import answered
from bondgenoot import settings, training
from bondgenoot.content import content
from bondgenoot.own_answers import intent_of

SETS = settings.ROOT / "bench" / "sets"
REAL_ANSWERS = (HERE / "open_questions.yml", SETS / "open_blind.yml", SETS / "open_blind2.yml")


def test_a_question_with_an_own_answer_gets_it(parse: Parse) -> None:
    items = yaml.safe_load((HERE / "own_answers.yml").read_text(encoding="utf-8"))
    found = [(item["text"], item["reply"], parse(item["text"])) for item in items]
    right = [
        one for one in found if one[2].get("own_answer") == one[1] and one[2]["intent"]["name"] == intent_of(one[1])
    ]
    other = [one[:2] for one in found if one[2].get("own_answer") not in (None, one[1])]
    assert len(right) / len(found) >= 0.7
    assert len(other) / len(found) <= 0.1, other


def test_a_lesson_that_is_asked_for_stays_a_lesson(parse: Parse) -> None:
    held_out = yaml.safe_load((HERE / "heldout.yml").read_text(encoding="utf-8"))["nlu"]
    asked = [
        line.removeprefix("- ")
        for entry in held_out
        if entry["intent"].startswith("faq/")
        for line in entry["examples"].splitlines()
    ]
    lost = [text for text in asked if parse(text).get("own_answer")]
    assert len(asked) > 100
    assert len(lost) / len(asked) <= 0.01, lost


@pytest.fixture(scope="module")
def agent() -> Agent:
    return Agent.load(training.model_path())


@pytest.mark.parametrize("path", REAL_ANSWERS, ids=lambda path: path.stem)
def test_an_answer_is_no_question(path: Path, agent: Agent) -> None:
    loop = asyncio.new_event_loop()
    answers = [one for one in yaml.safe_load(path.read_text(encoding="utf-8")) if one["intent"] == ANSWER]
    forms = [(content().questions[one["slot"]].form, one["slot"]) for one in answers]
    got = [(one["text"], answered(agent, loop, one["text"], form)) for one, form in zip(answers, forms)]
    taken = [one for one in got if not one[1].startswith("(")]
    assert len(taken) <= max(1, len(answers) // 100), taken
