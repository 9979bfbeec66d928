"""The journey 'own_case': the person's own dilemma, through intention, integrity, assumption, smallest honest step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, say, values_for
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from bondgenoot import texts

# A message of this many words that announces a situation is the situation.
STORY_WORDS = 12


class ActionOwnCaseStart(Action):
    """'Ik zit met iets': a long message is taken as the story itself."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        say(dispatcher, "own_case_intro")
        return begin(tracker, "own_case", own_case_situation=text if len(text.split()) >= STORY_WORDS else None)


class ValidateOwnCaseForm(JourneyForm):
    """Ten open questions."""

    journey = "own_case"


class ActionOwnCaseFinish(Action):
    """Gives the person's own words back, and offers to make the step a commitment."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Mirror and offer."""
        nothing = texts.say("not_given")[0]
        values = {key: value or nothing for key, value in values_for("own_case", tracker).items()}
        step = given(tracker, "own_case_step")
        if step:
            say(dispatcher, "own_case_summary", **values)
        else:
            say(dispatcher, "own_case_summary_no_step", **values)
        return [*begin(tracker, "offer", offer_kind="commitment", offer_what=step or None), *go_to("offer")]
