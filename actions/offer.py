"""The question after an insight: a practice, or a commitment?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import practice
from actions.commitment import start_with
from actions.common import Events, given, say
from actions.journey_form import JourneyForm
from actions.journeys import go_to
from actions.questions import menu_buttons


class ValidateOfferForm(JourneyForm):
    """Yes or no."""

    journey = "offer"


class ActionOfferFinish(Action):
    """Yes goes on; no is respected."""

    def name(self) -> str:
        """See the class."""
        return "action_offer_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Start what was offered, or show the menu."""
        if given(tracker, "offer_answer") != "yes":
            say(dispatcher, "offer_declined", menu_buttons())
            return []
        if given(tracker, "offer_kind") == "practice":
            preferred = list(tracker.get_slot("practice_candidates") or [])
            return [*practice.start(tracker, preferred, given(tracker, "practice_core")), *go_to("practice")]
        known = {
            "commitment_with": given(tracker, "offer_with") or None,
            "commitment_when": given(tracker, "offer_when") or None,
        }
        slots = {slot: value for slot, value in known.items() if value}
        return [*start_with(dispatcher, tracker, given(tracker, "offer_what"), **slots), *go_to("commitment")]
