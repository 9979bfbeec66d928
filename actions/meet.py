"""The journey 'meet': what is asked once, to keep to public holidays and to give the right referrals."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, person_here, say
from actions.farewell import say_goodbye
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from actions.moving import move_newest
from bondgenoot import moment_said
from bondgenoot.clauses import clauses, holds
from bondgenoot.questions import Question, normalise
from bondgenoot.store import people
from bondgenoot.store.people import Person
from bondgenoot.turn_words import takes_leave


def ask_once(tracker: Tracker, person: Person | None) -> Events:
    """Events that ask for the country, unless it is known or was asked before."""
    if (person and person.country) or tracker.get_slot("country_asked"):
        return []
    if takes_leave(str((tracker.latest_message or {}).get("text") or "")):
        return []  # asked another time
    return [*begin(tracker, "meet"), SlotSet("country_asked", True), *go_to("meet")]


class ValidateMeetForm(JourneyForm):
    """The country."""

    journey = "meet"
    lenient = True

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """'NL. Toch liever om 11u' moves the commitment that was just kept, too."""
        rest, moment = moment_said.split(text)
        if not moment or not move_newest(dispatcher, tracker, moment):
            return super()._accept(question, text, dispatcher, tracker)
        if not normalise(rest):
            return {question.slot: None, "question_asked": None}
        return super()._accept(question, rest, dispatcher, tracker)


class ActionMeetFinish(Action):
    """Keeps the country; a skipped question is respected, and so is what is said beside it."""

    def name(self) -> str:
        """See the class."""
        return "action_meet_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Keep it and say what it is for, or goodbye to who leaves."""
        text = str((tracker.latest_message or {}).get("text") or "")
        country = given(tracker, "meet_country").upper()
        if country:
            with person_here(tracker) as connection:
                people.set_country(connection, tracker.sender_id, country)
        if country and leaves(text):
            say_goodbye(dispatcher, tracker)
        elif country:
            say(dispatcher, f"country_saved_{country}")
        elif (tracker.latest_message or {}).get("intent", {}).get("name") not in ("skip", "dont_know"):
            say(dispatcher, "country_left_open")
        if not country and leaves(text):
            say_goodbye(dispatcher, tracker)
        return []


def leaves(text: str) -> bool:
    """Whether somebody says goodbye beside something else: 'nl. moet rijden, doei', 'tot woensdag dan maar'."""
    return takes_leave(text) or any(holds("takes_leave", normalise(clause)) for clause in clauses(text))
