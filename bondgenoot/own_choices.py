"""Choices that come from what a question is about, not from the question: a dilemma's options, open commitments, the
parts of a situation that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bondgenoot import own_case, texts
from bondgenoot.content import content
from bondgenoot.questions import Choice, Question, normalise

# Shorter words ('voor', 'mijn', 'haar') stand in every commitment.
SHORTEST_WORD = 5
# Characters of a commitment on its button; WhatsApp allows 20 in all.
LONGEST_LABEL = 17


def choices_of(question: Question, slot: Callable[[str], Any]) -> tuple[Choice, ...]:
    """The choices of a question in a conversation, of which `slot` gives the value of a slot by its name."""
    if question.slot == "dilemma_choice":
        dilemma = content().dilemmas.get(str(slot("dilemma_id")))
        return dilemma.choices if dilemma else ()
    if question.slot == "follow_up_which":
        return candidates(slot("follow_up_candidates") or [])
    if question.slot == "own_case_change":
        gently = slot(own_case.GENTLE) == own_case.YES
        return tuple(choice for choice in question.choices if own_case.is_asked(choice.value, gently))
    return question.choices


def candidates(found: Sequence[Mapping[str, str]]) -> tuple[Choice, ...]:
    """A choice for each commitment (its `id` and its words, `what` and `with`), known by the words that only it has."""
    words = [set(_telling(f"{item['what']} {item['with']}")) for item in found]
    return tuple(
        Choice(
            item["id"],
            texts.say("candidate_label", number=number, what=texts.quote(item["what"], LONGEST_LABEL))[0],
            tuple(sorted(own.difference(*(other for other in words if other is not own)))),
        )
        for number, (item, own) in enumerate(zip(found, words), 1)
    )


def _telling(text: str) -> list[str]:
    """The words by which somebody may name it; a day says when, not which."""
    days = texts.day_names()
    return [word for word in normalise(text).split() if len(word) >= SHORTEST_WORD and word not in days]
