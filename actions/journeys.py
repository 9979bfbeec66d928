"""Starting, leaving, stopping and resuming a journey, whichever it is."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, open_question, say
from actions.questions import keep_loop, menu_buttons
from bondgenoot.content import content
from bondgenoot.turn_words import menu_labels

# Journeys of one question that are not worth resuming.
NOT_RESUMED = {"offer", "data", "safety", "meet"}


def leave(tracker: Tracker) -> Events:
    """Leave the active journey, if any; its answers stay, so that it can be resumed."""
    form = tracker.active_loop.get("name")
    if not form:
        return []
    journey = form.removesuffix("_form")
    paused = [] if journey in NOT_RESUMED else [SlotSet("paused_journey", journey)]
    return [*paused, ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("question_asked", None)]


def _declined(tracker: Tracker, stopped: str | None, about: str) -> Events:
    """Note that a journey was stopped, or that `about` is wanted again after all."""
    if not stopped and tracker.get_slot("declined_journey") != about:
        return []
    return [SlotSet("declined_journey", stopped)]


def begin(tracker: Tracker, journey: str, **slots: Any) -> Events:
    """Leave the active journey and empty the slots of `journey`, except those given."""
    empty = {question.slot: None for question in content().journeys[journey]}
    events = [*leave(tracker), *_declined(tracker, None, journey)]
    if tracker.active_loop.get("name") == f"{journey}_form" or tracker.get_slot("paused_journey") == journey:
        events.append(SlotSet("paused_journey", None))
    if journey == "commitment":
        empty.update(dict.fromkeys(("commitment_editing", "commitment_at", "commitment_ask_on")))
    if journey == "offer":
        empty.update(dict.fromkeys(("offer_what", "offer_with", "offer_when", "offer_after", "reflection_of")))
    values = {**empty, "question_asked": None, "question_hinted": None, "question_failures": 0, **slots}
    return [*events, *(SlotSet(slot, value) for slot, value in values.items())]


def go_to(journey: str) -> Events:
    """Let the form of a journey speak next."""
    return [FollowupAction(f"{journey}_form")]


class ActionJourneyStop(Action):
    """'Stop': leave the journey, keep what was answered."""

    def name(self) -> str:
        """See the class."""
        return "action_journey_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Leave."""
        if not tracker.active_loop.get("name"):
            say(dispatcher, "stopped_nothing", menu_buttons(tracker))
            return []
        stopped = str(tracker.active_loop["name"]).removesuffix("_form")
        events = [*leave(tracker), *_declined(tracker, stopped, stopped)]
        if any(event.get("name") == "paused_journey" for event in events) or tracker.get_slot("paused_journey"):
            say(dispatcher, "stopped", [menu_labels()["resume"], menu_labels()["ask_help"]])
        else:
            say(dispatcher, "stopped_for_good", menu_buttons())
        return events


class ActionJourneyResume(Action):
    """'Ga verder': the journey that was left, at the question that was open."""

    def name(self) -> str:
        """See the class."""
        return "action_journey_resume"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Resume, or repeat the open question, or say that nothing is open."""
        if open_question(tracker):
            return keep_loop(tracker)
        journey = tracker.get_slot("paused_journey")
        if journey not in content().journeys:
            say(dispatcher, "resume_nothing", menu_buttons(tracker))
            return []
        say(dispatcher, "resumed")
        wanted = _declined(tracker, None, str(journey))
        return [SlotSet("paused_journey", None), SlotSet("question_asked", None), *wanted, *go_to(journey)]


class ActionConversationRestart(Action):
    """'Opnieuw': leave everything and show the menu; commitments stay."""

    def name(self) -> str:
        """See the class."""
        return "action_conversation_restart"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Leave and forget the paused journey."""
        say(dispatcher, "restarted")
        say(dispatcher, "menu", menu_buttons())
        return [*leave(tracker), SlotSet("paused_journey", None)]
