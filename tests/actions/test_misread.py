"""What happens to a message that says it was misread, and to an act that is announced in an own case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment import ActionCommitmentStart
from actions.questions import ActionQuestionHint, ActionQuestionMisread

MakeTracker = Callable[..., Tracker]


def _slots(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def _labels(dispatcher: CollectingDispatcher) -> list[str]:
    return [button["title"] for button in dispatcher.messages[-1]["buttons"]]


def test_the_question_stays_open_with_every_way_out(tracker: MakeTracker) -> None:
    dispatcher = CollectingDispatcher()
    here = tracker({"requested_slot": "own_case_agenda", "own_case_want": "rust"}, form="own_case_form")
    events = ActionQuestionMisread().run(dispatcher, here, {})
    assert _labels(dispatcher) == ["Een vraag terug", "Overslaan", "Stoppen", "Toon het menu"]
    assert _slots(events) == {"question_moment": "again"}


def test_a_first_question_that_must_be_answered_offers_neither_back_nor_skip(tracker: MakeTracker) -> None:
    dispatcher = CollectingDispatcher()
    here = tracker({"requested_slot": "own_case_situation"}, form="own_case_form")
    ActionQuestionMisread().run(dispatcher, here, {})
    assert _labels(dispatcher) == ["Stoppen", "Toon het menu"]


def test_without_a_question_one_thing_is_proposed_and_then_another(tracker: MakeTracker) -> None:
    dispatcher = CollectingDispatcher()
    ActionQuestionHint().run(dispatcher, tracker(), {})
    said = dispatcher.messages[-1]
    assert _labels(dispatcher)[0] == "Mijn eigen situatie"
    ActionQuestionHint().run(dispatcher, tracker(events=[{"event": "bot", "text": said["text"]}]), {})
    assert _labels(dispatcher)[0] == "Een dilemma bekijken"


@pytest.mark.parametrize(
    ("slots", "text", "what"),
    [
        ({"own_case_act": "{today} ik bel hem morgen"}, "voornemen", "ik bel hem morgen"),
        ({"own_case_act": "2020-01-01 ik bel hem morgen"}, "voornemen", None),
        ({"own_case_act": "{today} ik bel hem", "own_case_step": "haar mailen"}, "maak er een voornemen van", "haar mailen"),
        ({}, "ik wil een voornemen maken. donderdag met de chef praten", "donderdag met de chef praten"),
        ({}, "misschien iets kleins. ik zou dinsdag mijn collega wel kunnen mailen", "ik zou dinsdag mijn collega wel kunnen mailen"),
        ({}, "nee ik bel chauffeur", "ik bel chauffeur"),
        ({}, "ik wil een voornemen maken", None),
    ],
)  # fmt: skip
def test_the_action_that_was_announced_goes_along(
    tracker: MakeTracker, here: Any, slots: dict[str, str], text: str, what: str | None
) -> None:
    today = here.clock.today().isoformat()
    filled = {name: value.format(today=today) for name, value in slots.items()}
    events = ActionCommitmentStart().run(CollectingDispatcher(), tracker(filled, text=text, form="own_case_form"), {})
    assert _slots(events)["commitment_what"] == what


def test_what_an_older_case_led_to_is_not_taken(tracker: MakeTracker) -> None:
    here = tracker({"own_case_step": "haar mailen"}, text="voornemen")
    assert _slots(ActionCommitmentStart().run(CollectingDispatcher(), here, {}))["commitment_what"] is None
