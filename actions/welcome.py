"""Meeting: the welcome, greeting again, the menu, goodbye, and what to say when a message is not understood."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, FollowupAction, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import sharing
from actions.common import (
    Events,
    is_first_message,
    open_question,
    person_here,
    say,
    services,
    speak,
    welcomed_in_this_turn,
)
from actions.farewell import say_goodbye
from actions.journeys import leave
from actions.own_answers import confidants_meant, own_answer, own_answer_as, say_reply
from actions.questions import keep_loop, menu_buttons, offer_menu
from actions.safety import say_after_crisis
from bondgenoot import texts
from bondgenoot.asides import name_given
from bondgenoot.content import content
from bondgenoot.intents import SAFETY
from bondgenoot.store import commitments
from bondgenoot.turn_words import menu_labels

# Messages in which the long answer on privacy is not forgotten.
PRIVACY_TOLD = 6
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
        name = name_given(str((tracker.latest_message or {}).get("text") or ""))
        if name and not open_question(tracker):
            say(dispatcher, "name_kept", menu_buttons(), name=name)
            return [SlotSet("person_name", name)]
        hello = _hello(tracker)
        if open_question(tracker):
            say(dispatcher, "greet_again", hello=hello)
            return keep_loop(tracker)
        if is_first_message(tracker):
            return _after_welcome(dispatcher, tracker)
        self._what_is_open(dispatcher, tracker, hello)
        return []

    @staticmethod
    def _what_is_open(dispatcher: CollectingDispatcher, tracker: Tracker, hello: str) -> None:
        """The commitment that is due first; else the journey that was left; else how the last commitment ended."""
        here = services()
        today = here.clock.today()
        with person_here(tracker) as connection:
            kept = commitments.of_person(connection, here.cipher, tracker.sender_id)
        coming = [item for item in kept if item.state == "open"]
        ended = [item for item in kept if item.state in ("done", "partial", "not_done")]
        paused = tracker.get_slot("paused_journey")
        if coming:
            key = "greet_waiting" if coming[0].due < today else "greet_open"
            labels = [menu_labels()[intent] for intent in ("report_done", "postpone_commitment", "ask_help")]
            day = texts.day(coming[0].due, today)
            say(dispatcher, key, labels, hello=hello, what=texts.quote(coming[0].what), day=day)
        elif paused in content().journeys:
            labels = [menu_labels()[intent] for intent in ("resume", "ask_help")]
            say(dispatcher, "greet_paused", labels, hello=hello, journey=texts.say(f"journey_{paused}")[0])
        elif ended:
            last = max(ended, key=lambda item: item.closed or item.created)
            state = texts.say(f"state_{last.state}")[0]
            say(dispatcher, "greet_last", menu_buttons(), hello=hello, what=texts.quote(last.what), state=state)
        else:
            say(dispatcher, "greet_again", hello=hello)
            say(dispatcher, "menu", menu_buttons())


def _hello(tracker: Tracker) -> str:
    name = tracker.get_slot("person_name")
    return texts.say("hello_name", name=name)[0] if name else texts.say("hello")[0]


def _after_welcome(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Answer a greeting right after the welcome, unless the welcome came in this turn and is the answer."""
    if not welcomed_in_this_turn(tracker):
        say(dispatcher, "menu", menu_buttons())
    return []


class ActionMenu(Action):
    """'Wat kun je?'."""

    def name(self) -> str:
        """See the class."""
        return "action_menu"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Show the menu; an open question stays open."""
        if not was_welcomed(tracker):
            welcome(dispatcher)
        elif say_after_crisis(dispatcher, tracker, only_if_asked=True):
            pass
        elif reply := own_answer_as("ask_help", tracker):
            say_reply(dispatcher, tracker, reply, menu_buttons(tracker))
        elif not open_question(tracker):
            return offer_menu(dispatcher, tracker)
        else:
            say(dispatcher, "menu", menu_buttons())
        return keep_loop(tracker)


class ActionGoodbye(Action):
    """'Tot later': says when it will ask, if something is open."""

    def name(self) -> str:
        """See the class."""
        return "action_goodbye"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Take leave; nothing is closed. A first 'dag' is no goodbye: the welcome has just answered it."""
        if is_first_message(tracker):
            return _after_welcome(dispatcher, tracker)
        say_goodbye(dispatcher, tracker)
        if tracker.active_loop.get("name") == "meet_form":
            return leave(tracker)  # whoever leaves is not held by a question that only serves comfort
        # An open question stays open, and is not asked in the doorway.
        return [*keep_loop(tracker), FollowupAction("action_listen")] if open_question(tracker) else []


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
        if say_after_crisis(dispatcher, tracker):
            return []
        sharing.share(tracker)
        labels = suggestions(tracker)
        if labels:
            say(dispatcher, "did_you_mean", [*labels, menu_labels()["ask_help"]])
        else:
            say(dispatcher, "not_understood", menu_buttons(tracker))
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
    """Not what this is for; or a meaning that was missed, which only trainers can tell apart."""

    text = "out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say so, and share the sentence of who agreed to that."""
        if say_after_crisis(dispatcher, tracker):
            return keep_loop(tracker)
        if reply := own_answer(tracker):
            say_reply(dispatcher, tracker, reply, [] if open_question(tracker) else menu_buttons(tracker))
            return keep_loop(tracker)
        sharing.share(tracker)
        return super().run(dispatcher, tracker, domain)


class ActionSayHuman(ActionSay):
    """Somebody wants a person."""

    text = "human"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say who; after a crisis, the people of the card."""
        return keep_loop(tracker) if say_after_crisis(dispatcher, tracker) else super().run(dispatcher, tracker, domain)


class ActionSayPrivacy(ActionSay):
    """What is kept, how long, and who can and cannot see it; or, about the people on a card, what they may tell."""

    text = "privacy"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Answer what is asked."""
        if say_after_crisis(dispatcher, tracker, only_if_asked=True):
            return keep_loop(tracker)
        if reply := own_answer_as("ask_privacy", tracker):
            say_reply(dispatcher, tracker, reply)
            return keep_loop(tracker)
        topic = confidants_meant(tracker)
        if not topic and welcomed_in_this_turn(tracker):
            say(dispatcher, "privacy_after_welcome", **self.values())
            return keep_loop(tracker)
        if not topic and _asked_before(tracker):
            say(dispatcher, "privacy_again", **self.values())
            return keep_loop(tracker)
        if not topic:
            # What somebody agreed to is part of who can see what; in the same bubble, because a fourth one is too many.
            *before, last = texts.say(self.text, **self.values())
            speak(dispatcher, [*before, " ".join([last, *sharing.reminder(tracker)])])
            return keep_loop(tracker)
        say(dispatcher, f"confidential_{topic}")
        return keep_loop(tracker)

    def values(self) -> dict[str, Any]:
        """The retention, in days."""
        return {"days": services().settings.retention.days}


def _asked_before(tracker: Tracker) -> bool:
    """Whether one of the last messages asked the same: the long answer is not given twice."""
    users = [event for event in tracker.events if event["event"] == "user"][-PRIVACY_TOLD - 1 : -1]
    return any(((event.get("parse_data") or {}).get("intent") or {}).get("name") == "ask_privacy" for event in users)
