"""A story's question: open until it is answered or left, and what an answer to it means."""

from __future__ import annotations

from typing import Any

import pytest

from bondgenoot.stories import STORY_ANSWER, meaning, open_response, question_of

BUTTONS = [{"title": "Een collega", "payload": "/to_colleague"}, {"title": "Nu niet", "payload": "/later"}]


def said(name: str | None, buttons: Any = None, **metadata: Any) -> dict[str, Any]:
    return {"event": "bot", "data": {"buttons": buttons}, "metadata": {"utter_action": name, "metadata": metadata}}


CHOICE = said("utter_story_whom", BUTTONS)
FREE = said("utter_story_what", waits_for="text")
USER = {"event": "user"}


def test_a_response_with_buttons_that_name_an_intent_asks() -> None:
    question = question_of(CHOICE)
    assert question
    assert question.intents == {"to_colleague", "later"}
    assert question.kind == "choice"


@pytest.mark.parametrize("event", [said("utter_story_end"), said("utter_x", [{"title": "Menu", "payload": "Menu"}])])
def test_other_responses_ask_nothing(event: dict[str, Any]) -> None:
    assert question_of(event) is None


@pytest.mark.parametrize(
    ("newest_first", "is_open"),
    [
        ([USER, CHOICE], True),
        ([USER, said("utter_faq/what_is_trust", question="En jij?"), USER, CHOICE], True),
        ([USER, said(None), USER, CHOICE], True),
        ([USER, said("utter_story_end"), USER, CHOICE], False),
        ([{"event": "active_loop", "name": "dilemma_form"}, USER, CHOICE], False),
        ([{"event": "active_loop", "name": None}, USER, FREE], True),
        ([USER, USER, USER, USER, CHOICE], False),
        ([], False),
    ],
)
def test_a_question_is_open_until_the_story_or_a_form_went_on(
    newest_first: list[dict[str, Any]], is_open: bool
) -> None:
    assert bool(open_response(newest_first)) is is_open


@pytest.mark.parametrize(
    ("asked", "text", "decided", "meant"),
    [
        (CHOICE, "een collega", "answer", "to_colleague"),
        (CHOICE, "nu niet hoor", "answer", "later"),
        (CHOICE, "iemand van de planning", "answer", "to_colleague"),  # the classifier's best
        (CHOICE, "stop", "stop", "stop"),
        (FREE, "hoe ik een overleg leid", "answer", STORY_ANSWER),
        (FREE, "ja", "affirm", STORY_ANSWER),
        (FREE, "wat is vertrouwen", "faq/what_is_trust", "faq/what_is_trust"),
    ],
)
def test_what_an_answer_means(asked: dict[str, Any], text: str, decided: str, meant: str) -> None:
    question = question_of(asked)
    assert question
    assert meaning(question, text, decided, [("answer", 0.5), ("to_colleague", 0.4)]) == meant


def test_an_answer_that_nothing_resembles_is_not_understood() -> None:
    question = question_of(CHOICE)
    assert question
    assert meaning(question, "blablabla", "answer", [("answer", 0.9), ("later", 0.05)]) == "nlu_fallback"
