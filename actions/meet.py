"""The journey 'meet': what is asked once, to keep to public holidays and to give the right referrals."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.beside import say_reply
from actions.common import Events, given, intents_of, person_here, say
from actions.days import ask_day_shown
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from bondgenoot import asides
from bondgenoot.clauses import clauses, holds
from bondgenoot.questions import normalise
from bondgenoot.store import follow_ups, people
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
            _answer_beside(dispatcher, tracker, text)
        elif (tracker.latest_message or {}).get("intent", {}).get("name") not in ("skip", "dont_know"):
            say(dispatcher, "country_left_open")
        return []


def leaves(text: str) -> bool:
    """Whether somebody says goodbye beside something else: 'nl. moet rijden, doei', 'tot woensdag dan maar'."""
    return takes_leave(text) or any(holds("takes_leave", normalise(clause)) for clause in clauses(text))


def say_goodbye(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Until the day on which it will ask, if something is open."""
    with person_here(tracker) as connection:
        rows = follow_ups.pending_of(connection, tracker.sender_id)
    if rows:
        say(dispatcher, "country_goodbye_until", day=ask_day_shown(min(row.due_at for row in rows)))
    else:
        say(dispatcher, "country_goodbye")


def _answer_beside(dispatcher: CollectingDispatcher, tracker: Tracker, text: str) -> None:
    """Answer what was asked beside the country; that they are done, they heard already."""
    asked = [clause for clause in map(normalise, clauses(text)) if not holds("asks_if_done", clause)]
    if asides.asks_privacy_within(text) or "ask_privacy" in intents_of(tracker)[:1]:
        say(dispatcher, "privacy_short")
    elif reply := asides.reply_in(text):
        say_reply(dispatcher, reply)
    elif text.rstrip().endswith("?") and len(asked) > 1:
        say(dispatcher, "beside_asked_apart")
