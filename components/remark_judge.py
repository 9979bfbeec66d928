"""Judges a sentence or clause at an open question: is it a remark to the assistant, or a part of the answer?

It learns from short sentences of its own (data/remarks), which the intents do not see, and a little from those of the
intents about the conversation and about work. Two regressions, on n-grams and on sentence vectors; the mean of their
log-odds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_union

from bondgenoot.intents import ABOUT_CONVERSATION, ABOUT_WORK
from bondgenoot.settings import ROOT
from components.intent_model import plain

DATA = ROOT / "data" / "remarks"
# Small talk with the assistant is a remark too.
CHATTER = "chitchat/"
# The many sentences of the intents say less about clauses than those written for it.
WEIGHT_OF_INTENTS = 0.1
NGRAM_STRENGTH, VECTOR_STRENGTH, VECTOR_SCALE, ITERATIONS = 10.0, 1.0, 10.0, 200


def examples() -> dict[str, list[str]]:
    """The sentences of data/remarks: 'remarks', and 'answers' that are none."""
    found: dict[str, list[str]] = {}
    for path in sorted(DATA.glob("*.yml")):
        for kind, lines in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found.setdefault(kind, []).extend(filter(None, map(str.strip, lines.splitlines())))
    return found


def version() -> str:
    """Changes with the code and the sentences, so that Rasa's cache ends with them."""
    digest = hashlib.sha256()
    for path in (Path(__file__), *sorted(DATA.glob("*.yml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class RemarkJudge:
    """See the module's docstring."""

    def __init__(
        self, texts: Sequence[str], names: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray] | None
    ) -> None:
        """Fit on data/remarks and on the sentences of the intents, `names` beside `texts`.

        `encode` gives the sentence vectors of texts, shape (len, 384); None works on n-grams alone.

        Raises:
            EncoderError: when `encode` cannot run here.
        """
        own = examples()
        told = [(text, True) for text in own["remarks"]] + [(text, False) for text in own["answers"]]
        beside = [
            (text, name not in ABOUT_WORK)
            for text, name in zip(texts, names)
            if name in ABOUT_CONVERSATION | ABOUT_WORK or name.startswith(CHATTER)
        ]
        said = [text for text, _ in told + beside]
        remarks = np.array([remark for _, remark in told + beside])
        weights = np.array([1.0] * len(told) + [WEIGHT_OF_INTENTS] * len(beside))
        self.ngrams = _vectorizer()
        features = self.ngrams.fit_transform(said)
        self.by_ngram = _fitted(features, remarks, NGRAM_STRENGTH, weights)
        self.by_vector: LogisticRegression | None = None
        if encode is not None:
            self.by_vector = _fitted(encode(said) * VECTOR_SCALE, remarks, VECTOR_STRENGTH, weights)

    def probability(self, text: str, vector: np.ndarray | None) -> float:
        """That a text is a remark; `vector` is its sentence vector, None to go by its n-grams alone."""
        odds = [float(self.by_ngram.decision_function(self.ngrams.transform([text]))[0])]
        if vector is not None and self.by_vector is not None:
            odds.append(float(self.by_vector.decision_function(vector[None] * VECTOR_SCALE)[0]))
        return float(1.0 / (1.0 + np.exp(-np.mean(odds))))


def _vectorizer() -> FeatureUnion:
    common: dict[str, Any] = {"preprocessor": plain, "sublinear_tf": True, "dtype": np.float32}
    return make_union(
        TfidfVectorizer(token_pattern=r"\b\w+\b", ngram_range=(1, 2), min_df=2, **common),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, **common),
    )


def _fitted(features: Any, labels: np.ndarray, strength: float, weights: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=ITERATIONS).fit(features, labels, sample_weight=weights)
