"""What somebody plainly tells of themselves: not asked, not denied, not supposed, and not quoted from somebody else.

Phrases are written as in content/phrases.yml. When in doubt nothing was told: answering what nobody said is worse than
silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bondgenoot import asides
from bondgenoot.clauses import QUOTED, begins, clauses, holds, sentences, words_of
from bondgenoot.questions import normalise

# A denial counts within so many words before and after what it denies: 'ik word niet gepest', 'hij pest me nooit'.
WORDS_BEFORE, WORDS_AFTER = 3, 2


def tells(text: str, phrases: Iterable[str]) -> bool:
    """Whether a clause of a text plainly says one of the phrases."""
    spoken = list(told(text))
    return any(_says(clause, phrase) for phrase in phrases for clause in spoken)


def told(text: str) -> Iterator[str]:
    """The clauses of a text, normalised, in which somebody tells something: no questions, suppositions or quotes."""
    for sentence in sentences(QUOTED.sub(" ", text)):
        if sentence.endswith("?"):
            continue
        for clause in map(normalise, clauses(sentence)):
            if holds("supposes", clause) or begins("supposes_first", clause):
                break  # 'als hij dat doet, dan word ik boos': what follows is supposed too
            yield clause


def _says(clause: str, phrase: str) -> bool:
    denials = words_of("denials")
    itself = denials & set(re.split(r"[\s|]+", phrase))
    found = re.search(rf"\b{asides.expression(phrase)}\b", clause)
    if not found:
        return False
    before, after = clause[: found.start()].split()[-WORDS_BEFORE:], clause[found.end() :].split()[:WORDS_AFTER]
    return bool(itself) or not denials & {*before, *found[0].split(), *after}
