"""What the safety net says: a referral card, or one plain question. Nothing of what was disclosed is kept."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, open_question, say, services
from actions.journeys import go_to, leave
from actions.questions import keep_loop, menu_buttons
from bondgenoot import referrals, texts
from bondgenoot.content import content
from bondgenoot.own_case import gentle_slots
from bondgenoot.questions import normalise
from bondgenoot.safety import TOPICS
from bondgenoot.store import people
from bondgenoot.turn_words import menu_labels

# Messages of the person, the present one among them, in which a card about life and death is not forgotten.
AFTER_CRISIS = 8
NOT_LIFE = frozenset(TOPICS) - {"crisis"}


def _topic(tracker: Tracker) -> str:
    message = tracker.latest_message or {}
    intent = (message.get("intent") or {}).get("name")
    if intent in content().referrals:
        return str(intent)
    entities = message.get("entities") or []
    named = next((entity["value"] for entity in entities if entity["entity"] == "safety_topic"), "")
    return str(named) if named in content().referrals else "crisis"


def _contacts(tracker: Tracker, topic: str) -> str:
    here = services()
    try:
        with here.engine.connect() as connection:
            person = people.find(connection, tracker.sender_id)
    except Exception:
        person = None  # a card must come, whatever else is broken
    country = person.country if person else None
    lines = []
    for contact in referrals.contacts(topic, country, here.settings.home):
        if country or contact.country == "both":
            lines += texts.say("contact_line", text=contact.text)
        else:  # who has not said where they work, sees which line is for which country
            lines += texts.say(f"contact_line_{contact.country}", text=contact.text)
    return "\n".join(lines)


def _cards(tracker: Tracker) -> set[str]:
    """The topics of the cards that were shown in the last few turns."""
    users = [event for event in tracker.events if event["event"] == "user"][-AFTER_CRISIS:]
    intents = {((event.get("parse_data") or {}).get("intent") or {}).get("name") for event in users}
    return {str(name) for name in intents & set(content().referrals)}


def say_after_crisis(dispatcher: CollectingDispatcher, tracker: Tracker, only_if_asked: bool = False) -> bool:
    """Point to people again, instead of an answer that would be out of place after a crisis; whether that was done.

    After another card, and with `only_if_asked` after any, it is done for who asks for a number or somebody to talk to.
    """
    shown = _cards(tracker)
    words = set(normalise(str((tracker.latest_message or {}).get("text") or "")).split())
    asks = bool(words & set(texts.phrases("asks_for_people")))
    if "crisis" in shown and (asks or not only_if_asked):
        say(dispatcher, "after_crisis", contacts=_contacts(tracker, "crisis"))
    elif shown and asks:
        say(dispatcher, "after_card", contacts=_contacts(tracker, "crisis"))
    else:
        return False
    return True


class ActionSafetyCard(Action):
    """Stops the journey and shows where help is, for the country if it is known."""

    def name(self) -> str:
        """See the class."""
        return "action_safety_card"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Show the card; works without the database too."""
        topic = _topic(tracker)
        say(dispatcher, f"safety_card_{topic}", contacts=_contacts(tracker, topic))
        return [*leave(tracker), SlotSet("safety_asked", None), SlotSet("safety_also", None), *_gently(tracker)]


class ActionSafetyCheck(Action):
    """The signal is ambiguous: ask plainly."""

    def name(self) -> str:
        """See the class."""
        return "action_safety_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Ask; the next message is read as the answer by the safety net."""
        topic = _topic(tracker)
        labels = [choice.label for choice in content().questions["safety_answer"].choices]
        say(dispatcher, f"safety_check_{topic}", labels)
        entities = (tracker.latest_message or {}).get("entities") or []
        also = next((entity["value"] for entity in entities if entity["entity"] == "safety_also"), None)
        # The question stands alone: a form that is open says nothing now.
        return [SlotSet("safety_asked", topic), SlotSet("safety_also", also), FollowupAction("action_listen")]


class ActionSafetyCleared(Action):
    """It was not meant that way: go on where we were."""

    def name(self) -> str:
        """See the class."""
        return "action_safety_cleared"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Go on, and remember the kind; without an open question, take up what the card stopped, or offer the menu."""
        kinds = _denied(tracker)
        events = [
            *keep_loop(tracker),
            SlotSet("safety_asked", None),
            SlotSet("safety_also", None),
            SlotSet("safety_denied", kinds),
            *_gently(tracker),
        ]
        if open_question(tracker):
            say(dispatcher, "safety_cleared")
        elif tracker.get_slot("safety_asked"):
            say(dispatcher, "safety_cleared_menu", menu_buttons())
        elif journey := _stopped_by_the_card(tracker):
            say(dispatcher, "safety_misread")
            events += [SlotSet("paused_journey", None), SlotSet("question_asked", None), *go_to(journey)]
        else:
            # Nothing was stopped: a card came, and was out of place.
            buttons = [menu_labels()["resume"]] if tracker.get_slot("paused_journey") else []
            say(dispatcher, "safety_misread_menu", [*buttons, menu_labels()["ask_help"]])
        return events


class ActionSafetySpent(Action):
    """After a card somebody cries or has no strength left: do not push on, offer a stop or the people again, once."""

    def name(self) -> str:
        """See the class."""
        return "action_safety_spent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say it in one bubble; an open question stays open, and says nothing now."""
        stop = [menu_labels()["stop"]] if tracker.active_loop.get("name") else []
        say(dispatcher, "safety_spent", [texts.phrases("people_again")[0], *stop])
        return [*keep_loop(tracker), SlotSet("safety_offered", True), FollowupAction("action_listen")]


def _gently(tracker: Tracker) -> Events:
    question = open_question(tracker)
    return [SlotSet(slot, value) for slot, value in gentle_slots(question.slot if question else "").items()]


def _denied(tracker: Tracker) -> list[str]:
    """The kinds of distress to which no was said in this conversation, the newest among them."""
    kept = tracker.get_slot("safety_denied")
    before = NOT_LIFE if kept is True else set(kept or ())  # True is from before the kinds were told apart
    named = (tracker.latest_message or {}).get("entities") or []
    return sorted({*before, *(str(one["value"]) for one in named if one["entity"] == "safety_denied")})


def _stopped_by_the_card(tracker: Tracker) -> str:
    """The journey that the last card stopped and that still waits; '' when there is none."""
    waiting = tracker.get_slot("paused_journey")
    turns = 0
    for event in reversed(tracker.events):
        turns += event["event"] == "user"
        if turns > 1:
            break
        if turns and event["event"] == "slot" and event["name"] == "paused_journey":
            return str(waiting) if event["value"] == waiting and waiting in content().journeys else ""
    return ""
