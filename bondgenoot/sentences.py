"""The sentences of a message, for messages that say more than one thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Of a longer text, such as a pasted mail, the parts are not told apart; nor where each would say next to nothing.
MOST_SENTENCES, LONGEST_WORDS = 12, 150
_SHORTENED = re.compile(
    r"(?:^|\s)(?:dr|mr|mevr|dhr|ir|ing|nr|bv|bijv|o\.a|m\.b\.v|a\.u\.b|t\.o\.v|\d+)\.$", re.IGNORECASE
)
_END = re.compile(r"(?<=[a-zA-ZÀ-ÿ0-9\"”'’)\]][.!?…])\s+|(?<=[!?]{2})\s+|\n+")


def split(text: str) -> tuple[str, ...]:
    """The sentences of `text`, whose words together are those of the text; one when it is not to be divided."""
    whole = text.strip()
    parts: tuple[str, ...] = ()
    for part in filter(None, map(str.strip, _END.split(whole))):
        # 'Dr. Janssens', '2. mailen' and a sign alone belong to what stands beside them.
        beside = parts and (_SHORTENED.search(parts[-1]) or not re.search(r"\w", part))
        parts = (*parts[:-1], f"{parts[-1]} {part}") if beside else (*parts, part)
    divided = 1 < len(parts) <= MOST_SENTENCES and len(whole.split()) <= LONGEST_WORDS
    return parts if divided else (whole,)


def joined(text: str, places: list[int], openings: Sequence[int] = ()) -> str:
    """The sentences of `text` at these places, in their order; the text itself when there are none such.

    `openings` are how many characters each sentence of the text loses at its beginning; none when left out.
    """
    parts = split(text)
    cut = openings if len(openings) == len(parts) else [0] * len(parts)
    kept = [part[cut[place] :] for place, part in enumerate(parts) if place in places]
    return " ".join(kept) if kept else text
