"""Questions that a trainer's story asks: a response with buttons `/intent`, or one that waits for free text.

No form is open then, so the turn-taking arbiter learns here what was asked (decision 13). Free text is waited for when
the response has `metadata: {waits_for: text}`; the dialogue then acts on the intent `story_answer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bondgenoot.intents import ANSWER, FALLBACK
from bondgenoot.questions import Choice, Question, match_choice
from bondgenoot.turns import UNSURE_BELOW

STORY = "story"
STORY_ANSWER = "story_answer"
# After this many messages of the person the story's question is no longer open.
OPEN_TURNS = 3
# Answers to questions about trust and small talk: said in between, they close nothing.
IN_BETWEEN = ("utter_faq", "utter_chitchat")


def open_response(events: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The newest response of a story, when it asks something and is still open.

    Args:
        events: A conversation, newest first, as Rasa writes events out; the message being read may be missing.
    """
    turns = 0
    for event in events:
        if event["event"] == "user":
            turns += 1
            if turns > OPEN_TURNS:
                return None
        elif event["event"] == "active_loop" and event.get("name"):
            return None
        elif event["event"] == "bot":
            name = str((event.get("metadata") or {}).get("utter_action") or "")
            if name and not name.startswith(IN_BETWEEN):
                return event if question_of(event) else None
    return None


def question_of(said: Mapping[str, Any]) -> Question | None:
    """The question in something that was said by a story, or None when it asks nothing."""
    choices = tuple(
        Choice(button["payload"][1:], str(button["title"]), intents=(button["payload"][1:],))
        for button in (said.get("data") or {}).get("buttons") or []
        if str(button.get("payload", "")).startswith("/")
    )
    # Rasa keeps the metadata of a response one level down, beside its own.
    waits = ((said.get("metadata") or {}).get("metadata") or {}).get("waits_for") == "text"
    if not choices and not waits:
        return None
    return Question(STORY, STORY, "text" if waits else "choice", True, {}, choices=choices)


def meaning(question: Question, text: str, decided: str, ranking: Sequence[tuple[str, float]]) -> str:
    """The intent that a story goes on with, where `decided` says only that the message is an answer."""
    if decided not in (ANSWER, "affirm", "deny"):
        return decided
    if named := match_choice(question.choices, text):
        return named
    if question.kind == "text":
        return STORY_ANSWER
    top, confidence = next(((name, value) for name, value in ranking if name != ANSWER), (FALLBACK, 0.0))
    return top if confidence >= UNSURE_BELOW else FALLBACK
