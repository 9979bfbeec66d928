"""Turn-taking in the pipeline: turns the classifier's guess into what the dialogue acts on (bondgenoot.turns)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bondgenoot import settings, stories, turns
from bondgenoot.clock import Clock
from components.conversation_state import content_choices, open_question, story_question


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class TurnArbiter(GraphComponent):
    """See the module's docstring."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TurnArbiter:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Set the intent that the dialogue acts on; the classifier's ranking stays as it was."""
        for message in messages:
            if not message.get("decided_by_safety_net"):
                self._decide(message, tracker)
        return messages

    @staticmethod
    def _decide(message: Message, tracker: DialogueStateTracker) -> None:
        ranking = [(entry["name"], entry["confidence"]) for entry in message.get(INTENT_RANKING_KEY) or []]
        question = open_question(tracker) or story_question(tracker)
        ranking = turns.possible(ranking, question)
        today = Clock.from_settings(settings.load()).today()
        choices = content_choices(question, tracker)
        dropped = bool(tracker.get_slot("dropped_commitment"))
        verdict = turns.decide(
            message.get(TEXT) or "",
            ranking,
            question,
            choices,
            today=today,
            just_dropped=dropped,
            aside=message.get("aside") if message.get("aside") is not None else turns.UNDECIDED,
            sentences=message.get("sentences") or (),
            own=message.get("own"),
        )
        if verdict.parts:
            # For the form, which keeps these sentences only; their text stands in the message alone.
            parts = {
                "kept": list(verdict.parts.kept),
                "beside": verdict.parts.beside,
                "openings": list(verdict.parts.openings),
            }
            message.set("answer_parts", parts, add_to_output=True)
        if verdict.reply:
            message.set("own_answer", verdict.reply, add_to_output=True)
        decided = verdict.intent
        if question is not None and question.journey == stories.STORY:
            decided = stories.meaning(question, message.get(TEXT) or "", decided, ranking)
            # A story tells apart what is said by intent alone.
            message.set(ENTITIES, [], add_to_output=True)
        base, _, part = decided.partition("/")
        confidence = dict(ranking).get(base, 1.0) if verdict.reason != "whole message" else 1.0
        message.set(INTENT, {"name": base, "confidence": confidence}, add_to_output=True)
        if part:
            selector = dict(message.get(RESPONSE_SELECTOR_PROPERTY_NAME) or {"all_retrieval_intents": [base]})
            response = {
                "intent_response_key": decided,
                "utter_action": f"utter_{decided}",
                "confidence": 1.0,
            }
            selector[base] = {"response": response, "ranking": []}
            message.set(RESPONSE_SELECTOR_PROPERTY_NAME, selector, add_to_output=True)
