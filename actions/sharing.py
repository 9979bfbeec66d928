"""Sharing sentences that were not understood: only of people who said yes, and only where the organisation has it on.

That is what the assistant could not place at all, and what it said it is not for. A shared sentence is one on its own: an answer in an exercise never is, nor anything near a signal of distress.
"""

from __future__ import annotations

import logging
from functools import lru_cache

import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.common import person_here, say, services
from bondgenoot import stripping, texts
from bondgenoot.intents import ANSWER, FALLBACK, SAFETY, SPOKEN_ON
from bondgenoot.questions import normalise
from bondgenoot.safety import Level, SafetyNet
from bondgenoot.store import shared_sentences

logger = logging.getLogger(__name__)

# With this much of a safety intent in the classifier's ranking a sentence is left alone, far below where the net speaks.
DOUBT_AT = 0.1


def obey(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Do what the message says about sharing; False when it says nothing about it."""
    plain = normalise(str((tracker.latest_message or {}).get("text") or ""))
    here = services()
    if plain in map(normalise, texts.phrases("sharing_off")):
        with person_here(tracker) as connection:
            shared_sentences.withdraw(connection, tracker.sender_id)
        say(dispatcher, "share_off")
        return True
    if plain not in map(normalise, texts.phrases("sharing_on")):
        return False
    if here.settings.workshop is None:
        say(dispatcher, "share_not_here")
        return True
    with person_here(tracker) as connection:
        shared_sentences.agree(connection, tracker.sender_id, here.clock.now())
    people, days = shared_sentences.LEAST_PEOPLE, here.settings.workshop.kept.days
    say(dispatcher, "share_on", [texts.say("share_stop_button")[0]], people=people, days=days)
    return True


def told(connection: sa.engine.Connection, person_id: str) -> list[str]:
    """For the overview of what is kept: a line for who shares, none for others."""
    if shared_sentences.agreed_at(connection, person_id) is None:
        return []
    count = len(shared_sentences.of_person(connection, services().cipher, person_id))
    return [texts.say("export_sharing", count=count)[0]]


def reminder(tracker: Tracker) -> tuple[str, ...]:
    """For who asks who reads along: that they share, if they do. Asking keeps nothing, so no row is made."""
    with services().engine.begin() as connection:
        shares = shared_sentences.agreed_at(connection, tracker.sender_id) is not None
    return texts.say("share_reminder") if shares else ()


def buttons(*, is_on: bool) -> list[str]:
    """The button that says yes; none where it is off or agreed to already."""
    return [] if is_on or services().settings.workshop is None else [texts.say("share_button")[0]]


def share(tracker: Tracker) -> None:
    """Keep the sentence that was just not understood, if the person shares and it may be kept."""
    here = services()
    message = tracker.latest_message or {}
    text = str(message.get("text") or "")
    ranking = message.get("intent_ranking") or []
    if here.settings.workshop is None or tracker.active_loop.get("name") or _is_near_distress(tracker, text):
        return
    sentence = stripping.strip(text)
    if not sentence:
        return
    guess = next((entry["name"] for entry in ranking if entry["name"] not in SAFETY | {FALLBACK, ANSWER}), "")
    try:
        with here.engine.begin() as connection:
            shared_sentences.keep(connection, here.cipher, tracker.sender_id, sentence, guess, here.clock.now())
    except sa.exc.SQLAlchemyError as error:
        # It only serves to learn; the conversation goes on without. Not its text, which holds values.
        logger.warning("A sentence was not shared: %s.", type(error).__name__)


def _is_near_distress(tracker: Tracker, text: str) -> bool:
    """Whether the safety net spoke lately in this conversation, or finds anything at all in this sentence."""
    spoke = any(
        ((event.get("parse_data") or {}).get("intent") or {}).get("name") in SPOKEN_ON
        for event in tracker.events
        if event["event"] == "user"
    )
    ranking = (tracker.latest_message or {}).get("intent_ranking") or []
    doubted = any(entry["name"] in SAFETY and entry["confidence"] >= DOUBT_AT for entry in ranking)
    return spoke or doubted or _net().assess(text).level is not Level.NONE


@lru_cache(maxsize=1)
def _net() -> SafetyNet:
    return SafetyNet.load()
