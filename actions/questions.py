"""Asking the questions of the journeys, and everything a person can do with a question besides answering it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, choices_for, given, open_question, say, speak, values_for
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question
from bondgenoot.turns import main_menu, menu_labels

MOST_SCALE_BUTTONS = 5


def put(dispatcher: CollectingDispatcher, tracker: Tracker, question: Question, moment: str) -> None:
    """Say a question in the wording for a moment (ask, again, why, hint), with its buttons."""
    bubbles = question.wording(moment, values_for(question.journey, tracker), given(tracker, question.by))
    labels = [choice.label for choice in choices_for(question, tracker)]
    if question.kind == "scale" and question.maximum - question.minimum < MOST_SCALE_BUTTONS:
        labels = [str(number) for number in range(question.minimum, question.maximum + 1)]
    speak(dispatcher, bubbles, labels)


class AskQuestion(Action):
    """Asks the question of one slot: in its first words, or in other words when it was just asked."""

    slot = ""

    def name(self) -> str:
        """The name that a form looks for."""
        return f"action_ask_{self.slot}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Ask, and remember that it was asked."""
        again = tracker.get_slot("question_asked") == self.slot
        put(dispatcher, tracker, content().questions[self.slot], "again" if again else "ask")
        return [SlotSet("question_asked", self.slot)]


def register_questions() -> None:
    """One action class a question, so that a trainer's new question needs no Python."""
    for slot in content().questions:
        globals()[f"Ask_{slot}"] = type(f"Ask_{slot}", (AskQuestion,), {"slot": slot, "__module__": __name__})


register_questions()


def keep_loop(tracker: Tracker) -> Events:
    """A form that stepped aside for a digression counts as rejected; set again, it hears the next answer."""
    return [ActiveLoop(tracker.active_loop["name"])] if tracker.active_loop.get("name") else []


class ActionQuestionReturn(Action):
    """After a digression: the open question again, in other words."""

    def name(self) -> str:
        """See the class."""
        return "action_question_return"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Ask again, if a question is open."""
        question = open_question(tracker)
        if question:
            put(dispatcher, tracker, question, "again")
        return keep_loop(tracker)


class ActionQuestionExplain(Action):
    """'Hoe bedoel je?': why it is asked, and the question in other words."""

    def name(self) -> str:
        """See the class."""
        return "action_question_explain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Explain, then ask again."""
        question = open_question(tracker)
        if question is None:
            say(dispatcher, "nothing_to_explain", menu_buttons())
            return []
        speak(dispatcher, question.wording("why", values_for(question.journey, tracker), given(tracker, question.by)))
        put(dispatcher, tracker, question, "again")
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
            say(dispatcher, "menu", menu_buttons())
            return []
        if tracker.get_slot("question_hinted") != question.slot:
            put(dispatcher, tracker, question, "hint")
            return [*keep_loop(tracker), SlotSet("question_hinted", question.slot)]
        if question.may_skip:
            say(dispatcher, "unknown_moved_on")
            return _fill(question, SKIPPED)
        say(dispatcher, "skip_refused", [menu_labels()["stop"], menu_labels()["human_handoff"]])
        return keep_loop(tracker)


class ActionQuestionSkip(Action):
    """'Sla over': on to the next question, where that is possible."""

    def name(self) -> str:
        """See the class."""
        return "action_question_skip"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Skip, or say why not, with a lighter question."""
        question = open_question(tracker)
        if question is None:
            say(dispatcher, "menu", menu_buttons())
            return []
        if question.may_skip:
            say(dispatcher, "skipped")
            return _fill(question, SKIPPED)
        say(dispatcher, "skip_refused")
        put(dispatcher, tracker, question, "hint")
        return keep_loop(tracker)


class ActionQuestionBack(Action):
    """'Terug': the previous answered question is open again."""

    def name(self) -> str:
        """See the class."""
        return "action_question_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Empty the previous answer of this journey and ask it again."""
        question = open_question(tracker)
        if question is None:
            say(dispatcher, "menu", menu_buttons())
            return []
        before = []
        for other in content().journeys[question.journey]:
            if other.slot == question.slot:
                break
            if tracker.get_slot(other.slot) is not None:
                before.append(other.slot)
        if not before:
            say(dispatcher, "back_first")
            put(dispatcher, tracker, question, "again")
            return keep_loop(tracker)
        say(dispatcher, "back")
        return [
            *keep_loop(tracker),
            SlotSet(before[-1], None),
            SlotSet(question.slot, None),
            SlotSet("question_asked", None),
            SlotSet("question_failures", 0),
            FollowupAction(question.form),
        ]


def _fill(question: Question, value: str) -> Events:
    return [
        ActiveLoop(question.form),
        SlotSet(question.slot, value),
        SlotSet("question_failures", 0),
        FollowupAction(question.form),
    ]


def menu_buttons() -> list[str]:
    """The texts on the buttons of the menu."""
    return [menu_labels()[intent] for intent in main_menu()]
