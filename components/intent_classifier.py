"""The Dutch intent classifier as a component of Rasa's pipeline; the model itself is components.intent_model.

Sub-intents of retrieval intents (faq/..., chitchat/...) are classes of their own here, so no ResponseSelector is
needed; the output has the selector's format, so that Rasa's own `utter_faq` finds its answer.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bondgenoot import own_answers, remarks, sentences
from bondgenoot.answer_parts import Sentence
from components import intent_model, nearest, remark_judge, reply_judge
from components.encoder_client import EncoderError, Worker
from components.intent_model import IntentModel, vector_of
from components.remark_judge import RemarkJudge
from components.vector_table import vectors_of

logger = logging.getLogger(__name__)

FILE = "intent_model.joblib"
RANKING_LENGTH = 10


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class DutchIntentClassifier(GraphComponent, IntentClassifier):
    """See the module's docstring."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: use sentence vectors. The others end Rasa's cache when what else makes the models changes."""
        decides = (*map(Path, (intent_model.__file__, reply_judge.__file__, nearest.__file__)), own_answers.FILE)
        code = hashlib.sha256(b"".join(path.read_bytes() for path in decides)).hexdigest()
        return {"encoder": True, "code": code, "remarks": remark_judge.version()}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model: IntentModel | None = None
        self._remarks: RemarkJudge | None = None
        self._encoder = Worker()
        self._vectors: dict[str, np.ndarray | None] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchIntentClassifier:
        """Rasa's factory for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DutchIntentClassifier:
        """Rasa's factory for serving."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model, component._remarks = joblib.load(Path(folder) / FILE)
        if component._model.by_vector is None:
            logger.warning("The model was trained without sentence vectors; it understands less well.")
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples that have an intent."""
        examples = [example for example in training_data.nlu_examples if example.get(INTENT) and example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        names = [example.get_full_intent() for example in examples]
        encode = vectors_of if self._config["encoder"] else None
        try:
            models = IntentModel(texts, names, encode, own_answers.examples()), RemarkJudge(texts, names, encode)
        except EncoderError as error:
            logger.warning(f"Training without sentence vectors, because {error}. It will understand less well.")
            models = IntentModel(texts, names, None), RemarkJudge(texts, names, None)
        self._model, self._remarks = models
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(models, Path(folder) / FILE, compress=1)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking, the selector's output and what the judges think to messages with a text."""
        for message in messages:
            self._vectors.clear()
            text = message.get(TEXT) or ""
            if text.strip() and self._model is not None:
                found = self._model.understand(text, self._vector(text))
                self._annotate(message, self._model.classes, found.probabilities)
                message.set("distress", found.distress)
                message.set("aside", found.aside)
                message.set("own", found.own)
                message.set("sentences", self._sentences(text))
        return messages

    def _sentences(self, text: str) -> tuple[Sentence, ...]:
        """What each sentence of a message may be, by itself."""
        model = self._model
        return tuple(self._sentence(model, part) for part in sentences.split(text)) if model is not None else ()

    def _sentence(self, model: IntentModel, text: str) -> Sentence:
        opening = remarks.opening(text, self._remark)
        found = model.understand(text[opening:], self._vector(text[opening:]))
        ranking = _totals(model.classes, found.probabilities)
        likely_remark = remarks.probability(text[opening:], self._remark)
        return Sentence(text, tuple(ranking[:RANKING_LENGTH]), found.aside, found.own, likely_remark, opening)

    def _remark(self, text: str) -> float:
        return self._remarks.probability(text, self._vector(text)) if self._remarks is not None else 0.0

    def _vector(self, text: str) -> np.ndarray | None:
        """The vector of a piece of the present message, made once; None without sentence vectors."""
        if self._model is None or self._model.by_vector is None:
            return None
        if text not in self._vectors:
            self._vectors[text] = vector_of(self._encoder, text)
        return self._vectors[text]

    @staticmethod
    def _annotate(message: Message, classes: list[str], probabilities: np.ndarray) -> None:
        parts: dict[str, list[tuple[str, float]]] = {}
        for name, probability in zip(classes, probabilities):
            base = name.split("/")[0]
            if base != name:
                parts.setdefault(base, []).append((name, float(probability)))
        totals = _totals(classes, probabilities)
        ranking = [{"name": name, "confidence": confidence} for name, confidence in totals]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
        message.set("intent_probabilities", dict(totals))
        message.set(RESPONSE_SELECTOR_PROPERTY_NAME, _selector(parts), add_to_output=True)


def _totals(classes: Sequence[str], probabilities: np.ndarray) -> list[tuple[str, float]]:
    """Intents with their probability, sub-intents added up, best first."""
    totals: dict[str, float] = {}
    for name, probability in zip(classes, probabilities):
        base = name.split("/")[0]
        totals[base] = totals.get(base, 0.0) + float(probability)
    return sorted(totals.items(), key=lambda item: -item[1])


def _selector(parts: dict[str, list[tuple[str, float]]]) -> dict[str, Any]:
    """The ResponseSelector's output format."""
    output: dict[str, Any] = {"all_retrieval_intents": sorted(parts)}
    for base, candidates in parts.items():
        total = sum(probability for _, probability in candidates) or 1.0
        ranking = [
            {"confidence": probability / total, "intent_response_key": name}
            for name, probability in sorted(candidates, key=lambda item: -item[1])
        ]
        best: dict[str, Any] = ranking[0]
        output[base] = {
            "response": {**best, "responses": None, "utter_action": f"utter_{best['intent_response_key']}"},
            "ranking": ranking[:RANKING_LENGTH],
        }
    return output
