"""Saying the answers to questions that have one of their own (content/own_answers.yml)."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import given, open_question, say, services, values_for
from bondgenoot import asides, own_answers, texts
from bondgenoot.content import content
from bondgenoot.questions import normalise

# Of the people on a card it is known more exactly what they may tell; of a commitment in the making, what is noted.
CONFIDANT, NOTED = "confidant", "noted"


def own_answer(tracker: Tracker) -> str | None:
    """The own answer that the latest message asks for: what turn-taking found, or a phrase in it."""
    message = tracker.latest_message or {}
    return message.get("own_answer") or asides.reply_in(str(message.get("text") or ""))


def own_answer_as(intent: str, tracker: Tracker) -> str | None:
    """The own answer that turn-taking found, if its question is one of this intent."""
    found = (tracker.latest_message or {}).get("own_answer")
    return str(found) if found and own_answers.intent_of(found) == intent else None


def say_reply(dispatcher: CollectingDispatcher, tracker: Tracker, reply: str, buttons: Sequence[str] = ()) -> None:
    """Say an own answer."""
    if reply == CONFIDANT and (topic := confidants_meant(tracker)):
        say(dispatcher, f"confidential_{topic}")
    elif reply == NOTED and (what := _being_made(tracker)):
        day = values_for("commitment", tracker).get("day") or texts.say("not_given")[0]
        say(dispatcher, "reply_noted_draft", list(buttons), what=texts.quote(what), day=day)
    else:
        say(dispatcher, f"reply_{reply}", list(buttons), days=services().settings.retention.days)


def _being_made(tracker: Tracker) -> str:
    """The action of the commitment that is being made; '' when none is, or it has no action yet."""
    question = open_question(tracker)
    return given(tracker, "commitment_what") if question and question.journey == "commitment" else ""


def confidants_meant(tracker: Tracker) -> str:
    """The topic of the card whose people are asked about: they are named, or the card was the last thing said."""
    message = f" {normalise(str((tracker.latest_message or {}).get('text') or ''))} "
    for topic in content().referrals:
        if any(f" {normalise(name)} " in message for name in texts.phrases(f"confidants_{topic}")):
            return topic
    shown = ""
    for event in tracker.events:
        if event["event"] == "user":
            intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
            shown = intent if intent in content().referrals else shown if intent == "ask_privacy" else ""
    return shown
