"""What a message says beside its answer: which sentences are kept, and a word about the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import say
from actions.own_answers import own_answer, say_reply
from bondgenoot import asides, sentences, side_talk
from bondgenoot.clauses import holds
from bondgenoot.questions import Choice, normalise

# Asides that want an answer of their own, which does not fit beside a question.
ASKED_APART = frozenset({
    "faq", "list_commitments", "show_progress", "export_data", "delete_data", "human_handoff", "ask_help",
    "change_ask_time", "pause_follow_ups",
})  # fmt: skip


def _parts(tracker: Tracker) -> dict[str, Any]:
    """What turn-taking found (components.turn_arbiter): the places of the sentences to keep, the intent beside them."""
    parts = (tracker.latest_message or {}).get("answer_parts")
    return parts if isinstance(parts, dict) else {}


def kept_words(tracker: Tracker, text: str) -> str:
    """An answer without what is said to or about the assistant; all of it when there is nothing such."""
    parts = _parts(tracker)
    return sentences.joined(text, parts["kept"], parts.get("openings") or ()) if parts.get("kept") else text


def nothing_but_remarks(tracker: Tracker, text: str) -> bool:
    """Whether what was typed is all about the conversation, and no answer."""
    typed = str((tracker.latest_message or {}).get("text") or "").strip()
    return _parts(tracker).get("kept") == [] and text.strip() == typed


def answer_beside(dispatcher: CollectingDispatcher, tracker: Tracker, left: int) -> bool:
    """Answer in one bubble what was asked beside an answer, if anything was; whether something was said.

    Args:
        dispatcher: Speaks.
        tracker: Its latest message is the answer.
        left: How many questions are still to come.
    """
    text = str((tracker.latest_message or {}).get("text") or "")
    beside = _parts(tracker).get("beside")
    if beside and (reply := own_answer(tracker)):
        say_reply(dispatcher, tracker, reply)
    elif asides.asks_privacy_within(text) or beside == "ask_privacy":
        say(dispatcher, "privacy_short")
    elif beside == "ask_progress":
        say(dispatcher, "questions_left" if left > 1 else "last_question", count=left)
    elif beside in ASKED_APART:
        say(dispatcher, "beside_asked_apart")
    else:
        return False
    return True


def asks_beside_a_choice(options: Sequence[Choice], text: str) -> bool:
    """Whether more is asked beside a choice than whether that was all."""
    rest = side_talk.beside_a_choice(options, text)
    return "?" in rest and not holds("asks_if_done", normalise(rest))


def answer_beside_a_choice(
    dispatcher: CollectingDispatcher, tracker: Tracker, options: Sequence[Choice], text: str
) -> None:
    """Answer in one bubble what is asked after a choice was made: 'NL. En mijn teamleider ziet dit toch niet?'."""
    if not asks_beside_a_choice(options, text):
        return
    rest = side_talk.beside_a_choice(options, text)
    if reply := own_answer(tracker):
        say_reply(dispatcher, tracker, reply)
    elif asides.asks_privacy_within(rest):
        say(dispatcher, "privacy_short")
    else:
        say(dispatcher, "beside_asked_apart")
