"""Which own answer a text asks for, or none (content/own_answers.yml, bondgenoot/own_answers.py).

Two opinions on the sentence vector: a regression, and the nearest examples. On few examples a reply n-grams say too
little. What asks for none is learnt from the other training sentences: the nearest to an example, and some of the
others, so that the fit stays short. Without the sentence encoder there is no judge, and only phrases count.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from bondgenoot.own_answers import Guess
from components.nearest import NearestExamples

SCALE, STRENGTH, ITERATIONS = 10.0, 10.0, 120
# Of the sentences that ask for none: how many of the nearest and of the others, and what each weighs.
NEAREST_NONE, OTHER_NONE, WEIGHT_OF_NONE = 1500, 2500, 0.3
REGRESSION_SHARE = 0.67


class ReplyJudge:
    """Fitted on examples of each own answer and on sentences that ask for none."""

    def __init__(self, examples: np.ndarray, names: Sequence[str], none: np.ndarray) -> None:
        """Fit.

        Args:
            examples: Sentence vectors of questions with an own answer, shape (examples, dimensions).
            names: The own answer of each.
            none: Sentence vectors of what asks for none, shape (sentences, dimensions).
        """
        self.names = sorted(set(names))
        none = _telling(none, examples)
        vectors = np.concatenate([examples, none])
        labels = np.array([*map(self.names.index, names), *[len(self.names)] * len(none)])
        weights = np.where(labels == len(self.names), WEIGHT_OF_NONE, 1.0)
        self.regression = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
        self.regression.fit(vectors * SCALE, labels, sample_weight=weights)
        self.nearest = NearestExamples(vectors, labels, len(self.names) + 1)

    def guess(self, vector: np.ndarray) -> Guess:
        """The likeliest own answer of a text by its sentence vector, shape (dimensions,)."""
        opinions = [self.regression.predict_proba(vector[None] * SCALE)[0], self.nearest.predict(vector)]
        probabilities = np.average(opinions, axis=0, weights=[REGRESSION_SHARE, 1.0 - REGRESSION_SHARE])
        best = int(probabilities[:-1].argmax())
        return Guess(self.names[best], float(probabilities[best]), float(1.0 - probabilities[-1]))


def _telling(none: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """Of what asks for none, the sentences that lie nearest to an example, and an even choice of the others."""
    middle = none.mean(axis=0)

    def unit(vectors: np.ndarray) -> np.ndarray:
        centred = vectors - middle
        return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)

    closeness = (unit(none) @ unit(examples).T).max(axis=1)
    order = np.argsort(-closeness, kind="stable")
    others = np.sort(order[NEAREST_NONE:])
    step = max(1, -(-len(others) // OTHER_NONE))
    return none[np.concatenate([order[:NEAREST_NONE], others[::step]])]
