"""Sentences that are nearly the same, found without comparing each with each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from bondgenoot.questions import normalise

SHINGLE = 4


@lru_cache(maxsize=20_000)
def plain(sentence: str) -> str:
    """How sentences are compared: normalised as answers are."""
    return normalise(sentence)


def shingles(sentence: str) -> frozenset[str]:
    """The pieces of four characters of the plain sentence, with its edges."""
    text = f"^{plain(sentence)}$"
    return frozenset(text[start : start + SHINGLE] for start in range(max(len(text) - SHINGLE + 1, 1)))


def similar_pairs(sentences: Sequence[str], least: float) -> list[tuple[int, int, float]]:
    """Pairs (i, j, similarity) with i < j whose shingles have a Jaccard similarity of at least `least` (0 to 1).

    Only sentences that share one of their rarest shingles are compared: with similarity s, at least one of the
    (1 - s) n + 1 rarest of either has to be shared.
    """
    sets = [shingles(sentence) for sentence in sentences]
    frequency = Counter(piece for pieces in sets for piece in pieces)
    rank = {piece: place for place, piece in enumerate(sorted(frequency, key=lambda one: (frequency[one], one)))}
    seen_with: dict[int, list[int]] = {}
    found = []
    for number, pieces in enumerate(sets):
        rarest = sorted(map(rank.__getitem__, pieces))
        candidates = set()
        for piece in rarest[: len(rarest) - math.ceil(least * len(rarest)) + 1]:
            others = seen_with.setdefault(piece, [])
            candidates.update(others)
            others.append(number)
        for other in candidates:
            small, large = sorted((len(sets[other]), len(pieces)))
            if small < least * large:
                continue
            common = len(sets[other] & pieces)
            similarity = common / (small + large - common)
            if similarity >= least:
                found.append((other, number, similarity))
    return sorted(found)
