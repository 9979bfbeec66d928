"""Skipping a question, or not knowing twice: the journey goes on as with any other answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import ActionQuestionHint, ActionQuestionSkip
from bondgenoot.content import content


@pytest.fixture(params=[ActionQuestionSkip(), ActionQuestionHint()], ids=["skip", "do not know twice"])
def skip(request: pytest.FixtureRequest, tracker: Callable[..., Tracker]) -> Callable[..., dict[str, Any]]:
    """Skip a question, given the slots so far; returns the slots that were set."""

    def run(slot: str, **slots: Any) -> dict[str, Any]:
        form = content().questions[slot].form
        here = tracker({**slots, "requested_slot": slot, "question_hinted": slot}, form=form)
        events = request.param.run(CollectingDispatcher(), here, {})
        return {event["name"]: event["value"] for event in events if event["event"] == "slot"}

    return run


def test_a_skipped_statement_leads_to_the_next_one(skip: Callable[..., dict[str, Any]]) -> None:
    changes = skip("scan_answer", scan_answers=[4])
    assert changes["scan_answers"] == [4, None]
    assert changes["scan_answer"] is None


def test_the_last_statement_may_be_skipped_too(skip: Callable[..., dict[str, Any]]) -> None:
    assert skip("scan_answer", scan_answers=[4] * 15)["scan_answer"] == "-"


def test_who_does_not_say_with_whom_gets_a_practice(skip: Callable[..., dict[str, Any]]) -> None:
    assert skip("practice_whom")["practice_id"] in content().practices


def test_who_changes_nothing_after_all_is_asked_to_confirm_again(skip: Callable[..., dict[str, Any]]) -> None:
    changes = skip("commitment_change", commitment_confirm="change")
    assert changes["commitment_confirm"] is None
