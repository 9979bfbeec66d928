"""An apology from its parts: in bubbles that can be read, and with a check on conditional language.

'Als iemand zich gekwetst voelde' is no apology.
"""

from __future__ import annotations

from collections.abc import Sequence

from bondgenoot import texts
from bondgenoot.content import WORDS_IN_A_BUBBLE, ConditionalPhrase
from bondgenoot.questions import normalise

# Characters of one part: all parts get the first that fits.
ROOM_FOR_A_PART = range(300, 19, -5)


def conditional(text: str, phrases: Sequence[ConditionalPhrase]) -> ConditionalPhrase | None:
    """The first phrase, in the order of the list, that stands in `text` as whole words; None when there is none."""
    plain = f" {normalise(text)} "
    return next((item for item in phrases if f" {normalise(item.phrase)} " in plain), None)


def in_bubbles(
    parts: Sequence[str], head: str, *, closing: str = "", remark: str = "", shortened: str = ""
) -> list[str]:
    """The parts, one a line after `head`, in one or two bubbles, split between parts only; then the remark.

    All of it is at most two bubbles, since the next question follows in the same turn. Parts that are too long for
    that are shown shorter, and `shortened` says so. `closing` is a line after the parts that is never shortened.
    """
    made: list[str] = []
    for room in ROOM_FOR_A_PART:
        shown = [texts.quote(part, room) for part in parts]
        cut = any(len(line) < len(" ".join(part.split()).rstrip(".")) for line, part in zip(shown, parts, strict=True))
        lines = [*shown, *filter(None, [closing])]
        made = _pack([head, *lines], [*([shortened] if cut and shortened else []), *filter(None, [remark])])
        if len(made) <= 2 and all(len(bubble.split()) <= WORDS_IN_A_BUBBLE for bubble in made):
            break
    return made


def _pack(lines: Sequence[str], after: Sequence[str]) -> list[str]:
    """As few bubbles as hold the lines; what comes after them in a bubble of its own, or with the last lines."""
    bubbles = [""]
    for line in lines:
        joined = f"{bubbles[-1]}\n{line}".strip()
        if len(joined.split()) <= WORDS_IN_A_BUBBLE:
            bubbles[-1] = joined
        else:
            bubbles.append(line)
    if not after:
        return bubbles
    last = "\n".join(after)
    if len(bubbles) == 1:
        return [*bubbles, last]
    # No empty line: channels make a bubble of its own of what follows one.
    return [*bubbles[:-1], f"{bubbles[-1]}\n{last}"]
