"""The journey 'own_case': the person's own dilemma, through intention, integrity, assumption, smallest honest step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, say, values_for
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.reflections import latest, offer_to_keep, said_before
from bondgenoot import texts

# A message of this many words that announces a situation is the situation.
STORY_WORDS = 12
# Characters of one answer in the summary, where there are nine.
LONGEST_SHOWN = 60


class ActionOwnCaseStart(Action):
    """'Ik zit met iets': a long message is taken as the story itself."""

    def name(self) -> str:
        """See the class."""
        return "action_own_case_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the story if it was told."""
        text = str((tracker.latest_message or {}).get("text") or "").strip()
        if before := latest(tracker):
            say(dispatcher, "own_case_intro_reflection", **said_before(before))
        else:
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
        values = {
            key: texts.quote(value, LONGEST_SHOWN) or nothing for key, value in values_for("own_case", tracker).items()
        }
        keep, events = offer_to_keep(tracker, "own_case")
        step = given(tracker, "own_case_step")
        if step:
            say(dispatcher, "own_case_summary", **values, keep=keep)
        else:
            say(dispatcher, "own_case_summary_no_step", keep=keep)
        return [*begin(tracker, "offer", offer_kind="commitment", offer_what=step or None), *events, *go_to("offer")]
