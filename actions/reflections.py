"""Insights kept on request: offered when there is something, kept when the person says so, shown, used and erased."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, given, journey_buttons, person_here, say, services
from actions.questions import keep_loop
from bondgenoot import texts
from bondgenoot.store import reflections
from bondgenoot.store.reflections import Reflection
from bondgenoot.turn_words import menu_labels

# The answers of a journey that hold an insight, the best one first.
INSIGHTS = {
    "dilemma": ("dilemma_motive",),
    "own_case": ("own_case_right", "own_case_mutual", "own_case_want"),
    "follow_up": ("follow_up_effect", "follow_up_story"),
}
# One word is an answer, not yet an insight; two can be.
FEWEST_WORDS = 2
LONGEST_KEPT = 400
MOST_SHOWN = 3
LONGEST_SHOWN = 60


def insight(tracker: Tracker, journey: str) -> str:
    """What the person wrote in a journey that may be worth keeping, or ''."""
    for slot in INSIGHTS.get(journey, ()):
        text = given(tracker, slot)
        if len(text.split()) >= FEWEST_WORDS:
            return texts.quote(text, LONGEST_KEPT)
    return ""


def offer_to_keep(tracker: Tracker, journey: str) -> tuple[str, Events]:
    """The sentence that offers to keep the insight of a journey, and the events that go with it; '' when there is none.

    A sentence and a button, not a question: the question after it stays the only one.
    """
    text = insight(tracker, journey)
    events = [SlotSet("reflection_of", journey if text else None)]
    return (texts.say("reflection_offer")[0] if text else ""), events


@journey_buttons("offer")
def keep_button(tracker: Tracker) -> list[str]:
    """'Bewaar mijn inzicht' beside the choices of the offer, as long as there is something to keep."""
    journey = str(tracker.get_slot("reflection_of") or "")
    return [menu_labels()["keep_reflection"]] if insight(tracker, journey) else []


def latest(tracker: Tracker) -> Reflection | None:
    """What the person kept last."""
    with person_here(tracker) as connection:
        kept = reflections.of_person(connection, services().cipher, tracker.sender_id)
    return kept[-1] if kept else None


def said_before(reflection: Reflection) -> dict[str, str]:
    """The values of a text that comes back to a reflection: the words, and the day."""
    here = services()
    day = reflection.at.astimezone(here.settings.time_zone).date()
    return {"reflection": texts.quote(reflection.text), "day": texts.day(day, here.clock.today())}


def list_kept(dispatcher: CollectingDispatcher, kept: Sequence[Reflection]) -> None:
    """Show the latest reflections with the number by which each can be erased."""
    shown = kept[-MOST_SHOWN:]
    lines = [
        texts.say("reflection_line", number=item.number, text=texts.quote(item.text, LONGEST_SHOWN))[0]
        for item in shown
    ]
    labels = [texts.say("reflection_drop_label", number=item.number)[0] for item in shown]
    say(dispatcher, "reflections_kept", labels, items="\n".join(lines), number=shown[-1].number)


class ActionReflectionKeep(Action):
    """'Bewaar mijn inzicht'."""

    def name(self) -> str:
        """See the class."""
        return "action_reflection_keep"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Keep the words of the journey that was just finished, and read them back."""
        journey = str(tracker.get_slot("reflection_of") or "")
        text = insight(tracker, journey)
        if not text:
            say(dispatcher, "reflection_nothing")
            return keep_loop(tracker)
        here = services()
        with person_here(tracker) as connection:
            reflections.keep(connection, here.cipher, tracker.sender_id, journey, text, here.clock.now())
        say(dispatcher, "reflection_saved", text=texts.quote(text))
        return [SlotSet("reflection_of", None), *keep_loop(tracker)]


class ActionReflectionDrop(Action):
    """'Wis inzicht 2'."""

    def name(self) -> str:
        """See the class."""
        return "action_reflection_drop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Erase the one with that number, or show which there are."""
        named = re.search(r"\d+", str((tracker.latest_message or {}).get("text") or ""))
        number = int(named[0]) if named else 0
        with person_here(tracker) as connection:
            kept = reflections.of_person(connection, services().cipher, tracker.sender_id)
            dropped = next((item for item in kept if item.number == number), None)
            if dropped:
                reflections.drop(connection, tracker.sender_id, dropped.id)
        if dropped:
            say(dispatcher, "reflection_dropped", text=texts.quote(dropped.text, LONGEST_SHOWN))
        elif kept:
            list_kept(dispatcher, kept)
        else:
            say(dispatcher, "reflections_none")
        return keep_loop(tracker)
