"""The journey 'practice': something to do that builds trust, chosen by core, by person and by what was declined."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, journey_values, person_here, say, services
from actions.dilemma import core_named
from actions.journey_form import JourneyForm
from actions.journeys import begin, go_to
from bondgenoot import choosing
from bondgenoot.content import Practice, content
from bondgenoot.questions import SKIPPED
from bondgenoot.store import people


def candidates(tracker: Tracker, core: str = "", whom: str = "", preferred: list[str] | None = None) -> list[Practice]:
    """Practices for this person that they did not decline before."""
    with person_here(tracker) as connection:
        declined = people.seen_items(connection, tracker.sender_id, "practice", "declined")
    return choosing.practices(content(), tracker.sender_id, declined, core, whom, preferred or [])


def start(tracker: Tracker, preferred: list[str], core: str = "") -> Events:
    """Events that show the first of the preferred practices, without asking for whom."""
    found = candidates(tracker, core=core, preferred=preferred)
    ids = [practice.id for practice in found]
    if not ids:
        ids = [practice.id for practice in candidates(tracker)] or list(content().practices)
    return [
        *begin(tracker, "practice", practice_whom=SKIPPED, practice_id=ids[0]),
        SlotSet("practice_candidates", ids),
    ]


@journey_values("practice")
def values(tracker: Tracker) -> dict[str, Any]:
    """What the question says about the practice at hand."""
    practice = content().practices.get(given(tracker, "practice_id"))
    if practice is None:
        return {"title": "", "description": "", "reason": ""}
    return {
        "title": practice.title,
        "description": practice.what,
        "reason": practice.why,
    }


class ActionPracticeStart(Action):
    """'Geef me een oefening': first asks for whom."""

    def name(self) -> str:
        """See the class."""
        return "action_practice_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Begin, with the core that was named, if any."""
        return [*begin(tracker, "practice", practice_id=None), SlotSet("practice_core", core_named(tracker) or None)]


class ValidatePracticeForm(JourneyForm):
    """For whom, and which practice."""

    journey = "practice"

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Choose the practice to show; 'another' goes on to the next one."""
        if slot == "practice_whom":
            whom = "" if value == SKIPPED else value
            ids = [item.id for item in candidates(tracker, given(tracker, "practice_core"), whom)]
            ids = ids or [item.id for item in candidates(tracker)] or list(content().practices)
            return {slot: value, "practice_id": ids[0], "practice_candidates": ids}
        if slot == "practice_choice" and value in ("another", "none"):
            self._note(tracker, "declined")
        if slot == "practice_choice" and value == "another":
            ids = list(tracker.get_slot("practice_candidates") or [])
            rest = ids[ids.index(given(tracker, "practice_id")) + 1 :] if given(tracker, "practice_id") in ids else ids
            if rest:
                return {slot: None, "practice_id": rest[0], "question_asked": None}
            return {slot: "none", "practice_id": None}
        return {slot: value}

    @staticmethod
    def _note(tracker: Tracker, outcome: str) -> None:
        with person_here(tracker) as connection:
            people.note_seen(
                connection,
                tracker.sender_id,
                "practice",
                given(tracker, "practice_id"),
                outcome,
                services().clock.now(),
            )


class ActionPracticeFinish(Action):
    """Taken: how to do it, and on to a commitment. Not taken: fine."""

    def name(self) -> str:
        """See the class."""
        return "action_practice_finish"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Show the steps and start the commitment, or close."""
        practice = content().practices.get(given(tracker, "practice_id"))
        if given(tracker, "practice_choice") != "take" or practice is None:
            say(dispatcher, "practice_none_left" if practice is None else "practice_declined")
            say(dispatcher, "welcome_menu", [])
            return []
        with person_here(tracker) as connection:
            people.note_seen(connection, tracker.sender_id, "practice", practice.id, "taken", services().clock.now())
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(practice.how, 1))
        say(dispatcher, "practice_taken", steps=steps, example=practice.example)
        return [*begin(tracker, "commitment", commitment_practice=practice.id), *go_to("commitment")]
