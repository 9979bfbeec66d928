"""Letting somebody hear that they were heard, in at most one of two turns."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import speak
from bondgenoot.acknowledging import sentence_for
from bondgenoot.content import content

# The slot with the sentences that were said.
SAID = "acknowledged"


def acknowledge(dispatcher: CollectingDispatcher, tracker: Tracker, slot: str, text: str) -> dict[str, Any]:
    """Say the sentence that fits an answer, if there is one and it is time for one; the slot to set then."""
    heard = list(tracker.get_slot(SAID) or [])
    sentence = "" if _said_last_turn(tracker) else sentence_for(slot, text, heard)
    if not sentence:
        return {}
    speak(dispatcher, [sentence])
    return {SAID: [*heard, sentence]}


def _said_last_turn(tracker: Tracker) -> bool:
    """Whether the turn before this message held such a sentence."""
    sentences = {sentence for one in content().acknowledgements for sentence in one.say}
    messages = 0
    for event in reversed(tracker.events):
        messages += event["event"] == "user"
        if messages > 1:
            return False
        if event["event"] == "bot" and event.get("text") in sentences:
            return True
    return False
