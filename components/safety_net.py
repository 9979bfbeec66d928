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
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bondgenoot.content import content
from bondgenoot.questions import match_choice
from bondgenoot.safety import Assessment, Level, SafetyNet
from bondgenoot.turns import SAFETY
from components.conversation_state import just_asked_plainly

CLEARED = "safety_cleared"
CHECK = "safety_check"


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
            found = self._net.doubted(self._net.assess(text), message.get("distress") or 0.0)
            if found.level == Level.CARD:
                self._set(message, found.topic, found)
            elif asked:
                self._answer(message, asked, str(tracker.get_slot("safety_also") or ""), text)
            elif found.level == Level.CHECK:
                self._set(message, CHECK, found)
            else:
                self._second_line(message, denied=bool(tracker.get_slot("safety_denied")))
        return messages

    def _answer(self, message: Message, topic: str, also: str, text: str) -> None:
        """Yes shows the card; no shows that of a clear signal which gave way to the question, or goes on.

        When it is neither, the card does no harm after a question about life and death; after another question the
        message is heard as any other, so that nobody who talks on is stopped.
        """
        meant = match_choice(content().questions["safety_answer"].choices, text)
        if meant == "no":
            self._set(message, also or CLEARED, Assessment(Level.CARD, topic))
        elif meant == "yes" or topic == "crisis":
            self._set(message, topic, Assessment(Level.CARD, topic))
        else:
            self._second_line(message, denied=False)

    def _second_line(self, message: Message, denied: bool) -> None:
        """The classifier's opinion; somebody who said no is not asked again on its account."""
        found = self._net.second_line(
            message.get(TEXT) or "", message.get("distress") or 0.0, message.get("intent_probabilities") or {}
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
