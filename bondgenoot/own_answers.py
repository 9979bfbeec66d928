"""Questions to the assistant that have an answer of their own: whom they may be, and when that is sure enough.

content/own_answers.yml holds how people ask them, content/texts what is answered (`reply_` and the name). The surest
way to know one is a phrase (`asides.replies` in content/turns.yml); a judge that learns from the examples
(components/reply_judge.py) knows what nobody foresaw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bondgenoot.content import CONTENT, once_a_publication

FILE = CONTENT / "own_answers.yml"
# Why turn-taking decides for one.
REASON = "has an answer of its own"
# What an own answer counts as, unless its entry says otherwise.
OUTSIDE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Guess:
    """Of a text: its likeliest own answer, the probability of that one, and of any at all."""

    name: str
    likely: float
    any: float


@dataclass(frozen=True, slots=True)
class Bound:
    """How likely an own answer, and how likely this one, must be; chosen on sentences that are no examples."""

    any: float
    likely: float


SURE = Bound(0.5, 0.35)
# Enough where nothing better would be said than that it was not understood.
BETTER_THAN_NOTHING = Bound(0.35, 0.25)


def meant(guess: Guess | None, at_least: Bound = SURE) -> str | None:
    """The name of the own answer, when the judge is sure enough."""
    sure = guess is not None and guess.any >= at_least.any and guess.likely >= at_least.likely
    return guess.name if guess and sure else None


@once_a_publication
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Each own answer with its examples, and `as` where it belongs to an intent, from content/own_answers.yml."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def examples() -> dict[str, list[str]]:
    """How people ask for each own answer."""
    return {name: [str(text) for text in entry["examples"]] for name, entry in entries().items()}


def intent_of(name: str) -> str:
    """The intent that a question with this own answer is."""
    return str(entries().get(name, {}).get("as", OUTSIDE))
