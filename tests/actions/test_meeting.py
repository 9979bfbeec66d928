"""Meeting: everybody is welcomed, and asked for their country once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.commitment_keep import ActionCommitmentFinish
from actions.meet import ActionMeetFinish
from actions.questions import ActionQuestionHint
from actions.welcome import ActionFallback, ActionGoodbye, ActionGreet, ActionMenu, ActionSayPrivacy
from bondgenoot import texts
from bondgenoot.content import content
from bondgenoot.store import people

MakeTracker = Callable[..., Tracker]
USER, BOT = {"event": "user"}, {"event": "bot"}
PROMISE = {"commitment_what": "koffie drinken", "commitment_when": "2026-11-24", "commitment_confirm": "yes"}


def run(action: Action, tracker: Tracker) -> tuple[list[str], dict[str, Any], list[str]]:
    """What it said, the slots it set, and the actions that it let follow."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    return (
        [message["text"] for message in dispatcher.messages],
        slots,
        [event["name"] for event in events if event["event"] == "followup"],
    )


@pytest.mark.parametrize("action", [ActionGreet(), ActionMenu(), ActionFallback()], ids=lambda action: action.name())
class TestWelcome:
    def test_who_never_heard_anything_is_welcomed_late(self, action: Action, tracker: MakeTracker) -> None:
        """The action server was down at their first message; Rasa then stores a session without a welcome."""
        said, _, _ = run(action, tracker(events=[USER, USER]))
        assert said == list(content().texts["welcome"])

    def test_who_erased_everything_is_welcomed_as_a_new_person(self, action: Action, tracker: MakeTracker) -> None:
        said, _, _ = run(action, tracker(events=[BOT, USER]))
        assert content().texts["welcome"][0] in said

    def test_who_was_welcomed_in_this_turn_is_not_welcomed_twice(self, action: Action, tracker: MakeTracker) -> None:
        said, _, _ = run(action, tracker(events=[{"event": "session_started"}, BOT, USER]))
        assert content().texts["welcome"][0] not in said

    def test_who_was_welcomed_is_not_welcomed_again(self, action: Action, tracker: MakeTracker) -> None:
        said, _, _ = run(action, tracker(events=[BOT, USER, USER]))
        assert content().texts["welcome"][0] not in said


class TestCountry:
    def test_it_is_asked_after_the_first_commitment(self, tracker: MakeTracker) -> None:
        said, slots, following = run(ActionCommitmentFinish(), tracker(PROMISE))
        assert "Bewaard" in said[0]
        assert (slots["country_asked"], following) == (True, ["meet_form"])

    def test_it_is_not_asked_twice(self, tracker: MakeTracker) -> None:
        _, _, following = run(ActionCommitmentFinish(), tracker({**PROMISE, "country_asked": True}))
        assert following == []

    def test_it_is_not_asked_when_it_is_known_or_nothing_was_promised(
        self, tracker: MakeTracker, anna: str, engine: sa.engine.Engine
    ) -> None:
        assert run(ActionCommitmentFinish(), tracker({**PROMISE, "commitment_confirm": "drop"}))[2] == []
        with engine.begin() as connection:
            people.set_country(connection, anna, "NL")
        assert run(ActionCommitmentFinish(), tracker(PROMISE))[2] == []

    @pytest.mark.parametrize("value", ["nl", "be"])
    def test_it_is_kept(self, value: str, tracker: MakeTracker, engine: sa.engine.Engine) -> None:
        said, _, _ = run(ActionMeetFinish(), tracker({"meet_country": value}))
        assert said == [*content().texts[f"country_saved_{value.upper()}"]]
        with engine.begin() as connection:
            person = people.find(connection, "anna")
        assert person
        assert person.country == value.upper()

    def test_what_names_no_country_is_left_at_that_but_not_met_with_silence(self, tracker: MakeTracker) -> None:
        said, _, events = run(ActionMeetFinish(), tracker({"meet_country": "-"}))
        assert said == [*content().texts["country_left_open"]]
        assert events == []

    def test_a_skip_was_answered_already(self, tracker: MakeTracker) -> None:
        here = tracker({"meet_country": "-"})
        here.latest_message["intent"]["name"] = "skip"
        assert run(ActionMeetFinish(), here) == ([], {}, [])


@pytest.mark.parametrize("action", [ActionGreet(), ActionGoodbye()], ids=lambda action: action.name())
class TestGreetingAfterTheWelcome:
    EVENTS = ({"event": "session_started"}, BOT, BOT)

    def test_the_welcome_of_the_same_turn_is_the_answer(self, action: Action, tracker: MakeTracker) -> None:
        assert run(action, tracker(events=[*self.EVENTS, {**USER, "input_channel": "rest"}]))[0] == []

    def test_where_the_welcome_came_when_the_chat_opened_a_greeting_is_answered(
        self, action: Action, tracker: MakeTracker
    ) -> None:
        said, _, _ = run(action, tracker(events=[*self.EVENTS, {**USER, "input_channel": "intranet"}]))
        assert said == list(content().texts["menu"])


class TestNoMenuThreeTimes:
    MENU = ({"event": "bot", "text": content().texts["menu"][0]}, USER)

    @staticmethod
    def said_as(tracker: Tracker, intent: str) -> Tracker:
        tracker.latest_message["intent"]["name"] = intent
        return tracker

    def test_the_first_time_it_is_shown(self, tracker: MakeTracker) -> None:
        said, _, following = run(ActionMenu(), tracker(events=[BOT, USER, BOT, USER], text="hm"))
        assert (said, following) == (list(content().texts["menu"]), [])

    def test_who_chooses_nothing_gets_a_proposal_instead(self, tracker: MakeTracker) -> None:
        here = self.said_as(tracker(events=[USER, BOT, USER, *self.MENU], text="hm"), "dont_know")
        assert run(ActionMenu(), here)[0] == list(content().texts["propose_own_case"])

    def test_who_leaves_the_choice_to_us_gets_a_proposal(self, tracker: MakeTracker) -> None:
        said, _, _ = run(ActionQuestionHint(), tracker(events=[BOT, USER, BOT, USER], text="weet ik niet"))
        assert said == list(content().texts["propose_own_case"])

    def test_who_asks_for_it_gets_it_again(self, tracker: MakeTracker) -> None:
        here = self.said_as(tracker(events=[USER, BOT, USER, *self.MENU], text="Toon het menu"), "ask_help")
        assert run(ActionMenu(), here)[0] == list(content().texts["menu"])

    def test_a_no_is_no_wish_to_begin(self, tracker: MakeTracker) -> None:
        here = self.said_as(tracker(events=[USER, BOT, USER, *self.MENU], text="nee"), "deny")
        assert run(ActionMenu(), here)[::2] == (list(content().texts["stopped_nothing"]), [])

    def test_a_no_to_going_on_is_remembered(self, tracker: MakeTracker) -> None:
        waits = {"event": "bot", "text": texts.say("journey_waits", journey=texts.say("journey_scan")[0])[0]}
        here = self.said_as(
            tracker({"paused_journey": "scan"}, events=[USER, BOT, USER, waits, USER], text="nope"), "deny"
        )
        assert run(ActionMenu(), here)[1] == {"declined_journey": "scan"}

    def test_the_welcome_of_the_same_turn_has_the_buttons_already(self, tracker: MakeTracker) -> None:
        events = [{"event": "session_started"}, BOT, BOT, {**USER, "input_channel": "rest"}]
        dispatcher = CollectingDispatcher()
        ActionMenu().run(dispatcher, tracker(events=events, text="wat moet ik doen"), {})
        assert not any(message["buttons"] for message in dispatcher.messages)

    def test_privacy_is_not_explained_twice_in_the_first_turn(self, tracker: MakeTracker) -> None:
        events = [{"event": "session_started"}, BOT, BOT, {**USER, "input_channel": "rest"}]
        said, _, _ = run(ActionSayPrivacy(), tracker(events=events, text="wie leest dit?"))
        assert len(said) == 1
        assert "dagen" in said[0]
