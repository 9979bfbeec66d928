"""The summary of an own situation, the step in short, and what is acknowledged in a turn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledging import SAID, acknowledge
from actions.meet import leaves
from actions.own_case import ValidateOwnCaseForm, announced, net_spoke_lately, story_in, summary
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED

MakeTracker = Callable[..., Tracker]
ANSWERS = {
    "own_case_want": "dat ze eerst overlegt",
    "own_case_agenda": "rust",
    "own_case_assumption": "dat ze het niet doorheeft",
    "own_case_test": SKIPPED,
    "own_case_step": "haar vrijdag vragen om te bellen",
}


def test_the_summary_leaves_out_what_was_skipped_and_what_need_not_be_read_back(tracker: MakeTracker) -> None:
    (said,) = summary(tracker(ANSWERS))
    assert "eerst overlegt" in said
    assert "niet doorheeft" in said
    assert "vrijdag vragen" in said
    assert "rust" not in said
    assert "nagaat" not in said


def test_long_answers_make_two_bubbles_of_whole_lines(tracker: MakeTracker) -> None:
    long = "dat we in het team veel eerder van elkaar weten wat er verandert aan de planning van die week"
    bubbles = summary(tracker(dict.fromkeys(ANSWERS, long)), "Zeg het maar.")
    assert len(bubbles) == 2
    assert all(len(bubble.split()) <= 60 for bubble in bubbles)
    assert " …" not in " ".join(bubbles)


async def shortened(tracker: Tracker, slot: str, text: str) -> dict[str, object]:
    tracker.events = [{"event": "user", "text": text}, {"event": "slot", "name": slot, "value": text}]
    events = await ValidateOwnCaseForm().get_validation_events(CollectingDispatcher(), tracker, {})
    return {event["name"]: event["value"] for event in events}


async def test_in_short_the_open_questions_before_the_step_are_skipped(tracker: MakeTracker) -> None:
    here = tracker({"own_case_situation": "x", "own_case_want": "rust"}, text="genoeg vragen", form="own_case_form")
    slots = await shortened(here, "own_case_for_whom", "genoeg vragen")
    assert slots["own_case_test"] == SKIPPED
    assert slots["own_case_for_whom"] == SKIPPED
    assert "own_case_step" not in slots
    assert "own_case_want" not in slots


async def test_what_is_said_after_the_wish_is_the_step(tracker: MakeTracker) -> None:
    text = "kan het korter? ik bel haar morgen"
    here = tracker({"own_case_situation": "x"}, text=text, form="own_case_form")
    assert (await shortened(here, "own_case_want", text))["own_case_step"] == "ik bel haar morgen"


async def test_the_situation_itself_stays_asked(tracker: MakeTracker) -> None:
    here = tracker({}, text="kan het korter?", form="own_case_form")
    assert (await shortened(here, "own_case_situation", "kan het korter?"))["own_case_situation"] is None


def test_the_word_for_a_commitment_takes_the_step_of_the_open_situation(tracker: MakeTracker) -> None:
    assert announced(tracker(ANSWERS, form="own_case_form")) == ANSWERS["own_case_step"]
    assert announced(tracker(ANSWERS)) == ""


@pytest.mark.parametrize("intent", ["harassment", "crisis", "safety_check", "safety_cleared"])
def test_the_net_is_not_forgotten_when_somebody_begins(intent: str, tracker: MakeTracker) -> None:
    event = {"event": "user", "parse_data": {"intent": {"name": intent}}}
    assert net_spoke_lately(tracker(events=[event]))
    assert not net_spoke_lately(tracker(events=[event, *[{"event": "user"}] * 25]))


@pytest.mark.parametrize(
    ("text", "is_story"),
    [
        ("ik wilde eigenlijk alleen iets vertellen over mijn teamleider, mag dat hier ook", False),
        ("mijn collega neemt telkens het woord als ik iets wil uitleggen aan onze chef", True),
        ("ik zit ergens mee", False),
    ],
)
def test_the_wish_to_tell_something_is_not_yet_the_story(text: str, is_story: bool) -> None:
    assert bool(story_in(text)) is is_story


class TestAcknowledging:
    TEXT = "ik slaap er slecht van"

    def test_it_is_said_and_remembered(self, tracker: MakeTracker) -> None:
        dispatcher = CollectingDispatcher()
        changes = acknowledge(dispatcher, tracker(events=[{"event": "user"}]), "own_case_want", self.TEXT)
        assert [message["text"] for message in dispatcher.messages] == changes[SAID]

    def test_not_in_two_turns_on_end(self, tracker: MakeTracker) -> None:
        said = content().acknowledgements[0].say[0]
        events = [{"event": "user"}, {"event": "bot", "text": said}, {"event": "user"}]
        assert acknowledge(CollectingDispatcher(), tracker(events=events), "own_case_want", self.TEXT) == {}
        events += [{"event": "bot", "text": "Iets anders."}, {"event": "user"}]
        assert acknowledge(CollectingDispatcher(), tracker(events=events), "own_case_want", self.TEXT)


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("nl. moet rijden, doei", True),
        ("Nederland, de hond staat te wachten, tot woensdag dan maar", True),
        ("belgie. ik ga slapen", True),
        ("nederland", False),
        ("nl. moet ik nu nog wat of is dit t?", False),
        ("Nederland, en wat gebeurt er nu", False),
    ],
)
def test_who_says_goodbye_beside_the_country(text: str, goes: bool) -> None:
    assert leaves(text) is goes
