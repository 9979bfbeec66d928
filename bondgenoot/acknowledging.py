"""One short sentence that gives back what somebody told, before the next question: content/acknowledgements.yml."""

from __future__ import annotations

from collections.abc import Collection

from bondgenoot.content import content
from bondgenoot.plainly import tells


def sentence_for(slot: str, text: str, said: Collection[str]) -> str:
    """The sentence for an answer; '' when it tells nothing of the kind, plainly enough, or that was said before.

    Args:
        slot: The question that was answered.
        text: The answer.
        said: Sentences that this person heard already.
    """
    if slot not in content().acknowledged_at:
        return ""
    for one in content().acknowledgements:
        if tells(text, one.phrases) and (not one.also or tells(text, one.also)):
            return next((sentence for sentence in one.say if sentence not in said), "")
    return ""
