"""The person's own situation: which questions fit it, when it may be shorter, and its answers in whole clauses.

Somebody who was humiliated or treated unfairly by somebody with more power is not asked for their own part in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bondgenoot import asides, sentences, texts
from bondgenoot.answers import is_long, line_in
from bondgenoot.clauses import clauses
from bondgenoot.plainly import tells
from bondgenoot.questions import normalise

# The slot that says so and its value, which chooses the words of a question; nothing of what was told is in it.
GENTLE, YES = "own_case_gentle", "gentle"
# The last question, and what is asked of whom it happened to: what they need, with whom they can talk, what would help.
STEP = "own_case_step"
GENTLY = frozenset({"own_case_situation", "own_case_want", "own_case_support", STEP})
ONLY_GENTLY = frozenset({"own_case_support"})
# A wish for fewer questions is a clause of at most so many words; a longer one tells of the work.
LONGEST_WISH = 8
# Fewer words than these are no answer beside such a wish.
FEWEST_BESIDE = 2
# So many words of an answer stand in a summary.
MOST_SHOWN = 22


@dataclass(frozen=True, slots=True)
class Shorter:
    """A wish for fewer questions: what the message says before it, which answers, and after it, which is the step."""

    before: str
    after: str


def gentle_slots(open_slot: str) -> dict[str, str]:
    """The slot that makes the journey gentle; not at its end, where no question before that is asked any more."""
    return {} if open_slot in (STEP, "own_case_change") else {GENTLE: YES}


def is_asked(slot: str, gently: bool) -> bool:
    """Whether a question belongs to the journey, for whom it happened to or for everybody else."""
    return slot in GENTLY if gently else slot not in ONLY_GENTLY


def happened_to_them(text: str) -> bool:
    """Whether they tell of being humiliated, laughed at or bullied, or treated unfairly by somebody with more power."""
    if tells(text, texts.phrases("humiliated")):
        return True
    plain = normalise(text).split()
    above = "|".join(asides.expression(phrase) for phrase in texts.phrases("people_above"))
    return any(re.fullmatch(above, word) for word in plain) and tells(text, texts.phrases("treated_unfairly"))


def wants_it_shorter(text: str) -> Shorter | None:
    """The wish for fewer questions in a message, as 'genoeg vragen. Morgen bellen dus'; None when it holds none."""
    parts = sentences.split(text)
    place = next((n for n, part in enumerate(parts) if _wishes(part)), None)
    if place is None:
        return None
    before, after = " ".join(parts[:place]), " ".join(parts[place + 1 :])
    enough = [part if len(part.split()) >= FEWEST_BESIDE and not part.endswith("?") else "" for part in (before, after)]
    return Shorter(*enough)


def _wishes(sentence: str) -> bool:
    wishes = [asides.expression(phrase) for phrase in texts.phrases("wants_it_shorter")]
    before, after = (_either(key) for key in ("before_a_wish", "after_a_wish"))
    for clause in map(normalise, clauses(sentence)):
        is_one = (re.fullmatch(rf"(?:{before} )*{wish}(?: {after})*", clause) for wish in wishes)
        if len(clause.split()) <= LONGEST_WISH and any(is_one):
            return True
    return False


def _either(key: str) -> str:
    return "(?:" + "|".join(map(normalise, texts.phrases(key))) + ")"


def in_whole_clauses(text: str, most: int = MOST_SHOWN) -> str:
    """An answer in at most `most` words, that ends after a sentence or a clause, else after a word."""
    line = " ".join(text.split()).rstrip(" .")
    if len(line.split()) <= most:
        return line
    if is_long(text):
        most = max(most // 2, 1)  # nobody wants a text of its own read back
    for ends in (r"(?<=[.!?;])\s+", r"(?<=[.!?;,:])\s+|\s+(?=\()"):
        pieces = re.split(ends, line)
        kept = pieces[0]
        for piece in pieces[1:]:
            if len(f"{kept} {piece}".split()) > most:
                break
            kept = f"{kept} {piece}"
        if len(kept.split()) <= most:
            return line_in(kept).rstrip(" .,;:")
    return " ".join(line.split()[:most]).rstrip(" .,;:-–(") + " …"
