"""The base of every journey's form: which question is next, and what an answer to it is worth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledging import acknowledge
from actions.beside import answer_beside, answer_beside_a_choice, kept_words, nothing_but_remarks
from actions.common import Events, choices_for, given, say, services, sure_intents_of
from bondgenoot import answers, scale, texts
from bondgenoot.changes import answer_instead, corrects_previous
from bondgenoot.content import content
from bondgenoot.questions import SKIPPED, Question, understand
from bondgenoot.turn_words import menu_labels

# After this many misunderstood answers in a row the person gets buttons and a way out.
FAILURES_BEFORE_HELP = 2


class JourneyForm(FormValidationAction, ABC):
    """Validates the answers of one journey; subclasses say which questions apply."""

    # Whether an answer that is not understood counts as skipped, for questions that only serve comfort.
    lenient = False
    # Whether an answer that an action filled in is still to be settled.
    settles_prefilled = False
    # Slots of open questions that can be answered with a number, because the question numbers its ideas.
    numbered: frozenset[str] = frozenset()

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

    def words_kept(self, question: Question, text: str, tracker: Tracker) -> str:
        """What is kept of an answer in free words; a journey may leave more out."""
        return text

    def step_back(self, slot: str, tracker: Tracker) -> dict[str, Any]:
        """Slots to set so that the question before `slot` is open again; empty when there is none."""
        before = []
        for question in content().journeys[self.journey]:
            if question.slot == slot:
                break
            if tracker.get_slot(question.slot) is not None:
                before.append(question.slot)
        return {before[-1]: None, slot: None} if before else {}

    def replaced(self, slot: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
        """Slots to set when the message holds new words for the question before `slot`, which are read back.

        Empty when it holds none, or when that question takes no free words; then it is asked again.
        """
        questions = content().questions
        before = [name for name in self.step_back(slot, tracker) if name != slot and name in questions]
        if len(before) != 1 or questions[before[0]].kind != "text":
            return {}
        new = answer_instead(str((tracker.latest_message or {}).get("text") or ""))
        if questions[before[0]].expects == "role":
            new = answers.role_in(new)
        changes = self.settle(before[0], new, tracker) if new else {}
        if changes.get(before[0]) != new:
            return {}
        say(dispatcher, "back_replaced", what=texts.quote(new))
        return changes

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
        typed = str((tracker.latest_message or {}).get("text") or "").strip()
        # What was typed may have reached the slot longer or otherwise than the door let it through.
        asked = tracker.get_slot("question_asked")
        for slot, value in tracker.slots_to_validate().items():
            # A form that opens or resumes shows its earlier answers again; those were settled when they were given.
            just_given = self.settles_prefilled or slot == asked or str(value).strip() == typed
            if slot in questions and value is not None and just_given:
                changes.update(self._accept(questions[slot], str(value), dispatcher, tracker))
                tracker.slots.update(changes)
        return [SlotSet(slot, value) for slot, value in changes.items()]

    def _accept(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        choices = choices_for(question, tracker)
        if question.kind == "text":
            if nothing_but_remarks(tracker, text):
                return self._heard(question, dispatcher, tracker)
            text = self.words_kept(question, kept_words(tracker, text), tracker)
        if question.kind == "scale":
            text = scale.only_number(text)
        if question.kind == "text" and answers.says_nothing(text):
            if question.may_skip:
                return {**self.settle(question.slot, SKIPPED, tracker), "question_failures": 0}
            say(dispatcher, "skip_refused")
            return self._not_yet(question)
        only_number = text.strip().isdigit() and question.slot not in self.numbered
        if question.kind == "text" and (replaced := self._corrected(question, text, dispatcher, tracker)):
            return replaced
        if question.kind == "text" and (only_number or answers.says_only_yes(text)):
            say(dispatcher, "say_more")
            return self._not_yet(question)
        if question.expects == "role":
            text = answers.role_in(text)
            if not text:
                return self._not_yet(question)
        if question.expects == "line" and text != SKIPPED:
            text = answers.line_in(text)
        if text in {choice.value for choice in choices} | {question.free}:
            return {**self.settle(question.slot, text, tracker), "question_failures": 0}
        answer = understand(question, text, services().clock.today(), sure_intents_of(tracker), choices)
        if answer.value is not None:
            changes = {**self.settle(question.slot, answer.value, tracker), "question_failures": 0}
            changes |= _turned(question, tracker)
            if question.kind == "choice" and not question.careful:
                answer_beside_a_choice(dispatcher, tracker, choices, text)
            if question.kind == "text" and (waiting := self.waiting(tracker, changes)):
                changes |= self._beside(question, text, len(waiting), dispatcher, tracker)
            return changes
        if replaced := self._corrected(question, text, dispatcher, tracker):
            return replaced
        if self.lenient:
            return {**self.settle(question.slot, SKIPPED, tracker), "question_failures": 0}
        return self._not_understood(question, answer.notice, dispatcher, tracker)

    def _heard(self, question: Question, dispatcher: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
        """The message was all about the conversation: what it asked is answered, and the question asked again."""
        if answer_beside(dispatcher, tracker, self.progress(tracker)):
            return {question.slot: None}
        return self._not_understood(question, "remark_heard", dispatcher, tracker)

    @staticmethod
    def _not_understood(
        question: Question, notice: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Say what is missing, the second time with buttons and a way out; the question stays open."""
        failures = int(tracker.get_slot("question_failures") or 0) + 1
        if failures == FAILURES_BEFORE_HELP:
            labels = [menu_labels()[intent] for intent in ("skip", "human_handoff", "stop")]
            say(dispatcher, "too_many_failures", labels if question.may_skip else labels[1:])
        else:
            say(dispatcher, notice, minimum=question.minimum, maximum=question.maximum)
        return {question.slot: None, "question_failures": failures}

    @staticmethod
    def _beside(
        question: Question, text: str, left: int, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """One bubble between an answer in free words and the next question, where there is something to say."""
        if answer_beside(dispatcher, tracker, left) or dispatcher.messages:
            return {}
        # Words that a journey began with were acknowledged there.
        just_asked = tracker.get_slot("question_asked") == question.slot
        heard = acknowledge(dispatcher, tracker, question.slot, text) if just_asked else {}
        long = question.expects != "story" and answers.is_long(text)
        if long and not heard and not was_said(tracker, "long_answer_kept"):
            say(dispatcher, "long_answer_kept")
        return heard

    def _corrected(
        self, question: Question, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """What to set when the words are no answer here, but to the question before; empty when they are not."""
        replaced = self.replaced(question.slot, dispatcher, tracker) if corrects_previous(text) else {}
        return {**replaced, question.slot: None, "question_asked": None} if replaced else {}

    @staticmethod
    def _not_yet(question: Question) -> dict[str, Any]:
        """The question stays open, in its lighter wording; it is not a failure to understand."""
        return {question.slot: None, "question_moment": "hint"}

    def waiting(self, tracker: Tracker, changes: dict[str, Any] | None = None) -> list[str]:
        """Slots of the questions that are still to come, the open one first, given what is answered so far."""
        slots = {**tracker.slots, **(changes or {})}
        seen = Tracker(tracker.sender_id, slots, tracker.latest_message, [], False, None, tracker.active_loop, "")
        questions = content().journeys[self.journey]
        return [
            question.slot
            for question in questions
            if seen.slots.get(question.slot) is None and self.applies(question.slot, seen)
        ]

    def progress(self, tracker: Tracker) -> int:
        """How many questions are still to come, the open one among them; more may follow from an answer."""
        return len(self.waiting(tracker))


def _turned(question: Question, tracker: Tracker) -> dict[str, Any]:
    """Remembers whether a question was answered after a hint that asks for the opposite."""
    if not question.opposite_hint:
        return {}
    others = [slot for slot in tracker.get_slot("turned_answers") or [] if slot != question.slot]
    hinted = tracker.get_slot("question_hinted") == question.slot
    return {"turned_answers": [*others, question.slot] if hinted else others}


def was_said(tracker: Tracker, key: str) -> bool:
    """Whether a text without placeholders was said before in this conversation."""
    bubbles = texts.say(key)
    return any(event["event"] == "bot" and event.get("text") == bubbles[-1] for event in tracker.events)


def form_of(journey: str) -> JourneyForm:
    """The form of a journey."""
    return next(form() for form in JourneyForm.__subclasses__() if form.journey == journey)


def answered(tracker: Tracker, slot: str, *values: str) -> bool:
    """Whether a slot holds one of `values`."""
    return given(tracker, slot) in values
