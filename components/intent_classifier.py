"""The Dutch intent classifier: the mean of three views that fail on different messages (docs/nlu.md).

1. logistic regression on sentence vectors, 2. logistic regression on word and character n-grams, 3. the nearest
training examples by sentence vector. Without the sentence encoder it works on n-grams alone, and says so in the log.
Beside it stands a judge of one question, is this a signal of distress, trained on the same two kinds of features: asked
alone it draws a sharper line than the sum of the safety intents does. The safety net weighs it as its second line.
Sub-intents of retrieval intents (faq/..., chitchat/...) are classes of their own here, so no ResponseSelector is needed;
the output has the selector's format, so that Rasa's own `utter_faq` finds its answer.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
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
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_union

from bondgenoot import settings
from bondgenoot.turns import SAFETY
from components.encoder_client import EncoderError, Worker, encode_all

logger = logging.getLogger(__name__)

FILE = "intent_classifier.joblib"
STATE = ("classes", "ngrams", "by_ngram", "by_vector", "nearest", "distress_by_ngram", "distress_by_vector")
RANKING_LENGTH = 10


def plain(text: str) -> str:
    """Lower case without accents; a module function, so that the vectorizer can be stored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def ngram_vectorizer() -> FeatureUnion:
    """TF-IDF of words (1-2) and of characters within words (3-5), each of unit length."""
    return make_union(
        TfidfVectorizer(
            preprocessor=plain, token_pattern=r"\b\w+\b", ngram_range=(1, 2), sublinear_tf=True, min_df=2
        ),
        TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
    )


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Where 0 is even, so that two judges can be averaged."""
    return np.log(probability / (1.0 - probability))


class NearestExamples:
    """Votes of the training examples that are nearest by cosine of the centred vectors."""

    def __init__(self, vectors: np.ndarray, labels: np.ndarray, classes: int, neighbours: int, sharpness: float):
        self.mean = vectors.mean(axis=0)
        self.vectors = self._unit(vectors - self.mean).astype(np.float32)
        self.labels = labels
        self.classes = classes
        self.neighbours = neighbours
        self.sharpness = sharpness

    @staticmethod
    def _unit(vectors: np.ndarray) -> np.ndarray:
        return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)

    def predict(self, vector: np.ndarray) -> np.ndarray:
        """Probabilities, shape (classes,)."""
        similarity = self.vectors @ self._unit(vector - self.mean)
        nearest = np.argpartition(-similarity, self.neighbours)[: self.neighbours]
        weight = np.exp(self.sharpness * (similarity[nearest] - similarity[nearest].max()))
        votes = np.bincount(self.labels[nearest], weights=weight, minlength=self.classes)
        return votes / votes.sum()


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class DutchIntentClassifier(GraphComponent, IntentClassifier):
    """See the module's docstring."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: use sentence vectors; the other values were chosen by cross-validation (docs/nlu.md)."""
        return {
            "encoder": True,
            "ngram_strength": 10.0,
            "ngram_iterations": 25,
            "vector_scale": 10.0,
            "vector_iterations": 120,
            "neighbours": 9,
            "sharpness": 12.0,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classes: list[str] = []
        self._ngrams: Any = None
        self._by_ngram: LogisticRegression | None = None
        self._by_vector: LogisticRegression | None = None
        self._nearest: NearestExamples | None = None
        self._distress_by_ngram: LogisticRegression | None = None
        self._distress_by_vector: LogisticRegression | None = None
        self._encoder = Worker()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
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
            state = joblib.load(Path(folder) / FILE)
        for name in STATE:
            setattr(component, f"_{name}", state[name])
        if component._by_vector is None:
            logger.warning("The model was trained without sentence vectors; it understands less well.")
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the three views on the examples that have an intent."""
        examples = [example for example in training_data.nlu_examples if example.get(INTENT) and example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        names = [example.get_full_intent() for example in examples]
        self._classes = sorted(set(names))
        labels = np.array([self._classes.index(name) for name in names])
        self._ngrams = ngram_vectorizer()
        features = self._ngrams.fit_transform(texts)
        self._by_ngram = LogisticRegression(
            C=self._config["ngram_strength"], max_iter=self._config["ngram_iterations"]
        ).fit(features, labels)
        distress = np.array([name in SAFETY for name in names])
        self._distress_by_ngram = _judge(self._config["ngram_strength"], features, distress)
        if self._config["encoder"]:
            self._train_on_vectors(texts, labels, distress)
        with self._model_storage.write_to(self._resource) as folder:
            state = {name: getattr(self, f"_{name}") for name in STATE}
            joblib.dump(state, Path(folder) / FILE, compress=1)
        return self._resource

    def _train_on_vectors(self, texts: list[str], labels: np.ndarray, distress: np.ndarray) -> None:
        try:
            vectors = cached_vectors(texts)
        except EncoderError as error:
            logger.warning(f"Training without sentence vectors, because {error}. The assistant understands less well.")
            return
        scaled = vectors * self._config["vector_scale"]
        self._by_vector = LogisticRegression(max_iter=self._config["vector_iterations"]).fit(scaled, labels)
        self._distress_by_vector = _judge(1.0, scaled, distress)
        self._nearest = NearestExamples(
            vectors,
            labels,
            len(self._classes),
            min(self._config["neighbours"], len(texts) - 1),
            self._config["sharpness"],
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking and the selector's output to messages that have a text."""
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip() and self._by_ngram is not None:
                probabilities, distress = self.understand(text)
                self._annotate(message, probabilities)
                message.set("distress", distress)
        return messages

    def understand(self, text: str) -> tuple[np.ndarray, float]:
        """Probability of each class, shape (classes,); and the probability that the text is a signal of distress."""
        assert self._by_ngram is not None
        features = self._ngrams.transform([text])
        views = [self._by_ngram.predict_proba(features)[0]]
        judges = [_opinion(self._distress_by_ngram, features)]
        if self._by_vector is not None and self._nearest is not None:
            try:
                vector = self._encoder.encode(text)
            except EncoderError as error:
                logger.warning(f"A message was understood without its sentence vector, because {error}.")
            else:
                scaled = vector[None] * self._config["vector_scale"]
                views += [self._by_vector.predict_proba(scaled)[0], self._nearest.predict(vector)]
                judges.append(_opinion(self._distress_by_vector, scaled))
        opinions = [opinion for opinion in judges if opinion is not None]
        distress = 1.0 / (1.0 + np.exp(-np.mean(opinions))) if opinions else 0.0
        return np.mean(views, axis=0), float(distress)

    def _annotate(self, message: Message, probabilities: np.ndarray) -> None:
        totals: dict[str, float] = {}
        parts: dict[str, list[tuple[str, float]]] = {}
        for name, probability in zip(self._classes, probabilities):
            base = name.split("/")[0]
            totals[base] = totals.get(base, 0.0) + float(probability)
            if base != name:
                parts.setdefault(base, []).append((name, float(probability)))
        ranking = [
            {"name": name, "confidence": confidence}
            for name, confidence in sorted(totals.items(), key=lambda item: -item[1])
        ]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
        message.set("intent_probabilities", totals)
        message.set(RESPONSE_SELECTOR_PROPERTY_NAME, _selector(parts), add_to_output=True)


def _judge(strength: float, features: Any, distress: np.ndarray) -> LogisticRegression | None:
    """A judge of distress, or None where the examples hold only one kind."""
    return LogisticRegression(C=strength, max_iter=200).fit(features, distress) if distress.any() else None


def _opinion(judge: LogisticRegression | None, features: Any) -> float | None:
    return None if judge is None else float(log_odds(judge.predict_proba(features)[0, 1]))


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


def cached_vectors(texts: Sequence[str]) -> np.ndarray:
    """Vectors of the training texts; those of an earlier training are read from the cache folder.

    Raises:
        EncoderError: when the encoder cannot run here.
    """
    path = settings.load().home / "cache" / "sentence_vectors.npz"
    known: dict[str, np.ndarray] = {}
    if path.exists():
        with np.load(path) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
    keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts) if key not in known}
    if missing:
        known.update(zip(missing, encode_all(list(missing.values()))))
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, keys=np.array(keys), vectors=np.stack([known[key] for key in keys]))
        partial.replace(path)
    return np.stack([known[key] for key in keys])
