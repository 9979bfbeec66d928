"""One question at a time: what is said beside an open question asks nothing of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pieces import said
from test_domain import CHITCHAT, FAQ

from bondgenoot.content import content
from bondgenoot.settings import ROOT

# Words of somebody else, such as what a client asks in a case.
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)'[^'\n]{3,}?'(?!\w)")
# What is said right before the open question is put again, besides what `understand` finds unclear.
BESIDE_THE_QUESTION = (
    "answer_too_long back back_first date_conditional date_impossible date_none date_past date_recurring date_vague "
    "last_question long_answer_kept not_understood out_of_scope human questions_left remark_heard say_more scale_unclear "
    "skipped skip_refused thanks too_many_failures unknown_moved_on privacy"
).split()


def asked(*bubbles: str) -> int:
    """How many questions a person is asked."""
    return sum(QUOTED.sub("", bubble).count("?") for bubble in bubbles)


def responses(file: str) -> dict[str, list[dict[str, Any]]]:
    return dict(yaml.safe_load((ROOT / "data" / "responses" / file).read_text(encoding="utf-8"))["responses"])


def wordings() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(place, bubbles) of every way in which a question is put or explained."""
    for slot, question in content().questions.items():
        for moment, wording in question.wordings.items():
            branches = wording if isinstance(wording, dict) else {"": wording}
            for branch, text in branches.items():
                yield f"{slot}.{moment} {branch}", (text,) if isinstance(text, str) else tuple(text)


def test_a_sentence_that_is_said_holds_at_most_one_question() -> None:
    assert [place for place, text in said() if asked(text) > 1] == []


def test_a_text_of_several_bubbles_holds_at_most_one_question() -> None:
    assert [key for key, bubbles in content().texts.items() if asked(*bubbles) > 1] == []


def test_a_question_is_put_as_one_question_in_all_its_bubbles() -> None:
    assert [place for place, bubbles in wordings() if asked(*bubbles) > 1] == []


def test_an_explanation_of_a_question_asks_nothing() -> None:
    """The question itself follows."""
    assert [place for place, bubbles in wordings() if ".why" in place and asked(*bubbles)] == []


def test_what_a_case_says_beside_its_questions_asks_nothing() -> None:
    """The situation, what a choice does and the insight each stand in one turn with a question.

    What the other person says is quoted, and may wonder aloud.
    """
    found = []
    for dilemma in content().dilemmas.values():
        parts = [*dilemma.situation, dilemma.insight]
        parts += [text for option in dilemma.options for text in (option.text, option.trust, option.hidden_motive)]
        found += [f"{dilemma.id}: {text}" for text in parts if asked(text)]
        found += [
            f"{dilemma.id}: {text}" for text in (dilemma.other_question, dilemma.motive_question) if asked(text) > 1
        ]
    assert found == []


def test_what_a_practice_says_before_it_is_offered_asks_nothing() -> None:
    """'Past deze oefening bij je?' follows in the same turn. What to say to somebody is quoted, and may ask."""
    shown = [(practice.id, text) for practice in content().practices.values() for text in (practice.what, practice.why)]
    assert [f"{name}: {text}" for name, text in shown if asked(text)] == []


@pytest.mark.parametrize("key", BESIDE_THE_QUESTION)
def test_what_is_said_before_the_open_question_is_no_question(key: str) -> None:
    text = " ".join(content().texts[key])
    assert key == "human" or not asked(text)
    # "Wil je een mens spreken, dan ..." is a condition, and ends in a full stop.
    assert not text.endswith("?")


@pytest.mark.parametrize("name", CHITCHAT)
def test_small_talk_keeps_its_question_for_when_nothing_is_open(name: str) -> None:
    for variation in responses("chitchat.yml")[f"utter_chitchat/{name}"]:
        assert not asked(variation["text"])
        assert asked((variation.get("metadata") or {}).get("question", "")) <= 1


def test_there_is_small_talk_with_a_question_back() -> None:
    """`hoe gaat het met jou?` is answered with a question when nothing is open."""
    for variation in responses("chitchat.yml")["utter_chitchat/how_are_you"]:
        assert asked(variation["metadata"]["question"]) == 1


def test_there_are_twenty_one_topics() -> None:
    assert len(FAQ) == len(set(FAQ)) == 21
    assert set(responses("faq.yml")) == {f"utter_faq/{name}" for name in FAQ}


@pytest.mark.parametrize("name", FAQ)
def test_a_topic_has_an_answer_and_exactly_one_question_back(name: str) -> None:
    for variation in responses("faq.yml")[f"utter_faq/{name}"]:
        assert len(variation["text"].split()) >= 15
        assert not asked(variation["text"])
        question = variation["metadata"]["question"].strip()
        assert question.endswith("?")
        assert asked(question) == 1
