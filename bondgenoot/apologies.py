"""An apology from its parts: in bubbles that can be read, and with a check on conditional language.

'Als iemand zich gekwetst voelde' is no apology.
"""

from __future__ import annotations

from collections.abc import Sequence

from bondgenoot.apology_words import pieces
from bondgenoot.content import WORDS_IN_A_BUBBLE, ConditionalPhrase
from bondgenoot.questions import normalise

# The next question follows in the same turn, so of three bubbles two are left.
MOST_BUBBLES = 2


def conditional(text: str, phrases: Sequence[ConditionalPhrase]) -> ConditionalPhrase | None:
    """The first phrase, in the order of the list, that stands in `text` as whole words; None when there is none."""
    plain = f" {normalise(text)} "
    return next((item for item in phrases if f" {normalise(item.phrase)} " in plain), None)


def in_bubbles(parts: Sequence[str], head: str, *, closing: str = "", remark: str = "") -> list[str]:
    """The parts, one a line after `head`, whole, in one or two bubbles, and the remark; [] when they do not fit.

    A part is split between its sentences only. `closing` is a line after the parts.
    """
    bubbles = [""]
    for line in filter(None, [head, *parts, closing]):
        whole = " ".join(line.split())
        for place, piece in enumerate(_fitting(whole, bubbles[-1])):
            joined = f"{bubbles[-1]}{' ' if place else chr(10)}{piece}".strip()
            if len(joined.split()) <= WORDS_IN_A_BUBBLE:
                bubbles[-1] = joined
            else:
                bubbles.append(piece)
    if remark:
        # No empty line: channels make a bubble of its own of what follows one.
        joined = f"{bubbles[-1]}\n{remark}"
        if len(bubbles) == 1 or len(joined.split()) > WORDS_IN_A_BUBBLE:
            bubbles.append(remark)
        else:
            bubbles[-1] = joined
    fits = len(bubbles) <= MOST_BUBBLES and all(len(bubble.split()) <= WORDS_IN_A_BUBBLE for bubble in bubbles)
    return bubbles if fits else []


def as_text(parts: Sequence[str], closing: str = "") -> str:
    """The whole apology as the text of a file."""
    return "\n\n".join(filter(None, [*(part.strip() for part in parts), closing])) + "\n"


def _fitting(line: str, bubble: str) -> list[str]:
    """A line as one piece where it fits a bubble, else as its sentences."""
    fits = len(line.split()) <= WORDS_IN_A_BUBBLE
    return [line] if fits else pieces(line)
