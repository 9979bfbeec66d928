"""Asking the questions of the journeys, and everything a person can do with a question besides answering it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import (
    Events,
    buttons_beside,
    choices_for,
    given,
    open_question,
    say,
    speak,
    values_for,
    values_to_ask,
    welcomed_in_this_turn,
)
from actions.journey_form import form_of
from bondgenoot import stories, texts
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, normalise
from bondgenoot.turn_words import main_menu, menu_labels, whole_messages

MOST_SCALE_BUTTONS = 5
# How far back the last wording of the open question is looked for.
BUBBLES_BACK = 8
# Journeys that end without a word of their own when their question is skipped.
# What somebody says who chooses nothing from the menu.
CHOOSES_NOTHING = frozenset({"dont_know", "affirm", "skip"})
SILENT_ENDINGS = {"meet"}


def put(dispatcher: CollectingDispatcher, tracker: Tracker, question: Question, moment: str) -> None:
    """Say a question in the wording for a moment (ask, again, why, hint), with its buttons."""
    bubbles = question.wording(moment, values_to_ask(question, moment, tracker), branch_of(question, tracker))
    labels = [choice.label for choice in choices_for(question, tracker)]
    if question.kind == "scale" and question.maximum - question.minimum < MOST_SCALE_BUTTONS:
        labels = [str(number) for number in range(question.minimum, question.maximum + 1)]
    speak(dispatcher, bubbles, [*labels, *buttons_beside(question.journey, tracker)], ui=question.ui)


def branch_of(question: Question, tracker: Tracker) -> str:
    """The answer that decides which wording of a question is used, where it has several."""
    return given(tracker, question.by) if question.by else ""


WhenAsked = Callable[[Tracker], Events]
_when_asked: dict[str, WhenAsked] = {}


def when_asked(slot: str) -> Callable[[WhenAsked], WhenAsked]:
    """Register what is kept in the conversation together with the question of a slot, in the same answer to Rasa."""

    def register(function: WhenAsked) -> WhenAsked:
        _when_asked[slot] = function
        return function

    return register


def not_just_said(question: Question, tracker: Tracker, moment: str) -> str:
    """`moment`, or another one when the question was put in exactly those words last."""
    branch = branch_of(question, tracker)
    last_bubbles = {
        name: question.wording(name, values_to_ask(question, name, tracker), branch)[-1]
        for name in ("again", "hint", "ask")
    }
    said = [event.get("text") for event in reversed(tracker.events) if event["event"] == "bot"][:BUBBLES_BACK]
    put_last = next((text for text in said if text in last_bubbles.values()), None)
    if put_last is None or last_bubbles[moment] != put_last:
        return moment
    return next((name for name, text in last_bubbles.items() if text != put_last), moment)


class AskQuestion(Action):
    """Asks the question of one slot: in its first words, or in other words when it was just asked."""

    slot = ""

    def name(self) -> str:
        """The name that a form looks for."""
        return f"action_ask_{self.slot}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Ask in the wording that was called for, and remember that it was asked."""
        question = content().questions[self.slot]
        again = tracker.get_slot("question_asked") == self.slot
        moment = str(tracker.get_slot("question_moment") or ("again" if again else "ask"))
        put(dispatcher, tracker, question, not_just_said(question, tracker, moment) if again else moment)
        kept = _when_asked[self.slot](tracker) if self.slot in _when_asked else []
        return [SlotSet("question_asked", self.slot), SlotSet("question_moment", None), *kept]


def register_questions() -> None:
    """One action class a question, so that a trainer's new question needs no Python."""
    for slot in content().questions:
        globals()[f"Ask_{slot}"] = type(f"Ask_{slot}", (AskQuestion,), {"slot": slot, "__module__": __name__})


register_questions()


def keep_loop(tracker: Tracker, moment: str = "") -> Events:
    """Give the word back to the form that stepped aside: it speaks next, and asks its question in other words.

    (In Rasa's terms: a form that rejected its execution stays rejected, deaf to answers, until its loop is set again.)
    """
    if not tracker.active_loop.get("name"):
        return []
    wording = [SlotSet("question_moment", moment)] if moment else []
    return [ActiveLoop(tracker.active_loop["name"]), *wording]


class ActionQuestionReturn(Action):
    """After a digression: back to the open question; without one, the question that goes with the answer."""

    def name(self) -> str:
        """See the class."""
        return "action_question_return"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Give the word back to the form, to a story, or ask what the answer's metadata holds: one question at a time."""
        if open_question(tracker) is None:
            if asked := stories.open_response(reversed(tracker.events)):
                dispatcher.utter_message(response=asked["metadata"]["utter_action"])
                return []
            said = next((event for event in reversed(tracker.events) if event["event"] == "bot"), {})
            # Rasa keeps the metadata of a response one level down, beside its own.
            if question_back := ((said.get("metadata") or {}).get("metadata") or {}).get("question"):
                speak(dispatcher, [question_back])
        return keep_loop(tracker)


class ActionQuestionExplain(Action):
    """'Hoe bedoel je?': why it is asked, and the question in other words."""

    def name(self) -> str:
        """See the class."""
        return "action_question_explain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Explain; the form asks again."""
        question = open_question(tracker)
        if question is None:
            say_nothing_is_asked(dispatcher, tracker)
            return []
        speak(dispatcher, question.wording("why", values_for(question.journey, tracker), branch_of(question, tracker)))
        return keep_loop(tracker)


class ActionQuestionHint(Action):
    """'Weet ik niet': first a lighter question or an example, the second time on to the next question."""

    def name(self) -> str:
        """See the class."""
        return "action_question_hint"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Hint or move on."""
        question = open_question(tracker)
        if question is None:
            propose(dispatcher, tracker)
            return []
        if tracker.get_slot("question_hinted") != question.slot:
            return [*keep_loop(tracker, "hint"), SlotSet("question_hinted", question.slot)]
        if question.may_skip:
            if goes_on(question, tracker):
                say(dispatcher, "unknown_moved_on")
            return _pass(question, tracker)
        say(dispatcher, "skip_refused", [menu_labels()["stop"], menu_labels()["human_handoff"]])
        return keep_loop(tracker)


def propose(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """One thing to begin with, for who leaves the choice to us: one's own situation; the second time, a case."""
    first = texts.say("propose_own_case")[-1]
    said = [event.get("text") for event in reversed(tracker.events) if event["event"] == "bot"][:BUBBLES_BACK]
    key, intent = ("propose_dilemma", "start_dilemma") if first in said else ("propose_own_case", "share_dilemma")
    say(dispatcher, key, [menu_labels()[intent], menu_labels()["ask_help"]])


class ActionQuestionSkip(Action):
    """'Sla over': on to the next question, where that is possible."""

    def name(self) -> str:
        """See the class."""
        return "action_question_skip"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Skip, or say why not, with a lighter question."""
        question = open_question(tracker)
        if question is None:
            return offer_menu(dispatcher, tracker)
        if question.may_skip:
            if goes_on(question, tracker):
                say(dispatcher, "skipped")
            return _pass(question, tracker)
        say(dispatcher, "skip_refused")
        return keep_loop(tracker, "hint")


class ActionQuestionProgress(Action):
    """'Hoeveel nog?': how many questions are left, and the open one again."""

    def name(self) -> str:
        """See the class."""
        return "action_question_progress"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Count."""
        question = open_question(tracker)
        if question is None:
            say_nothing_is_asked(dispatcher, tracker)
            return []
        left = form_of(question.journey).progress(tracker)
        if left > 1:
            say(dispatcher, "questions_left", count=left)
        else:
            say(dispatcher, "last_question")
        return keep_loop(tracker)


class ActionQuestionMisread(Action):
    """'Dat bedoel ik niet', 'luister je wel?': an apology, the question in other words, and every way out of it."""

    def name(self) -> str:
        """See the class."""
        return "action_question_misread"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Say so; the form asks again."""
        question = open_question(tracker)
        if question is None:
            say(dispatcher, "misread_menu", menu_buttons())
            return []
        back = ["go_back"] if form_of(question.journey).step_back(question.slot, tracker) else []
        ways = [*back, *(["skip"] if question.may_skip else []), "stop", "ask_help"]
        say(dispatcher, "misread", [menu_labels()[intent] for intent in ways])
        return keep_loop(tracker, "again")


class ActionQuestionBack(Action):
    """'Terug': the previous answered question is open again."""

    def name(self) -> str:
        """See the class."""
        return "action_question_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Empty the previous answer of this journey and ask it again."""
        question = open_question(tracker)
        if question is None and tracker.get_slot("dropped_commitment"):
            return [FollowupAction("action_commitment_restore")]
        if question is None:
            return offer_menu(dispatcher, tracker)
        changes = form_of(question.journey).step_back(question.slot, tracker)
        if not changes:
            say(dispatcher, "back_first")
            return keep_loop(tracker)
        replaced = form_of(question.journey).replaced(question.slot, dispatcher, tracker)
        if not replaced:
            say(dispatcher, "back")
        return [
            *keep_loop(tracker),
            *(SlotSet(slot, value) for slot, value in (replaced or changes).items()),
            SlotSet("question_asked", None),
            SlotSet("question_failures", 0),
        ]


def goes_on(question: Question, tracker: Tracker) -> bool:
    """Whether something must be said when this question is passed: at the last one, the journey's closing says enough."""
    form = form_of(question.journey)
    changes = form.settle(question.slot, SKIPPED, tracker)
    return bool(form.waiting(tracker, changes)) or question.journey in SILENT_ENDINGS


def _pass(question: Question, tracker: Tracker) -> Events:
    """On to the next question; the journey settles a skipped answer as it does a given one, since no form judges it."""
    changes = form_of(question.journey).settle(question.slot, SKIPPED, tracker)
    return [
        ActiveLoop(question.form),
        *(SlotSet(slot, value) for slot, value in changes.items()),
        SlotSet("question_failures", 0),
    ]


def menu_buttons(tracker: Tracker | None = None) -> list[str]:
    """The texts on the buttons of the menu; none where a welcome of the same turn, in `tracker`, has them already."""
    if tracker is not None and welcomed_in_this_turn(tracker):
        return []
    return [menu_labels()[intent] for intent in main_menu()]


def offer_menu(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Show the menu; who gets it and chooses nothing has one thing proposed instead of seeing it again."""
    message = tracker.latest_message or {}
    asked_for = whole_messages().get(normalise(str(message.get("text") or ""))) == "ask_help"
    denies, paused = (message.get("intent") or {}).get("name") == "deny", tracker.get_slot("paused_journey")
    if denies and paused in content().journeys and _offered_last_turn(tracker, str(paused)):
        say(dispatcher, "offer_declined", menu_buttons())
        return [SlotSet("declined_journey", paused)]
    if asked_for or not said_last_turn(tracker, *texts.say("menu"), *texts.say("nothing_to_explain")):
        say(dispatcher, "menu", menu_buttons(tracker))
        return []
    if denies:
        say(dispatcher, "stopped_nothing", menu_buttons())
    elif (message.get("intent") or {}).get("name") in CHOOSES_NOTHING:
        propose(dispatcher, tracker)
    else:
        say(dispatcher, "menu", menu_buttons(tracker))
    return []


def _offered_last_turn(tracker: Tracker, journey: str) -> bool:
    """Whether going on with a journey was offered."""
    return said_last_turn(tracker, *texts.say("journey_waits", journey=texts.say(f"journey_{journey}")[0]))


def say_nothing_is_asked(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """To who asks about a question where none is open; in other words when they just heard that."""
    again = said_last_turn(tracker, *texts.say("nothing_to_explain"))
    say(dispatcher, "welcome_menu" if again else "nothing_to_explain", menu_buttons(tracker))


def said_last_turn(tracker: Tracker, *bubbles: str) -> bool:
    """Whether the turn before this message held one of these bubbles."""
    messages = 0
    for event in reversed(tracker.events):
        messages += event["event"] == "user"
        if messages > 1:
            return False
        if messages == 1 and event["event"] == "bot" and event.get("text") in bubbles:
            return True
    return False
