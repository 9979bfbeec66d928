"""The question after an insight: a practice, or a commitment?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import practice
from actions.commitment import start_with
from actions.commitment_slots import day_said
from actions.common import Events, given, journey_buttons, say, services, sure_intents_of
from actions.journey_form import JourneyForm
from actions.journeys import go_to
from actions.own_case import CHANGE as OWN_CASE_CHANGE
from actions.own_case import change_in_summary
from actions.questions import menu_buttons
from actions.repair import asks_to_change, change_in_apology
from bondgenoot import texts
from bondgenoot.clauses import holds, sentences
from bondgenoot.own_case import STEP as OWN_CASE_STEP
from bondgenoot.questions import SKIPPED, Question, normalise, understand

# Instead of an answer to the offer: something in the summary above it must be otherwise.
CHANGE = "change"


@journey_buttons("offer")
def change_button(tracker: Tracker) -> list[str]:
    """'Iets veranderen' under the summary of an own case and under an apology."""
    return [texts.say("change_label")[0]] if after_own_case(tracker) or after_apology(tracker) else []


def after_own_case(tracker: Tracker) -> bool:
    """Whether the offer stands under the summary of an own case."""
    return given(tracker, "offer_after") == "own_case"


def after_apology(tracker: Tracker) -> bool:
    """Whether the offer stands under an apology."""
    return given(tracker, "offer_after") == "repair"


class ValidateOfferForm(JourneyForm):
    """Yes or no."""

    journey = "offer"

    def step_back(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Back from an offer is into the summary above it."""
        return {slot: CHANGE} if after_own_case(tracker) or after_apology(tracker) else {}

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """'Mijn belang moet rust zijn' changes the summary, and so does 'nee, mijn stap klopt niet'.

        Words that must go from an apology go first, and it is shown again, also when somebody says yes beside it.
        """
        answer = understand(question, text, services().clock.today(), sure_intents_of(tracker))
        if after_apology(tracker) and (changed := change_in_apology(tracker)):
            return {question.slot: CHANGE, **changed}
        # 'Nee, laat maar weg' is a no.
        if after_apology(tracker) and answer.value != "no" and asks_to_change(tracker):
            return {question.slot: CHANGE}
        if after_own_case(tracker) and (mended := self._mended(question, text, answer.value == "yes", tracker)):
            say(dispatcher, "own_case_misread")
            return mended
        if answer.value != "yes" and after_own_case(tracker) and (changed := change_in_summary(tracker)):
            return {question.slot: CHANGE, **changed}
        also = change_in_summary(tracker) if answer.value == "yes" and after_own_case(tracker) else {}
        practice_first = given(tracker, "offer_kind") == "commitment" and sure_intents_of(tracker)[:1] == [
            "ask_practice"
        ]
        if answer.value == "yes" and practice_first:
            return {question.slot: "yes", "offer_kind": "practice", "practice_candidates": None}
        # 'Mijn belang moet rust zijn, en ja, maak er een voornemen van': both.
        changed = {
            slot: value for slot, value in also.items() if value and slot not in (OWN_CASE_CHANGE, "question_asked")
        }
        step = {"offer_what": changed["own_case_step"]} if "own_case_step" in changed else {}
        return {**super()._accept(question, text, dispatcher, tracker), **changed, **step}

    @staticmethod
    def _mended(question: Question, text: str, wants_it: bool, tracker: Tracker) -> dict[str, Any]:
        """What to set when the summary above the offer is said to be wrong; empty when it is not.

        New words in the message are taken; without them the step is asked again of who wants a commitment, and of
        others which part is wrong.
        """
        if not any(holds("summary_is_off", normalise(sentence)) for sentence in sentences(text)):
            return {}
        opened = {question.slot: CHANGE, "question_asked": None}
        if (changed := change_in_summary(tracker)) and any(changed.get(slot) for slot in changed):
            return {**opened, **changed}
        if wants_it:
            return {**opened, OWN_CASE_STEP: None, OWN_CASE_CHANGE: SKIPPED}
        return {**opened, OWN_CASE_CHANGE: None}


class ActionOfferFinish(Action):
    """Yes goes on; no is respected."""

    def name(self) -> str:
        """See the class."""
        return "action_offer_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Start what was offered, or show the menu."""
        if given(tracker, "offer_answer") == CHANGE:
            journey = given(tracker, "offer_after") or "own_case"
            return [SlotSet("offer_answer", None), SlotSet("offer_after", None), *go_to(journey)]
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
        slots = {**day_said(tracker), **{slot: value for slot, value in known.items() if value}}
        return [*start_with(dispatcher, tracker, given(tracker, "offer_what"), **slots), *go_to("commitment")]
