"""Meeting: the welcome, greeting again, the menu, goodbye, and what to say when a message is not understood."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, open_question, person_here, say, services
from actions.journeys import leave
from actions.questions import keep_loop, menu_buttons
from bondgenoot import texts
from bondgenoot.store import commitments
from bondgenoot.turns import SAFETY, menu_labels

SUGGESTIONS = 3


def welcome(dispatcher: CollectingDispatcher) -> None:
    """A machine, what is kept, who cannot read it, how to stop; and the menu."""
    say(dispatcher, "welcome", menu_buttons())


def was_welcomed(tracker: Tracker) -> bool:
    """Whether this person heard who speaks here.

    Not so when this server was down at their first message, or when they erased everything: then nothing was said, or
    a receipt only, before a first message without a session.
    """
    kinds = [event["event"] for event in tracker.events]
    return "bot" in kinds and ("session_started" in kinds or kinds.count("user") > 1)


class ActionSessionStart(Action):
    """The first contact: a machine, what is kept, who cannot read it, how to stop."""

    def name(self) -> str:
        """Rasa's name for it."""
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Welcome; keep the slots of an earlier session, if any."""
        with person_here(tracker):
            welcome(dispatcher)
        kept = [SlotSet(slot, value) for slot, value in tracker.slots.items() if value is not None]
        return [SessionStarted(), *kept, ActionExecuted("action_listen")]


class ActionGreet(Action):
    """'Hallo': a returning person hears what is open."""

    def name(self) -> str:
        """See the class."""
        return "action_greet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Greet; ask the open question again, or say what is open, or show the menu."""
        if not was_welcomed(tracker):
            welcome(dispatcher)
            return []
        if open_question(tracker):
            say(dispatcher, "greet_again")
            return keep_loop(tracker)
        if _first_message(tracker):
            return []
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
        if kept:
            today = here.clock.today()
            key = "greet_waiting" if kept[0].due < today else "greet_open"
            labels = [menu_labels()[intent] for intent in ("report_done", "postpone_commitment", "ask_help")]
            say(dispatcher, key, labels, what=texts.quote(kept[0].what), day=texts.day(kept[0].due, today))
        else:
            say(dispatcher, "greet_again")
            say(dispatcher, "menu", menu_buttons())
        return []


def _first_message(tracker: Tracker) -> bool:
    """Whether the welcome was said in this very turn: the newest thing said, with only this message after it."""
    for event in reversed(tracker.events):
        if event["event"] == "session_started":
            return True
        if event["event"] == "bot":
            continue
        if event["event"] == "user" and event is not _newest(tracker, "user"):
            return False
    return False


def _newest(tracker: Tracker, kind: str) -> dict[str, Any] | None:
    return next((event for event in reversed(tracker.events) if event["event"] == kind), None)


class ActionMenu(Action):
    """'Wat kun je?'."""

    def name(self) -> str:
        """See the class."""
        return "action_menu"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Show the menu; an open question stays open."""
        if was_welcomed(tracker):
            say(dispatcher, "menu", menu_buttons())
        else:
            welcome(dispatcher)
        return keep_loop(tracker)


class ActionGoodbye(Action):
    """'Tot later': says when it will ask, if something is open."""

    def name(self) -> str:
        """See the class."""
        return "action_goodbye"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Take leave; nothing is closed. A first 'dag' is no goodbye: the welcome has just answered it."""
        if _first_message(tracker):
            return []
        here = services()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id, "open")
        coming = [item for item in kept if item.due >= here.clock.today()]
        if coming:
            say(dispatcher, "goodbye_commitment", day=texts.day(coming[0].due, here.clock.today()))
        else:
            say(dispatcher, "goodbye")
        # Whoever leaves is not held by a question that only serves comfort.
        return leave(tracker) if tracker.active_loop.get("name") == "meet_form" else keep_loop(tracker)


class ActionFallback(Action):
    """Not understood: 'bedoel je ...?' with the likeliest meanings as buttons."""

    def name(self) -> str:
        """See the class."""
        return "action_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Suggest, or ask the open question again."""
        if not was_welcomed(tracker):
            welcome(dispatcher)
            return []
        if open_question(tracker):
            say(dispatcher, "not_understood")
            return keep_loop(tracker)
        labels = suggestions(tracker)
        if labels:
            say(dispatcher, "did_you_mean", [*labels, menu_labels()["ask_help"]])
        else:
            say(dispatcher, "not_understood", menu_buttons())
        return keep_loop(tracker)


def suggestions(tracker: Tracker) -> list[str]:
    """Readable labels of the likeliest intents, best first."""
    message = tracker.latest_message or {}
    labels = menu_labels()
    found = []
    for entry in message.get("intent_ranking") or []:
        name = entry["name"]
        if name in SAFETY:
            continue
        best = ((message.get("response_selector") or {}).get(name) or {}).get("response") or {}
        label = labels.get(name) or labels.get(best.get("intent_response_key", ""))
        if label and label not in found:
            found.append(label)
    return found[:SUGGESTIONS]


class ActionSay(Action):
    """Base of the actions that say one text and go back to the open question."""

    text = ""

    def name(self) -> str:
        """From the text's key."""
        return f"action_say_{self.text}"

    def values(self) -> dict[str, Any]:
        """What the text is filled with."""
        return {}

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say it."""
        say(dispatcher, self.text, **self.values())
        return keep_loop(tracker)


class ActionSayThanks(ActionSay):
    """'Dank je'."""

    text = "thanks"


class ActionSayOutOfScope(ActionSay):
    """Not what this is for."""

    text = "out_of_scope"


class ActionSayHuman(ActionSay):
    """Somebody wants a person."""

    text = "human"


class ActionSayPrivacy(ActionSay):
    """What is kept, how long, and who can and cannot see it."""

    text = "privacy"

    def values(self) -> dict[str, Any]:
        """The retention, in days."""
        return {"days": services().settings.retention.days}
