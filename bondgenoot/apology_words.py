"""What belongs in an apology: the sentences said to the other, without what was said to the assistant beside them."""

from __future__ import annotations

import re

from bondgenoot.clauses import begins, clauses, holds
from bondgenoot.questions import normalise

# When less would be left, a part stays as it was typed.
FEWEST_LEFT = 2
# Sentences, also of people who end one with an emoji.
_END = re.compile(
    r"(?<=[a-zA-ZÀ-ÿ0-9\"”'’)\]][.!?…])\s+|(?<=[!?]{2})\s+|(?<=[\u2600-\u27bf\U0001f300-\U0001faff])\s+|\n+"
)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_EMOJI = re.compile(r"[\u2600-\u27bf\U0001f300-\U0001faff]")


def pieces(text: str) -> list[str]:
    """The sentences of an answer."""
    return [piece for part in _END.split(text.strip()) if (piece := part.strip())]


def to_the_other(text: str, *, keep_all: bool = True) -> str:
    """An answer without remarks and questions to the assistant: 'Of is dat te veel uitleg?', 'dat zei ik net'.

    When nothing much would be left it stays as it is, or is '' with `keep_all` off.
    """
    found = _IN_BRACKETS.sub(lambda mark: "" if _is_remark_in_brackets(mark[1]) else mark[0], text)
    left = " ".join(piece for piece in pieces(found) if not is_to_assistant(piece)).strip()
    if len(normalise(left).split()) >= FEWEST_LEFT:
        return left
    return text.strip() if keep_all else ""


def is_to_assistant(sentence: str) -> bool:
    """Whether a sentence is said to the assistant, and not to the other."""
    plain = normalise(sentence)
    if not plain:
        return False
    if sentence.rstrip().endswith("?"):
        asks = holds("asks_assistant", plain) and not holds("asks_the_other", plain)
        return asks or holds("says_to_assistant", plain)
    return holds("says_to_assistant", plain) or begins("asks_assistant_plainly", plain)


def reason_in(text: str) -> str:
    """The clause that turns an apology into a defence: 'omdat mijn planner ziek was'; '' when there is none."""
    for clause in clauses(text):
        found = _reason(clause)
        if found:
            return found
    return ""


def without(text: str, words: str) -> str:
    """A text without a clause of it, and without the comma that led to it."""
    left = re.sub(rf"\s*[,;]?\s*{re.escape(words)}\s*,?", " ", text, count=1)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(left.split())).strip(" ,;")


def _reason(clause: str) -> str:
    """From the word with which a reason begins, to the end of its clause."""
    words = clause.split()
    for at in range(len(words)):
        if begins("reasons", normalise(" ".join(words[at:]))):
            return " ".join(words[at:])
    return ""


def _is_remark_in_brackets(inside: str) -> bool:
    plain = normalise(inside)
    return bool(_EMOJI.search(inside)) or inside.rstrip().endswith("?") or holds("says_to_assistant", plain)
