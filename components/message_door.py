"""The door: a typed '/...' is plain text, unless it is a button that the assistant offered to this person.

Rasa reads a text that begins with '/' as an intent with full confidence, for any intent and any slot. Its own handler
is the last node of the pipeline and looks at the text that this component leaves behind; so this holds in every
channel.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from components.conversation_state import offered_payloads

LONGEST_MESSAGE = 20_000


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class MessageDoor(GraphComponent):
    """See the module's docstring."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageDoor:
        """Rasa's factory."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Take the slash and any braces off texts that were not offered; cut what is absurdly long."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.lstrip().startswith("/") and text.strip() not in offered_payloads(tracker):
                text = as_words(text)
            message.set(TEXT, text[:LONGEST_MESSAGE])
        return messages


def as_words(text: str) -> str:
    """'/start_scan{"core": "x"}' as the words 'start scan'."""
    return re.sub(r"\{.*", "", text.strip().lstrip("/ "), flags=re.DOTALL).replace("_", " ").strip()
