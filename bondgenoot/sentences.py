"""The sentences of a message, for messages that say more than one thing."""

from __future__ import annotations

import re

# Of a longer text, such as a pasted mail, the parts are not told apart; nor where each would say next to nothing.
MOST_SENTENCES, LONGEST_WORDS = 6, 120
_END = re.compile(r"(?<=[a-zA-ZÀ-ÿ0-9\"”'’)\]][.!?…])\s+|(?<=[!?]{2})\s+|\n+")


def split(text: str) -> tuple[str, ...]:
    """The sentences of `text`, whose words together are those of the text; one when it is not to be divided."""
    whole = text.strip()
    parts = tuple(part.strip() for part in _END.split(whole) if re.search(r"\w", part))
    divided = 1 < len(parts) <= MOST_SENTENCES and len(whole.split()) <= LONGEST_WORDS
    return parts if divided else (whole,)


def joined(text: str, places: list[int]) -> str:
    """The sentences of `text` at these places, in their order; the text itself when there are none such."""
    parts = split(text)
    kept = [part for place, part in enumerate(parts) if place in places]
    return " ".join(kept) if kept else text
