"""Cutting what somebody typed into sentences and clauses, and finding phrases of content/phrases.yml in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bondgenoot import asides, texts
from bondgenoot.questions import Choice, normalise

QUOTED = re.compile(r"[“„\"«]([^“”„\"«»]+)[”“\"»]|(?<![\w'])['‘]([^'‘’]+)['’](?!\w)")
_CLAUSE = re.compile(r"[;!?\n]+|,(?!\d)|[.:](?=\s|$)")
_SENTENCE = re.compile(r"(?<=[!?;\n])|(?<=\.)(?=\s|$)")
_MARKS = " .,;\"'“”„«»‘’"


def clauses(text: str) -> list[str]:
    """The clauses of a text, without their marks."""
    return [clause.strip() for clause in _CLAUSE.split(text) if normalise(clause)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their marks."""
    return [sentence for piece in _SENTENCE.split(text) if (sentence := piece.strip())]


def unquoted(text: str) -> str:
    """A text without the marks around it."""
    return text.strip(_MARKS)


def words_of(key: str) -> frozenset[str]:
    """The phrases of a list as they are compared."""
    return frozenset(map(normalise, texts.phrases(key)))


def holds(key: str, plain: str) -> bool:
    """Whether normalised text holds a phrase of a list; `*`, `..` and `|` as in content/turns.yml."""
    return any(re.search(rf"\b{asides.expression(phrase)}\b", plain) for phrase in texts.phrases(key))


def begins(key: str, plain: str) -> bool:
    """Whether normalised text begins with a phrase of a list, written as for `holds`."""
    return any(re.match(rf"{asides.expression(phrase)}\b", plain) for phrase in texts.phrases(key))


def named_last(parts: Sequence[Choice], words: Sequence[str]) -> tuple[str, int]:
    """The part with whose words `words` end, and how many of them name it; ('', 0) when they name none."""
    plain = normalise(" ".join(words))
    hits = {phrase: part.value for part in parts for phrase in part.phrases if f" {plain}".endswith(f" {phrase}")}
    longest = max(hits, key=len, default="")
    if not longest:
        return "", 0
    # 'als-dan-plan' is one word as it is typed, and three as it is compared.
    sizes = (n for n in range(1, len(words) + 1) if f" {normalise(' '.join(words[-n:]))}".endswith(f" {longest}"))
    return hits[longest], next(sizes)
