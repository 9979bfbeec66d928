"""What a form accepts as an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment import ValidateCommitmentForm
from actions.journey_form import JourneyForm
from actions.scan import ValidateScanForm
from bondgenoot.questions import SKIPPED


async def accepted(form: JourneyForm, tracker: Tracker, slot: str, text: str) -> tuple[object, str]:
    """The value of the slot after an answer was judged, and what was said about it."""
    tracker.events = [
        {"event": "user", "text": text},
        {"event": "slot", "name": slot, "value": text},
    ]
    dispatcher = CollectingDispatcher()
    events = await form.get_validation_events(dispatcher, tracker, {})
    slots = {event["name"]: event["value"] for event in events}
    return slots[slot], " ".join(message["text"] for message in dispatcher.messages)


@pytest.mark.parametrize("slot", ["commitment_what", "commitment_when", "commitment_confirm"])
async def test_the_sign_for_skipped_does_not_get_past_a_question_that_needs_an_answer(
    slot: str, tracker: Callable[..., Tracker]
) -> None:
    value, said = await accepted(ValidateCommitmentForm(), tracker(text=SKIPPED, form="commitment_form"), slot, SKIPPED)
    assert value is None
    assert "heb ik nodig" in said


async def test_it_skips_a_question_that_may_be_skipped(tracker: Callable[..., Tracker]) -> None:
    here = tracker(text=SKIPPED, form="commitment_form")
    assert await accepted(ValidateCommitmentForm(), here, "commitment_with", SKIPPED) == (SKIPPED, "")


async def test_a_number_beside_the_scale_is_answered_with_the_scale_of_that_question(
    tracker: Callable[..., Tracker],
) -> None:
    _, said = await accepted(ValidateScanForm(), tracker(text="7", form="scan_form"), "scan_answer", "7")
    assert "1 tot 5" in said
    here = tracker(text="11", form="commitment_form")
    _, said = await accepted(ValidateCommitmentForm(), here, "commitment_confidence", "11")
    assert "0 tot 10" in said
