"""The self-scan: sixteen answers from 1 to 5, four for each core of credibility. Never a verdict, only a mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bondgenoot.content import Statement


def means(answers: Sequence[int | None], statements: Sequence[Statement]) -> dict[str, float]:
    """Core -> mean answer (1-5, one decimal). Skipped statements count for nothing; a core without any is absent."""
    by_core: dict[str, list[int]] = {}
    for statement, answer in zip(statements, answers):
        if answer is not None:
            by_core.setdefault(statement.core, []).append(answer)
    # Half a tenth goes up, as people round.
    return {core: int(10 * sum(values) / len(values) + 0.5) / 10 for core, values in by_core.items()}


def extremes(scores: Mapping[str, float]) -> tuple[str, str] | None:
    """The cores with the highest and the lowest mean, or None when all are within half a point."""
    # Means have one decimal; so has their difference, whatever binary fractions make of it.
    if not scores or round(max(scores.values()) - min(scores.values()), 1) < 0.5:
        return None
    return max(scores, key=lambda core: scores[core]), min(scores, key=lambda core: scores[core])
