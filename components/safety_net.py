"""The safety net in the pipeline: its verdict becomes the intent, whatever the classifier thought.

The phrases of content/safety come first; the classifier's safety intents are the second line. After the assistant
asked plainly, the next message is read as the answer to that question.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bondgenoot.content import content
from bondgenoot.intents import SAFETY
from bondgenoot.questions import match_choice, normalise
from bondgenoot.safety import Assessment, Level, SafetyNet
from bondgenoot.safety_answers import says_no, says_plainly_no, says_yes, was_misread
from bondgenoot.turn_words import goes_on
from components.conversation_state import card_shown, just_asked_plainly, open_question

CLEARED = "safety_cleared"
CHECK = "safety_check"
RESUME = "resume"
# A no of at least so many words says more than no.
MORE_THAN_NO = 8
# Messages of the person in which an answer to the plain question is not forgotten.
TURNS_ANSWERED = 12


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class SafetyNetComponent(GraphComponent):
    """See the module's docstring."""

    def __init__(self) -> None:
        """Compile the phrases."""
        self._net = SafetyNet.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyNetComponent:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Overrule the intent where there is a signal; take a safety intent away where there is none."""
        for message in messages:
            text = message.get(TEXT) or ""
            asked = str(tracker.get_slot("safety_asked") or "") if just_asked_plainly(tracker) else ""
            carded = card_shown(tracker)
            question = open_question(tracker)
            answering = question is not None and question.kind == "text"
            said = self._net.assess(text)
            found = self._net.doubted(said, message.get("distress") or 0.0, len(text.split()))
            refused = self._refused(text, asked, carded)
            # Whoever says that it is not so, names what was asked or shown: 'ik ben niet overspannen'. Signs of a
            # crisis that are not denied themselves are never taken away by a no beside them, nor is a clear signal.
            denied = self._net.is_denial(said)
            if refused and (denied or (found.level == Level.CHECK and said.topic != "crisis")):
                found = Assessment()
            if asked == "crisis" and said.topic == "crisis" and not denied:
                found = Assessment(Level.CARD, "crisis", said.phrase)
            if found.level == Level.CARD:
                self._set(message, found.topic, found)
            elif (asked or carded) and found.level == Level.CHECK and said.topic == "crisis":
                self._set(message, CHECK, found)
            elif carded and refused:
                self._set(message, RESUME if goes_on(text) else CLEARED, Assessment())
            elif asked:
                also = str(tracker.get_slot("safety_also") or "")
                self._answer(message, asked, also, text, in_a_journey=question is not None, answering=answering)
            elif found.level == Level.CHECK and not self._nuisance(said, tracker):
                self._set(message, CHECK, found)
            else:
                self._second_line(message, bool(carded or tracker.get_slot("safety_denied")), answering)
        return messages

    @staticmethod
    def _refused(text: str, asked: str, carded: str) -> bool:
        """Whether a message says no to what was asked, or that the card was out of place; about a crisis plainly so."""
        if not (asked or carded):
            return False
        if "crisis" in (asked, carded):
            return says_plainly_no(text)
        return says_no(text) or (bool(carded) and was_misread(text))

    @staticmethod
    def _nuisance(said: Assessment, tracker: DialogueStateTracker) -> bool:
        """Whether to leave the plain question out: it is about fraud in a made-up case, or was answered lately.

        What was answered counts for ambiguous words only, and never where it is about life and death.
        """
        question = open_question(tracker)
        if said.topic == "report_wrongdoing" and question is not None and question.journey == "dilemma":
            return True
        if said.level == Level.CARD or said.topic == "crisis":
            return False
        turns = 0
        for event in reversed(tracker.events):
            turns += isinstance(event, UserUttered)
            if turns > TURNS_ANSWERED:
                break
            if isinstance(event, SlotSet) and event.key == "safety_asked" and event.value == said.topic:
                return True
            if isinstance(event, UserUttered) and event.intent_name == said.topic:
                return True  # the card was shown
        return False

    def _answer(
        self, message: Message, topic: str, also: str, text: str, *, in_a_journey: bool, answering: bool
    ) -> None:
        """Yes shows the card; no shows that of a clear signal which gave way to the question, or goes on.

        A no that goes on to ask for something, is heard as that. When it is neither, the card does no harm after a
        question about life and death; after another question the message is heard as any other, so that nobody who
        talks on is stopped. Clear words beside a no were weighed before this.
        """
        meant = match_choice(content().questions["safety_answer"].choices, text)
        refuses = self._refused(text, topic, "") or (meant == "no" and topic != "crisis" and not says_yes(text))
        if (
            refuses
            and topic != "crisis"
            and not also
            and not in_a_journey
            and len(normalise(text).split()) >= MORE_THAN_NO
        ):
            self._second_line(message, True, answering)
        elif refuses:
            self._set(message, also or CLEARED, Assessment(Level.CARD, topic))
        elif meant == "yes" or says_yes(text) or topic == "crisis":
            likely = message.get("intent_probabilities") or {}
            if likely.get("crisis", 0.0) > likely.get(topic, 0.0):
                topic = "crisis"  # whoever says yes to another question, may say more than was asked
            self._set(message, topic, Assessment(Level.CARD, topic))
        else:
            self._second_line(message, False, answering)

    def _second_line(self, message: Message, denied: bool, answering: bool) -> None:
        """The classifier's opinion; somebody who said no is not asked again on its account."""
        found = self._net.second_line(
            message.get(TEXT) or "",
            message.get("distress") or 0.0,
            message.get("intent_probabilities") or {},
            answering,
        )
        if denied and found.level == Level.CHECK:
            found = Assessment()
        if found.level == Level.CARD:
            self._set(message, found.topic, found)
        elif found.level == Level.CHECK:
            self._set(message, CHECK, found)
        elif (message.get(INTENT) or {}).get("name") in SAFETY:
            ranking = [entry for entry in message.get(INTENT_RANKING_KEY) or [] if entry["name"] not in SAFETY]
            best = dict(ranking[0]) if ranking else {"name": "nlu_fallback", "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)

    @staticmethod
    def _set(message: Message, intent: str, found: Assessment) -> None:
        message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        named = {"safety_topic": found.topic, "safety_also": found.also[0] if found.also else ""}
        entities = [
            {"entity": entity, "value": value, "extractor": "SafetyNet", "start": 0, "end": 0}
            for entity, value in named.items()
            if value
        ]
        message.set(ENTITIES, entities, add_to_output=True)
        message.set("decided_by_safety_net", True)
