"""What a form accepts as an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment import ValidateCommitmentForm
from actions.common import values_to_ask
from actions.journey_form import JourneyForm
from actions.own_case import ValidateOwnCaseForm
from actions.scan import ValidateScanForm
from bondgenoot import texts
from bondgenoot.content import content
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


def parted(tracker: Callable[..., Tracker], text: str, kept: list[int], beside: str = "", **slots: object) -> Tracker:
    """A conversation whose last message was divided by turn-taking."""
    here = tracker(slots, text=text, form="own_case_form")
    here.latest_message["answer_parts"] = {"kept": kept, "beside": beside, "openings": []}
    return here


async def test_a_message_that_is_all_remark_is_heard_and_not_kept(tracker: Callable[..., Tracker]) -> None:
    text = "wat een gedoe zeg"
    value, said = await accepted(ValidateOwnCaseForm(), parted(tracker, text, []), "own_case_want", text)
    assert value is None
    assert said == texts.say("remark_heard")[0]


async def test_the_second_remark_in_a_row_gets_a_way_out(tracker: Callable[..., Tracker]) -> None:
    text = "wat een gedoe zeg"
    here = parted(tracker, text, [], question_failures=1)
    value, said = await accepted(ValidateOwnCaseForm(), here, "own_case_want", text)
    assert value is None
    assert said == texts.say("too_many_failures")[0]


async def test_what_was_asked_without_an_answer_beside_it_is_answered(tracker: Callable[..., Tracker]) -> None:
    text = "wacht even. wie kan dit lezen?"
    here = parted(tracker, text, [], beside="ask_privacy")
    value, said = await accepted(ValidateOwnCaseForm(), here, "own_case_want", text)
    assert value is None
    assert said == texts.say("privacy_short")[0]


async def test_a_long_answer_is_remarked_on_once_in_a_conversation(tracker: Callable[..., Tracker]) -> None:
    text = "dat hij het mij vertelt " * 9
    here = tracker(text=text, form="own_case_form")
    _, said = await accepted(ValidateOwnCaseForm(), here, "own_case_want", text)
    remark = texts.say("long_answer_kept")[0]
    assert said == remark
    events = await ValidateOwnCaseForm().get_validation_events(
        dispatcher := CollectingDispatcher(),
        tracker(events=[{"event": "bot", "text": remark}, *here.events], text=text, form="own_case_form"),
        {},
    )
    assert events and dispatcher.messages == []


@pytest.mark.parametrize(("hinted", "quoted"), [("own_case_want", ""), (None, "dat gezeur elke ochtend")])
async def test_what_somebody_does_not_want_is_not_read_back_as_a_wish(
    hinted: str | None, quoted: str, tracker: Callable[..., Tracker]
) -> None:
    text = "dat gezeur elke ochtend"
    here = tracker({"question_hinted": hinted}, text=text, form="own_case_form")
    await accepted(ValidateOwnCaseForm(), here, "own_case_want", text)
    question = content().questions["own_case_for_whom"]
    assert values_to_ask(question, "ask", here)["want"] == quoted


def test_an_answer_that_says_no_is_not_quoted_in_the_next_question(tracker: Callable[..., Tracker]) -> None:
    question = content().questions["own_case_test"]
    here = tracker({"own_case_assumption": "nee stop"})
    wording = question.wording("ask", values_to_ask(question, "ask", here))
    assert wording == question.wording("ask", {"assumption": ""})
