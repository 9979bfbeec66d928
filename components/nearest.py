"""Votes of the nearest training examples, by sentence vector."""

from __future__ import annotations

import numpy as np

NEIGHBOURS, SHARPNESS = 9, 12.0


class NearestExamples:
    """Votes of the training examples that are nearest by cosine of the centred vectors."""

    def __init__(self, vectors: np.ndarray, labels: np.ndarray, classes: int) -> None:
        self.mean = vectors.mean(axis=0)
        self.vectors = self._unit(vectors - self.mean).astype(np.float32)
        self.labels = labels
        self.classes = classes
        self.neighbours = min(NEIGHBOURS, len(labels) - 1)

    @staticmethod
    def _unit(vectors: np.ndarray) -> np.ndarray:
        return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)

    def predict(self, vector: np.ndarray) -> np.ndarray:
        """Probabilities, shape (classes,)."""
        similarity = self.vectors @ self._unit(vector - self.mean)
        nearest = np.argpartition(-similarity, self.neighbours)[: self.neighbours]
        weight = np.exp(SHARPNESS * (similarity[nearest] - similarity[nearest].max()))
        votes = np.bincount(self.labels[nearest], weights=weight, minlength=self.classes)
        return votes / votes.sum()
