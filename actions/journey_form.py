"""The base of every journey's form: which question is next, and what an answer to it is worth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.common import Events, choices_for, given, intents_of, say, services
from bondgenoot import texts
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, normalise, understand
from bondgenoot.turns import menu_labels

# After this many misunderstood answers in a row the person gets buttons and a way out.
FAILURES_BEFORE_HELP = 2


class JourneyForm(FormValidationAction, ABC):
    """Validates the answers of one journey; subclasses say which questions apply."""

    # Whether an answer that is not understood counts as skipped, for questions that only serve comfort.
    lenient = False

    @property
    @abstractmethod
    def journey(self) -> str:
        """The journey's name, as in content/questions."""

    def name(self) -> str:
        """The name that Rasa looks for."""
        return f"validate_{self.journey}_form"

    def applies(self, slot: str, tracker: Tracker) -> bool:
        """Whether a question is asked in this conversation; all are, unless a journey says otherwise."""
        return True

    def settle(self, slot: str, value: str, tracker: Tracker) -> dict[str, Any]:
        """Slots to set when `slot` is answered with `value`; a journey may change more than this one."""
        return {slot: value}

    def step_back(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Slots to set so that the question before `slot` is open again; empty when there is none."""
        before = []
        for question in content().journeys[self.journey]:
            if question.slot == slot:
                break
            if tracker.get_slot(question.slot) is not None:
                before.append(question.slot)
        return {before[-1]: None, slot: None} if before else {}

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[str]:
        """The questions that apply, in the order of the content."""
        return [question.slot for question in content().journeys[self.journey] if self.applies(question.slot, tracker)]

    async def get_extraction_events(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Nothing to extract: the answer is the message, by the mapping in the domain."""
        return []

    async def get_validation_events(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Turn the words of each new answer into a value, or say what is missing."""
        questions = {question.slot: question for question in content().journeys[self.journey]}
        changes: dict[str, Any] = {}
        for slot, value in tracker.slots_to_validate().items():
            if slot in questions and value is not None:
                changes.update(self._accept(questions[slot], str(value), dispatcher, tracker))
                tracker.slots.update(changes)
        return [SlotSet(slot, value) for slot, value in changes.items()]

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        choices = choices_for(question, tracker)
        if question.kind == "text" and question.may_skip and normalise(text) in _nothing():
            return {**self.settle(question.slot, SKIPPED, tracker), "question_failures": 0}
        if text in {choice.value for choice in choices} | {question.free}:
            return {**self.settle(question.slot, text, tracker), "question_failures": 0}
        answer = understand(question, text, services().clock.today(), intents_of(tracker), choices)
        if answer.value is not None:
            return {**self.settle(question.slot, answer.value, tracker), "question_failures": 0}
        if self.lenient:
            return {**self.settle(question.slot, SKIPPED, tracker), "question_failures": 0}
        failures = int(tracker.get_slot("question_failures") or 0) + 1
        if failures == FAILURES_BEFORE_HELP:
            labels = [menu_labels()[intent] for intent in ("skip", "human_handoff", "stop")]
            say(dispatcher, "too_many_failures", labels if question.may_skip else labels[1:])
        else:
            say(dispatcher, answer.notice, minimum=question.minimum, maximum=question.maximum)
        return {question.slot: None, "question_failures": failures}


@lru_cache(maxsize=1)
def _nothing() -> frozenset[str]:
    return frozenset(normalise(phrase) for phrase in texts.phrases("nothing"))


def form_of(journey: str) -> JourneyForm:
    """The form of a journey."""
    return next(form() for form in JourneyForm.__subclasses__() if form.journey == journey)


def answered(tracker: Tracker, slot: str, *values: str) -> bool:
    """Whether a slot holds one of `values`."""
    return given(tracker, slot) in values
